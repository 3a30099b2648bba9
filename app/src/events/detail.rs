use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::Event;
use serde_json::Value;

use super::{
    api::read_event,
    table::change_table,
    words::{tone, word},
};
use crate::{
    changes::differences,
    ui::{Badge, CodeBlock, CopyRow, Failure, Heading, Skeleton, Time, retry},
};

/// One event with all its facts.
#[component]
pub fn EventPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let event = Resource::new(move || id.get(), read_event);
    let body = move || {
        Suspend::new(async move {
            match event.await {
                Ok(found) => facts(found),
                Err(error) => view! { <Failure error retry=retry(event) /> }.into_any(),
            }
        })
    };
    view! {
        <Heading title=Signal::derive(move || format!("Event {}", id.get())) />
        <p><a href="/admin/events">"All events"</a></p>
        <Transition fallback=Skeleton>{body}</Transition>
    }
}

fn facts(event: Event) -> AnyView {
    let rows = [("Who", event.actor), ("About", event.target), ("From", event.address)];
    let rows = rows.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    view! {
        <p class="lead"><Badge tone=tone(event.kind) text=word(event.kind) />" "{event.message}</p>
        <dl class="facts">
            <div><dt>"When"</dt><dd><Time at=event.at /></dd></div>
            {rows.into_iter().collect_view()}
            <CopyRow label="event id" value=event.id help="Names this event in exports and in the API." />
        </dl>
        {detail(event.detail)}
    }
    .into_any()
}

/// Before and after where the event is a change, the facts as they are otherwise.
fn detail(detail: Value) -> AnyView {
    if let (Some(before), Some(after)) = (detail.get("before"), detail.get("after")) {
        let changes = differences(before, after);
        return view! { <h2>"What changed"</h2>{change_table(changes, "Before", "After")} }.into_any();
    }
    if detail.as_object().is_none_or(serde_json::Map::is_empty) {
        return ().into_any();
    }
    let text = serde_json::to_string_pretty(&detail).unwrap_or_default();
    view! { <CodeBlock label="details" text /> }.into_any()
}
