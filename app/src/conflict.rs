use leptos::prelude::*;
use serde::Serialize;

use crate::{changes::differences, events::change_table};

/// Somebody saved meanwhile: both sides, and the choice between them.
#[component]
pub fn Conflict<T: Serialize + Send + 'static>(
    /// What it is, such as `application`.
    what: &'static str,
    theirs: T,
    /// None: the draft does not parse any more.
    mine: Option<T>,
    keep: Callback<()>,
    take: Callback<()>,
) -> impl IntoView {
    let document = |value: &T| serde_json::to_value(value).unwrap_or_default();
    let changes = mine.map(|mine| differences(&document(&theirs), &document(&mine))).unwrap_or_default();
    view! {
        <section class="notice bad" role="alert" aria-labelledby="conflict">
            <h2 id="conflict">{format!("Somebody saved this {what} meanwhile")}</h2>
            <p>"Nothing of yours was saved yet. This is what differs:"</p>
            {change_table(changes, "Saved by somebody else", "Yours")}
            <div class="actions">
                <button type="button" class="primary" on:click=move |_| keep.run(())>"Save mine over it"</button>
                <button type="button" on:click=move |_| take.run(())>"Drop mine and take theirs"</button>
            </div>
        </section>
    }
}
