use std::future::Future;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{OnceButton, toasts};
use crate::error::Answer;

/// Something that one button does: a success is told and followed, a refusal stays beside the button. A handle; copies are
/// the same.
#[derive(Clone, Copy)]
pub struct Deed(Action<(), Answer<()>>);

impl Deed {
    /// `done` is what is told after a success, and `then` what happens next.
    pub fn new<F, Fut>(done: impl Into<String>, act: F, then: Callback<()>) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Answer<()>> + Send + 'static,
    {
        let (action, done, toasts) = (Action::new(move |(): &()| act()), done.into(), toasts());
        Effect::new(move |_| {
            if let Some(Ok(())) = action.value().get() {
                toasts.good(done.clone());
                then.run(());
            }
        });
        Self(action)
    }

    /// Once at a time.
    pub fn run(self) {
        if !self.pending().get_untracked() {
            self.0.dispatch(());
        }
    }

    pub fn pending(self) -> Signal<bool> {
        self.0.pending().into()
    }

    pub fn refusal(self) -> Signal<Option<String>> {
        Signal::derive(move || self.0.value().get().and_then(Result::err).map(|error| error.to_string()))
    }
}

/// Goes to an address, as what follows a deed.
pub fn lead_to(path: impl Into<String>) -> Callback<()> {
    let (navigate, path) = (use_navigate(), path.into());
    Callback::new(move |()| navigate(&path, NavigateOptions::default()))
}

/// The button of a deed, with its refusal below. It keeps the focus while the deed is under way.
#[component]
pub fn DeedButton(deed: Deed, #[prop(into)] label: String, #[prop(optional)] primary: bool) -> impl IntoView {
    let (pending, refusal) = (deed.pending(), deed.refusal());
    view! {
        <OnceButton label primary pending on_press=move |()| deed.run() />
        <p class="field-error" role="alert">{move || refusal.get()}</p>
    }
}
