use std::future::Future;

use leptos::prelude::*;
use model::Fault;
use serde::Serialize;

use crate::{changes::differences, error::Answer, events::change_table, ui::Outcome};

/// What somebody else saved while a form was open, with its version. A handle; copies are the same.
pub struct Theirs<T: 'static>(RwSignal<Option<(u64, T)>>);

impl<T> Clone for Theirs<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Theirs<T> {}

impl<T: Clone + Send + Sync + 'static> Theirs<T> {
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    pub fn forget(self) {
        self.0.set(None);
    }

    /// What a save came to. Where somebody was faster, what they saved is read and shown beside what was typed.
    pub async fn outcome(
        self,
        answer: Answer<()>,
        path: String,
        read: impl Future<Output = Answer<(u64, T)>>,
    ) -> Outcome {
        if !matches!(&answer, Err(error) if matches!(error.0, Fault::Conflict(_))) {
            return Outcome::of(answer, path);
        }
        match read.await {
            Ok(found) => {
                self.0.set(Some(found));
                Outcome::Open
            }
            Err(error) => Outcome::Refused(error.0),
        }
    }
}

/// Both sides on a page that the server alone draws: the form below holds what was typed and saves it over theirs;
/// `fresh` is the address of the form with theirs. `mine` is None where it does not parse any more.
#[cfg(feature = "ssr")]
pub fn sides<T: Serialize>(what: &str, theirs: &T, mine: Option<&T>, fresh: &str) -> AnyView {
    let document = |value: &T| serde_json::to_value(value).unwrap_or_default();
    let changes = mine.map(|mine| differences(&document(theirs), &document(mine))).unwrap_or_default();
    let (title, fresh) = (format!("Somebody saved this {what} meanwhile"), fresh.to_owned());
    view! {
        <section class="notice bad" role="alert" aria-labelledby="conflict">
            <h2 id="conflict">{title}</h2>
            <p>"Nothing of yours was saved yet. This is what differs:"</p>
            {change_table(changes, "Saved by somebody else", "Yours")}
            <p>"Save below to put yours over it, or "<a href=fresh rel="external">"drop yours and take theirs"</a>"."</p>
        </section>
    }
    .into_any()
}

/// Shown while somebody else's version is in the way: both sides, and the choice between them.
#[component]
pub fn Conflict<T: Serialize + Clone + Send + Sync + 'static>(
    /// What it is, such as `application`.
    what: &'static str,
    theirs: Theirs<T>,
    /// What was typed. None: it does not parse any more.
    mine: Callback<(), Option<T>>,
    /// Saves what was typed over this version.
    keep: Callback<u64>,
    /// Starts again from theirs.
    take: Callback<(u64, T)>,
) -> impl IntoView {
    move || {
        theirs.0.get().map(|(version, value)| {
            let document = |value: &T| serde_json::to_value(value).unwrap_or_default();
            let changes = mine.run(()).map(|mine| differences(&document(&value), &document(&mine))).unwrap_or_default();
            let on_take = move |_| {
                take.run((version, value.clone()));
                theirs.forget();
            };
            view! {
                <section class="notice bad" role="alert" aria-labelledby="conflict">
                    <h2 id="conflict">{format!("Somebody saved this {what} meanwhile")}</h2>
                    <p>"Nothing of yours was saved yet. This is what differs:"</p>
                    {change_table(changes, "Saved by somebody else", "Yours")}
                    <div class="actions">
                        <button type="button" class="primary" on:click=move |_| keep.run(version)>"Save mine over it"</button>
                        <button type="button" on:click=on_take>"Drop mine and take theirs"</button>
                    </div>
                </section>
            }
        })
    }
}
