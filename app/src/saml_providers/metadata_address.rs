use leptos::prelude::*;
use model::MetadataAddress;

use super::api::make_metadata_address;
use crate::{
    error::Answer,
    session::visitor,
    ui::{CopyRow, OnceButton, Time},
};

/// An address of our metadata that only the service gets, so that a fetch from it says which keys the service has seen.
pub fn metadata_address(name: String, known: Option<MetadataAddress>) -> AnyView {
    let making = Action::new(move |(): &()| make_metadata_address(name.clone()));
    let label = if known.is_some() { "Make another address" } else { "Make an address for the service alone" };
    let known = match known {
        Some(MetadataAddress { at, by }) => {
            view! { <p>"An address for the service alone was made by "{by}", "<Time at />". Another one takes its place, and what it told is forgotten."</p> }.into_any()
        }
        None => ().into_any(),
    };
    let made = move || {
        making.value().get().map(|answer: Answer<Vec<String>>| match answer {
            Ok(urls) => {
                let rows = urls.into_iter().map(|value| {
                    view! { <CopyRow label="metadata for the service" value help="It is shown once. Give it to the service as the address of this identity provider's metadata, and to nobody else." /> }
                });
                view! { <dl class="facts">{rows.collect_view()}</dl> }.into_any()
            }
            Err(error) => view! { <p class="field-error">{error.to_string()}</p> }.into_any(),
        })
    };
    let button = visitor().administers().then(|| {
        view! { <p class="actions"><OnceButton label pending=making.pending() on_press=move |()| drop(making.dispatch(())) /></p> }
    });
    view! {
        <details>
            <summary>"Where the service fetches the metadata by itself"</summary>
            <p class="help">"Anybody may fetch the metadata, so that alone says nothing of the service. A fetch from an address that only the service was given does: it is written down with each key that was in it."</p>
            {known}
            {button}
            <div role="status">{made}</div>
        </details>
    }
    .into_any()
}
