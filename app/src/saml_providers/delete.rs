use leptos::prelude::*;

use super::{api::delete_provider, words::PATH};
use crate::ui::{Deed, DeletePanel, lead_to};

/// Deletes a SAML provider that no application uses.
#[component]
pub fn DeleteProviderDialog(name: String, version: u64, used_by: Vec<String>) -> impl IntoView {
    let provider = name.clone();
    let delete = move || delete_provider(provider.clone(), version);
    let deed = Deed::new("The SAML provider was deleted", delete, lead_to(PATH));
    let kept = (!used_by.is_empty())
        .then(|| format!("These applications use it: {}. Give them another one first.", used_by.join(", ")));
    view! {
        <DeletePanel what="SAML provider" name kept deed>
            <p>"It cannot be taken back. No application uses it."</p>
        </DeletePanel>
    }
}
