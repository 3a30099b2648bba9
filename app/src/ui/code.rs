use leptos::prelude::*;

use super::{copy::CopyButton, source::Source};

/// Text to read or to paste elsewhere, as it is.
#[component]
pub fn CodeBlock(
    /// What it is, for the copy button and for screen readers.
    #[prop(into)]
    label: String,
    #[prop(into)] text: String,
    /// It is Python with these names; see [`Source`].
    #[prop(optional)]
    names: Option<&'static str>,
) -> impl IntoView {
    let shown = text.clone();
    let shown = match names {
        Some(names) => view! { <Source text=shown names /> }.into_any(),
        None => view! { <code>{shown}</code> }.into_any(),
    };
    view! {
        <figure class="code">
            <figcaption><span>{label.clone()}</span><CopyButton what=label.clone() text /></figcaption>
            <pre tabindex="0" role="region" aria-label=label>{shown}</pre>
        </figure>
    }
}
