use leptos::prelude::*;

use super::{ConfirmDialog, Deed};

/// The end of a thing: a question first, or why it has to stay.
#[component]
pub fn DeletePanel(
    /// What it is, such as `key`.
    what: &'static str,
    #[prop(into)] name: String,
    /// Why it cannot be deleted now. None: it can.
    #[prop(into)]
    kept: Option<String>,
    deed: Deed,
    /// What the question says of the consequences.
    children: Children,
) -> impl IntoView {
    let refusal = deed.refusal();
    let body = match kept {
        Some(why) => view! { <p>{why}</p> }.into_any(),
        None => view! {
            <ConfirmDialog id="delete" open=format!("Delete the {what} …") title=format!("Delete the {what} {name}?") confirm="Delete"
                pending=deed.pending() on_confirm=Callback::new(move |()| deed.run())>
                {children()}
                <p class="field-error" role="alert">{move || refusal.get()}</p>
            </ConfirmDialog>
        }
        .into_any(),
    };
    view! { <section class="panel danger-zone"><h2>"Delete"</h2>{body}</section> }
}
