use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::api::delete_key;
use crate::ui::{ConfirmDialog, Toasts};

/// Deletes a key that nobody signs with.
#[component]
pub fn DeleteKeyDialog(name: String, version: u64, used_by: Vec<String>, is_default: bool) -> impl IntoView {
    let key = name.clone();
    let delete = Action::new(move |(): &()| delete_key(key.clone(), version));
    let navigate = use_navigate();
    let toasts = use_context::<Toasts>();
    Effect::new(move |_| {
        if let Some(Ok(())) = delete.value().get() {
            if let Some(toasts) = toasts {
                toasts.good("The key was deleted");
            }
            navigate("/admin/keys", NavigateOptions::default());
        }
    });
    let error = move || delete.value().get().and_then(Result::err).map(|error| error.to_string());
    let kept = if is_default {
        Some("It is the default key; make another one the default first.".to_owned())
    } else if used_by.is_empty() {
        None
    } else {
        Some(format!("These SAML providers sign with it: {}. Give them another key first.", used_by.join(", ")))
    };
    let body = match kept {
        Some(why) => view! { <p>{why}</p> }.into_any(),
        None => {
            let on_confirm = Callback::new(move |()| drop(delete.dispatch(())));
            view! {
                <ConfirmDialog id="delete" open="Delete the key …" title=format!("Delete the key {name}?") confirm="Delete" pending=delete.pending() on_confirm>
                    <p>"It cannot be taken back: its private half exists nowhere else. Nobody signs with it."</p>
                    <p class="field-error" role="alert">{error}</p>
                </ConfirmDialog>
            }
            .into_any()
        }
    };
    view! { <section class="panel danger-zone"><h2>"Delete"</h2>{body}</section> }
}
