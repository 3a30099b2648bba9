use leptos::prelude::*;

use super::{api::delete_key, page::PATH};
use crate::ui::{Deed, DeletePanel, lead_to};

/// Deletes a key that nobody signs with.
#[component]
pub fn DeleteKeyDialog(name: String, version: u64, used_by: Vec<String>, is_default: bool) -> impl IntoView {
    let key = name.clone();
    let deed = Deed::new("The key was deleted", move || delete_key(key.clone(), version), lead_to(PATH));
    let kept = if is_default {
        Some("It is the default key; make another one the default first.".to_owned())
    } else if used_by.is_empty() {
        None
    } else {
        Some(format!("These SAML providers sign with it: {}. Give them another key first.", used_by.join(", ")))
    };
    view! {
        <DeletePanel what="key" name kept deed>
            <p>"It cannot be taken back: its private half exists nowhere else. Nobody signs with it."</p>
        </DeletePanel>
    }
}
