use leptos::prelude::*;

use super::copy::CopyButton;

/// Text to read or to paste elsewhere, as it is.
#[component]
pub fn CodeBlock(
    /// What it is, for the copy button and for screen readers.
    #[prop(into)]
    label: String,
    #[prop(into)] text: String,
) -> impl IntoView {
    let shown = text.clone();
    view! {
        <figure class="code">
            <figcaption><span>{label.clone()}</span><CopyButton what=label.clone() text /></figcaption>
            <pre tabindex="0" role="region" aria-label=label><code>{shown}</code></pre>
        </figure>
    }
}
