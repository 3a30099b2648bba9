use std::future::Future;

use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{Fault, FieldError};

use super::{ErrorSummary, Refusals, focus, guard_while, toasts, waiting};
use crate::error::Answer;

/// How a save went.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The address to go on to.
    Saved(String),
    Refused(Fault),
    /// Nothing was saved yet: the page itself goes on, for example with a question.
    Open,
}

impl Outcome {
    /// What the server answered, with the address that a success leads to.
    pub fn of(answer: Answer<()>, path: String) -> Self {
        match answer {
            Ok(()) => Self::Saved(path),
            Err(error) => Self::Refused(error.0),
        }
    }
}

/// The saving of one form: what was typed stays where the server refuses it, with each refusal at its field; a success is
/// told and leads on. A handle; copies are the same.
pub struct Saving<T: 'static> {
    pub refusals: Refusals,
    send: Callback<T>,
    pending: Signal<bool>,
    dirty: Signal<bool>,
    /// Id of the summary: two forms on one page have two.
    summary: StoredValue<&'static str>,
}

impl<T> Clone for Saving<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Saving<T> {}

impl<T: Send + Sync + 'static> Saving<T> {
    /// `done` is what is told after a success; leaving the page is asked about while `dirty`.
    pub fn new<F, Fut>(done: &'static str, dirty: Signal<bool>, save: F) -> Self
    where
        F: Fn(&T) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Outcome> + Send + 'static,
    {
        let action = Action::new(save);
        Self::settling(done, dirty, action, Callback::new(move |what| drop(action.dispatch(what))))
    }

    /// As [`Saving::new`], for what the browser alone can send.
    pub fn local<F, Fut>(done: &'static str, dirty: Signal<bool>, save: F) -> Self
    where
        F: Fn(&T) -> Fut + 'static,
        Fut: Future<Output = Outcome> + 'static,
    {
        let action = Action::new_local(save);
        Self::settling(done, dirty, action, Callback::new(move |what| drop(action.dispatch_local(what))))
    }

    fn settling(done: &'static str, dirty: Signal<bool>, action: Action<T, Outcome>, send: Callback<T>) -> Self {
        let refusals = Refusals::default();
        let (guard, navigate, toasts) = (guard_while(dirty), use_navigate(), toasts());
        let summary = StoredValue::new("form-problems");
        Effect::new(move |_| match action.value().get() {
            Some(Outcome::Saved(path)) => {
                guard.lift();
                toasts.good(done);
                navigate(&path, NavigateOptions::default());
            }
            Some(Outcome::Refused(fault)) => {
                refusals.set(fault);
                focus(summary.get_value());
            }
            Some(Outcome::Open) | None => {}
        });
        Self { refusals, send, pending: action.pending().into(), dirty, summary }
    }

    /// With a summary of this id, for the second form of a page.
    pub fn summary(self, id: &'static str) -> Self {
        self.summary.set_value(id);
        self
    }

    /// Sends what was typed, or shows what of it does not parse. An empty list of faults: they are shown already.
    pub fn submit(self, typed: Result<T, Vec<FieldError>>) {
        self.refusals.clear();
        match typed {
            Ok(what) => self.send.run(what),
            Err(faults) => {
                self.refusals.set(Fault::Invalid(faults));
                focus(self.summary.get_value());
            }
        }
    }
}

/// A form with the summary of its errors above and the button that saves it below.
#[component]
pub fn SaveForm<T: Send + Sync + 'static>(
    saving: Saving<T>,
    /// What was typed, or all of it that does not parse.
    typed: Callback<(), Result<T, Vec<FieldError>>>,
    /// The label of the button.
    #[prop(into)]
    label: String,
    /// Where the form posts to without JavaScript.
    #[prop(optional)]
    post: Option<&'static str>,
    /// Whether files go with it there: such a form is posted in parts.
    #[prop(optional)]
    files: bool,
    /// What the summary shows, where it is more than what the server refused.
    #[prop(optional)]
    problems: Option<Signal<Vec<super::Problem>>>,
    children: Children,
) -> impl IntoView {
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        // The button is not disabled meanwhile, for that would let go of the focus.
        if !saving.pending.get_untracked() {
            saving.submit(typed.run(()));
        }
    };
    let problems = problems.unwrap_or_else(|| saving.refusals.problems());
    view! {
        <form class="form" method=post.map(|_| "post") action=post enctype=files.then_some("multipart/form-data") on:submit=on_submit novalidate>
            <div id=saving.summary.get_value() class="problems" tabindex="-1"><ErrorSummary problems /></div>
            {children()}
            <div class="save-bar">
                <button type="submit" class="primary" aria-disabled=waiting(saving.pending)>{label}</button>
                <span role="status">{move || saving.dirty.get().then_some("There are unsaved changes.")}</span>
            </div>
        </form>
    }
}
