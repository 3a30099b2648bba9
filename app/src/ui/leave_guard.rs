use leptos::prelude::*;

/// Whether a form holds changes that leaving would lose.
#[derive(Clone, Copy)]
struct Unsaved(RwSignal<bool>);

/// Asks before a link or the browser leaves a page with unsaved changes. Call it once, at the root.
pub fn provide_leave_guard() {
    let unsaved = Unsaved(RwSignal::new(false));
    provide_context(unsaved);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| listen(unsaved));
}

/// Holds the guard of one form. A handle; copies are the same.
#[derive(Clone, Copy)]
pub struct Guard(Option<Unsaved>);

impl Guard {
    fn set(self, on: bool) {
        if let Some(Unsaved(flag)) = self.0 {
            flag.set(on);
        }
    }

    /// What was typed is safe: leaving needs no question.
    pub fn lift(self) {
        self.set(false);
    }
}

/// Asks before leaving while a form is `dirty`, and no longer than the form is there.
pub fn guard_while(dirty: Signal<bool>) -> Guard {
    let guard = Guard(use_context());
    Effect::new(move |_| guard.set(dirty.get()));
    on_cleanup(move || guard.lift());
    guard
}

/// Asks, where something would be lost, for those who leave by something else than a link. True: leave.
pub fn leaving() -> Callback<(), bool> {
    let unsaved = use_context::<Unsaved>();
    Callback::new(move |()| unsaved.is_none_or(may_leave))
}

fn may_leave(Unsaved(flag): Unsaved) -> bool {
    if !flag.get_untracked() {
        return true;
    }
    let leave = window().confirm_with_message("Leave without saving your changes?").unwrap_or(true);
    if leave {
        flag.set(false);
    }
    leave
}

/// The listeners live as long as the document. Clicks are caught on their way down, before the router sees them.
#[cfg(feature = "hydrate")]
fn listen(unsaved: Unsaved) {
    use wasm_bindgen::{JsCast, prelude::Closure};
    let click = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        let element = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        let link = element.and_then(|e| e.closest("a[href]:not([href^='#'])").ok().flatten());
        if link.is_some() && !may_leave(unsaved) {
            event.prevent_default();
            event.stop_propagation();
        }
    });
    let unload = Closure::<dyn Fn(web_sys::BeforeUnloadEvent)>::new(move |event: web_sys::BeforeUnloadEvent| {
        if unsaved.0.get_untracked() {
            event.prevent_default();
        }
    });
    let window = window();
    // Adding a listener to the window does not fail.
    drop(window.add_event_listener_with_callback_and_bool("click", click.as_ref().unchecked_ref(), true));
    drop(window.add_event_listener_with_callback("beforeunload", unload.as_ref().unchecked_ref()));
    click.forget();
    unload.forget();
}
