use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{api::delete_provider, words::PATH};
use crate::ui::{ConfirmDialog, Toasts};

/// Deletes a SAML provider that no application uses.
#[component]
pub fn DeleteProviderDialog(name: String, version: u64, used_by: Vec<String>) -> impl IntoView {
    let provider = name.clone();
    let delete = Action::new(move |(): &()| delete_provider(provider.clone(), version));
    let navigate = use_navigate();
    let toasts = use_context::<Toasts>();
    Effect::new(move |_| {
        if let Some(Ok(())) = delete.value().get() {
            if let Some(toasts) = toasts {
                toasts.good("The SAML provider was deleted");
            }
            navigate(PATH, NavigateOptions::default());
        }
    });
    let error = move || delete.value().get().and_then(Result::err).map(|error| error.to_string());
    let body = if used_by.is_empty() {
        let on_confirm = Callback::new(move |()| drop(delete.dispatch(())));
        view! {
            <ConfirmDialog id="delete" open="Delete the SAML provider …" title=format!("Delete the SAML provider {name}?") confirm="Delete" pending=delete.pending() on_confirm>
                <p>"It cannot be taken back. No application uses it."</p>
                <p class="field-error" role="alert">{error}</p>
            </ConfirmDialog>
        }
        .into_any()
    } else {
        view! { <p>{format!("These applications use it: {}. Give them another one first.", used_by.join(", "))}</p> }
            .into_any()
    };
    view! { <section class="panel danger-zone"><h2>"Delete"</h2>{body}</section> }
}
