use leptos::{prelude::*, task::spawn_local};

use super::{Icon, Shape, Toasts, browser, toasts};

/// Puts a text on the clipboard and says so.
#[component]
pub fn CopyButton(
    /// What is copied, such as `issuer`.
    #[prop(into)]
    what: String,
    #[prop(into)] text: String,
) -> impl IntoView {
    let toasts = toasts();
    let label = format!("Copy {what}");
    let copy = move |_| copy_and_tell(toasts, text.clone(), what.clone());
    view! { <button type="button" class="icon-button" aria-label=label.clone() title=label on:click=copy><Icon shape=Shape::Copy /></button> }
}

/// Puts a text on the clipboard and says so, or says what to do where the browser does not let it.
pub fn copy_and_tell(toasts: Toasts, text: String, what: String) {
    spawn_local(async move {
        let copied = browser::copy(&text).await;
        if copied {
            toasts.good(format!("Copied: {what}"));
        } else {
            toasts.bad("The browser did not let it be copied; select the text instead");
        }
    });
}

/// A row of a description list whose value can be copied.
#[component]
pub fn CopyRow(#[prop(into)] label: String, #[prop(into)] value: String, #[prop(into)] help: String) -> impl IntoView {
    view! {
        <div class="copy-row">
            <dt>{label.clone()}</dt>
            <dd><code>{value.clone()}</code><CopyButton what=label text=value /><p class="help">{help}</p></dd>
        </div>
    }
}
