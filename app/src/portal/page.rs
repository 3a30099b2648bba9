use leptos::prelude::*;

use super::{api::list_tiles, sessions::Sessions, tiles::Tiles};
use crate::{
    frame::TopBar,
    ui::{Failure, Heading, Skeleton, retry},
};

/// The applications that a person may open, and where they are signed in.
#[component]
pub fn PortalPage() -> impl IntoView {
    let tiles = Resource::new(|| (), |()| list_tiles());
    let list = move || {
        Suspend::new(async move {
            match tiles.await {
                Ok(tiles) => view! { <Tiles tiles /> }.into_any(),
                Err(error) => view! { <Failure error retry=retry(tiles) /> }.into_any(),
            }
        })
    };
    view! {
        <TopBar />
        <main id="main" tabindex="-1">
            <Heading title="Your applications" />
            <Suspense fallback=Skeleton>{list}</Suspense>
            <Sessions />
        </main>
    }
}
