use leptos::prelude::*;
use model::Event;

use super::words::{tone, word};
use crate::{
    changes::Change,
    ui::{Badge, Scroll, Time},
};

/// Events, newest first, each with a link to all of it.
pub fn event_table(events: Vec<Event>) -> AnyView {
    let rows = events.into_iter().map(|event| {
        let href = format!("/admin/events/{}", event.id);
        view! {
            <tr>
                <td><Time at=event.at /></td><td><Badge tone=tone(event.kind) text=word(event.kind) /></td>
                <td><a href=href>{event.message}</a></td><td>{event.actor}</td><td>{event.target}</td><td>{event.address}</td>
            </tr>
        }
    });
    view! {
        <Scroll label="Events">
            <table>
                <thead><tr>
                    <th scope="col">"When"</th><th scope="col">"Kind"</th><th scope="col">"What happened"</th>
                    <th scope="col">"Who"</th><th scope="col">"About"</th><th scope="col">"From"</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </Scroll>
    }
    .into_any()
}

/// Two states of a document, side by side.
pub fn change_table(changes: Vec<Change>, before: &'static str, after: &'static str) -> AnyView {
    let rows = changes.into_iter().map(|change| {
        view! { <tr><th scope="row">{change.field}</th><td><pre>{change.before}</pre></td><td><pre>{change.after}</pre></td></tr> }
    });
    view! {
        <Scroll label="Differences">
            <table class="changes">
                <thead><tr><th scope="col">"Field"</th><th scope="col">{before}</th><th scope="col">{after}</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </Scroll>
    }
    .into_any()
}
