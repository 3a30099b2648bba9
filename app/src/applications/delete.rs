use leptos::prelude::*;

use super::{api::delete_application, words::PATH};
use crate::ui::{Deed, DeletePanel, lead_to};

/// Deletes an application after telling what stops working.
#[component]
pub fn DeleteApplicationDialog(slug: String, version: u64, used_by: Vec<String>) -> impl IntoView {
    let application = slug.clone();
    let delete = move || delete_application(application.clone(), version);
    let deed = Deed::new("The application was deleted", delete, lead_to(PATH));
    let lines = used_by.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <DeletePanel what="application" name=slug kept=None deed>
            <p>"It cannot be taken back. What stops working:"</p>
            <ul>{lines}<li>"its tile in every portal"</li></ul>
        </DeletePanel>
    }
}
