use leptos::prelude::*;
use model::{EventKind, ListQuery, Page};

use super::{api::list_events, live::NewEvents, table::event_table, words::word};
use crate::{
    list::list_query,
    ui::{Empty, Failure, Heading, Paging, SearchBar, Skeleton, retry},
};

const PATH: &str = "/admin/events";

/// The audit trail.
#[component]
pub fn EventListPage() -> impl IntoView {
    let query = list_query();
    let events = Resource::new(move || query.get(), list_events);
    let newest = RwSignal::new(String::new());
    let show = Callback::new(move |()| events.refetch());
    let list = move || {
        Suspend::new(async move {
            match events.await {
                Ok(page) => {
                    newest.set(page.rows.first().map(|event| event.id.clone()).unwrap_or_default());
                    rows(query.get_untracked(), page)
                }
                Err(error) => view! { <Failure error retry=retry(events) /> }.into_any(),
            }
        })
    };
    let kinds = EventKind::ALL.into_iter().map(|kind| (kind.code().to_owned(), word(kind).to_owned()));
    let filters = std::iter::once((String::new(), "every kind".to_owned())).chain(kinds).collect();
    view! {
        <Heading title="Events" />
        <SearchBar path=Signal::stored(PATH.to_owned()) query label="Search who, what and message" filters filter_label="Kind" />
        <NewEvents newest show />
        <Transition fallback=Skeleton>{list}</Transition>
    }
}

fn rows(query: ListQuery, page: Page<model::Event>) -> AnyView {
    if page.rows.is_empty() {
        let asked = !query.q.is_empty() || !query.filter.is_empty();
        let text =
            if asked { "Nothing matches. Clear the search to see everything." } else { "Nothing has happened yet." };
        return view! { <Empty text /> }.into_any();
    }
    view! {
        {event_table(page.rows)}
        <Paging path=PATH query total=page.total page_size=page.page_size noun="event" />
    }
    .into_any()
}
