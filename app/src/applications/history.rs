use leptos::prelude::*;

use super::frame::slug;
use crate::events::History;

/// What happened to this application and with it.
#[component]
pub fn HistoryTab() -> impl IntoView {
    let slug = slug();
    view! { <History target=Signal::derive(move || format!("application {}", slug.get())) /> }
}
