//! What only a browser can do; on the server all of it does nothing.

/// Puts text on the clipboard. False where the browser keeps it back, as it does without a secure context.
#[cfg(feature = "hydrate")]
pub async fn copy(text: &str) -> bool {
    let window = leptos::prelude::window();
    if !window.is_secure_context() {
        return false;
    }
    let written = window.navigator().clipboard().write_text(text);
    wasm_bindgen_futures::JsFuture::from(written).await.is_ok()
}

/// Seconds from now until a moment in RFC 3339; negative: it is past.
#[cfg(feature = "hydrate")]
#[expect(clippy::cast_possible_truncation, reason = "a date of a browser is far from the end of 64 bits")]
pub fn seconds_until(moment: &str) -> Option<i64> {
    let milliseconds = js_sys::Date::parse(moment) - js_sys::Date::now();
    milliseconds.is_finite().then_some((milliseconds / 1000.0) as i64)
}

/// Moves the focus to the element with this id.
#[cfg(feature = "hydrate")]
pub fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let element = leptos::prelude::document().get_element_by_id(id);
    if let Some(element) = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        // An element that cannot be focused is no reason to stop.
        drop(element.focus());
    }
}

/// The same, for an element that what has just happened brings about.
#[cfg(feature = "hydrate")]
pub fn focus_soon(id: String) {
    leptos::prelude::request_animation_frame(move || focus(&id));
}

#[cfg(not(feature = "hydrate"))]
pub async fn copy(_text: &str) -> bool {
    false
}

#[cfg(not(feature = "hydrate"))]
pub fn seconds_until(_moment: &str) -> Option<i64> {
    None
}

#[cfg(not(feature = "hydrate"))]
pub fn focus(_id: &str) {}

#[cfg(not(feature = "hydrate"))]
pub fn focus_soon(_id: String) {}
