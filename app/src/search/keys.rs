use leptos::ev;

/// What a key that was pressed asks for, wherever the focus is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Palette,
    /// The search of the list that is shown.
    Search,
    Shortcuts,
}

/// Ctrl or Cmd with K always; `/` and `?` alone unless they are switched off, and never while somebody types.
pub fn wish(event: &ev::KeyboardEvent, single: bool) -> Option<Wish> {
    let command = event.ctrl_key() || event.meta_key();
    match event.key().as_str() {
        "k" | "K" if command => Some(Wish::Palette),
        "/" if single && !command && !typing(event) => Some(Wish::Search),
        "?" if single && !command && !typing(event) => Some(Wish::Shortcuts),
        _ => None,
    }
}

/// In a field or a dialog a letter is a letter.
#[cfg(feature = "hydrate")]
fn typing(event: &ev::KeyboardEvent) -> bool {
    use wasm_bindgen::JsCast;
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|e| e.closest("input, textarea, select, dialog").ok().flatten().is_some())
}

#[cfg(not(feature = "hydrate"))]
fn typing(_event: &ev::KeyboardEvent) -> bool {
    true
}
