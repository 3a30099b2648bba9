use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{api::preview_sign_on, frame::slug, preview_result::result};
use crate::{
    ui::{Failure, Skeleton, retry},
    users::{Chosen, UserPicker},
};

/// What a chosen person would get. The search and the choice are in the address, so a preview can be shown to others.
#[component]
pub fn PreviewTab() -> impl IntoView {
    let (slug, params) = (slug(), use_query_map());
    let chosen = Memo::new(move |_| params.with(|p| p.get("user").unwrap_or_default()));
    let preview = Resource::new(
        move || (slug.get(), chosen.get()),
        |(slug, username)| async move {
            if username.is_empty() { Ok(None) } else { preview_sign_on(slug, username).await.map(Some) }
        },
    );
    let shown = move || {
        Suspend::new(async move {
            match preview.await {
                Ok(preview) => preview.map(result).into_any(),
                Err(error) => view! { <Failure error retry=retry(preview) /> }.into_any(),
            }
        })
    };
    view! {
        <p class="help">"Choose a user to see the very response they would get. Nothing is sent, and no session is made."</p>
        <UserPicker chosen />
        <Chosen><Transition fallback=Skeleton>{shown}</Transition></Chosen>
    }
}
