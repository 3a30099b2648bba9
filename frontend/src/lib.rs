//! The browser half: takes over the documents that the server rendered.
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script that the document's head holds.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
