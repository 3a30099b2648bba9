use leptos::{ev, prelude::*};

use crate::ui::{FirstPage, Guard, Toasts, guard_while, toasts};

/// What the browser adds to a page that the server drew: it asks before unsaved changes are lost, and copies.
#[derive(Clone, Copy)]
pub struct Handlers {
    pub dirty: RwSignal<bool>,
    guard: Guard,
    toasts: Toasts,
}

impl Handlers {
    pub fn new() -> Self {
        let dirty = RwSignal::new(false);
        Self { dirty, guard: guard_while(dirty.into()), toasts: toasts() }
    }

    /// Another page is shown. After the first of a document its heading takes the focus.
    pub fn arrived(self, first: Option<FirstPage>) {
        self.dirty.set(false);
        paint();
        if let Some(FirstPage(first)) = first {
            if !first.get_value() {
                focus_heading();
            }
            first.set_value(false);
        }
    }

    /// Only forms that save something are worth a question.
    pub fn typed(self, event: &ev::Event) {
        if !self.dirty.get_untracked() && within(event, "form.form").is_some() {
            self.dirty.set(true);
        }
    }

    pub fn sent(self) {
        self.guard.lift();
    }

    pub fn clicked(self, event: &ev::MouseEvent) {
        if let Some(button) = within(event, "[data-copy]") {
            copy(self.toasts, &button);
        }
    }
}

/// When the page is there.
#[cfg(feature = "hydrate")]
fn paint() {
    request_animation_frame(crate::ui::repaint_editors);
}

#[cfg(feature = "hydrate")]
fn focus_heading() {
    request_animation_frame(|| crate::ui::focus("title"));
}

#[cfg(feature = "hydrate")]
fn within(event: &web_sys::Event, selector: &str) -> Option<web_sys::Element> {
    use wasm_bindgen::JsCast;
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    target.closest(selector).ok().flatten()
}

#[cfg(feature = "hydrate")]
fn copy(toasts: Toasts, button: &web_sys::Element) {
    let read = |name| button.get_attribute(name).unwrap_or_default();
    crate::ui::copy_and_tell(toasts, read("data-copy"), read("data-what"));
}

#[cfg(not(feature = "hydrate"))]
fn paint() {}

#[cfg(not(feature = "hydrate"))]
fn focus_heading() {}

#[cfg(not(feature = "hydrate"))]
fn within<E>(_event: &E, _selector: &str) -> Option<()> {
    None
}

#[cfg(not(feature = "hydrate"))]
#[expect(clippy::trivially_copy_pass_by_ref, reason = "a browser has a button there")]
fn copy(_toasts: Toasts, _button: &()) {}
