//! What a person chooses from their own disk.

use leptos::prelude::*;

/// Puts the text of a chosen file into a field.
#[cfg(feature = "hydrate")]
pub fn read_file(event: &leptos::ev::Event, into: RwSignal<String>) {
    let input: web_sys::HtmlInputElement = event_target(event);
    let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
    leptos::task::spawn_local(async move {
        let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
        if let Some(text) = text.ok().and_then(|text| text.as_string()) {
            into.set(text);
        }
    });
}

#[cfg(not(feature = "hydrate"))]
pub fn read_file(_event: &leptos::ev::Event, _into: RwSignal<String>) {}
