use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::api::delete_application;
use crate::ui::{ConfirmDialog, Toasts};

/// Deletes an application after telling what stops working.
#[component]
pub fn DeleteApplicationDialog(slug: String, version: u64, used_by: Vec<String>) -> impl IntoView {
    let name = slug.clone();
    let delete = Action::new(move |(): &()| delete_application(name.clone(), version));
    let navigate = use_navigate();
    let toasts = use_context::<Toasts>();
    Effect::new(move |_| {
        if let Some(Ok(())) = delete.value().get() {
            if let Some(toasts) = toasts {
                toasts.good("The application was deleted");
            }
            navigate("/admin/applications", NavigateOptions::default());
        }
    });
    let error = move || delete.value().get().and_then(Result::err).map(|error| error.to_string());
    let lines = used_by.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let on_confirm = Callback::new(move |()| drop(delete.dispatch(())));
    view! {
        <section class="panel danger-zone">
            <h2>"Delete"</h2>
            <ConfirmDialog id="delete" open="Delete the application …" title=format!("Delete the application {slug}?") confirm="Delete" pending=delete.pending() on_confirm>
                <p>"It cannot be taken back. What stops working:"</p>
                <ul>{lines}<li>"its tile in every portal"</li></ul>
                <p class="field-error" role="alert">{error}</p>
            </ConfirmDialog>
        </section>
    }
}
