use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::{Event, ListQuery, Page};

use super::frame::slug;
use crate::{
    events::{api::list_events, event_table},
    list::list_query,
    ui::{Empty, Failure, Paging, Skeleton, retry},
};

/// What happened to this application and with it.
#[component]
pub fn HistoryTab() -> impl IntoView {
    let (slug, query, path) = (slug(), list_query(), use_location().pathname);
    let asked = move || ListQuery { q: format!("application {}", slug.get()), ..query.get() };
    let events = Resource::new(asked, list_events);
    let body = move || {
        Suspend::new(async move {
            match events.await {
                Ok(page) => rows(path.get_untracked(), query.get_untracked(), &slug.get_untracked(), page),
                Err(error) => view! { <Failure error retry=retry(events) /> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=Skeleton>{body}</Transition> }
}

/// The search finds longer slugs and messages too; only what is about this very application is shown.
fn rows(path: String, query: ListQuery, slug: &str, page: Page<Event>) -> AnyView {
    let target = format!("application {slug}");
    let events: Vec<Event> = page.rows.into_iter().filter(|event| event.target == target).collect();
    let paging = (page.total > u64::from(page.page_size))
        .then(|| view! { <Paging path query=ListQuery { q: String::new(), ..query } total=page.total page_size=page.page_size noun="events found" /> });
    if events.is_empty() && paging.is_none() {
        return view! { <Empty text="Nothing has happened with this application yet." /> }.into_any();
    }
    view! { {event_table(events)}{paging} }.into_any()
}
