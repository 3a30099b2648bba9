use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::{Event, ListQuery, Page};

use super::{api::list_events, table::event_table};
use crate::{
    list::list_query,
    ui::{Empty, Failure, Paging, Skeleton, retry},
};

/// What happened to one thing and with it, page by page.
#[component]
pub fn History(
    /// As events name it, such as `application aws`.
    #[prop(into)]
    target: Signal<String>,
) -> impl IntoView {
    let (query, path) = (list_query(), use_location().pathname);
    let asked = move || ListQuery { page: query.get().page, target: target.get(), ..ListQuery::default() };
    let events = Resource::new(asked, list_events);
    let body = move || {
        Suspend::new(async move {
            match events.await {
                Ok(page) => rows(path.get_untracked(), query.get_untracked(), page),
                Err(error) => view! { <Failure error retry=retry(events) /> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=Skeleton>{body}</Transition> }
}

/// The same for a page that the server alone draws; `path` is its address.
#[cfg(feature = "ssr")]
pub async fn history_of(asked: &crate::drawn::Asked, path: &str, target: String) -> Result<AnyView, domain::Error> {
    let query = ListQuery { page: asked.list().page, target, ..ListQuery::default() };
    let page = asked.caller.auditor()?.events(&query).await?;
    if page.total == 0 {
        return Ok(view! { <Empty text="Nothing has happened here yet." /> }.into_any());
    }
    let paging = crate::ui::plain::paging(
        path,
        &ListQuery { target: String::new(), ..query },
        page.total,
        page.page_size,
        "events",
    );
    Ok(view! { {event_table(page.rows)}{paging} }.into_any())
}

fn rows(path: String, query: ListQuery, page: Page<Event>) -> AnyView {
    if page.rows.is_empty() && page.total == 0 {
        return view! { <Empty text="Nothing has happened here yet." /> }.into_any();
    }
    let query = ListQuery { page: query.page, ..ListQuery::default() };
    view! {
        {event_table(page.rows)}
        <Paging path query total=page.total page_size=page.page_size noun="event" />
    }
    .into_any()
}
