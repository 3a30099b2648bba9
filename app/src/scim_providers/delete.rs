use leptos::prelude::*;

use super::{api::delete_scim_provider, words::PATH};
use crate::ui::{Deed, DeletePanel, lead_to};

/// Deletes a SCIM provider that no application has behind it.
#[component]
pub fn DeleteScimDialog(name: String, version: u64, used_by: Vec<String>) -> impl IntoView {
    let provider = name.clone();
    let delete = move || delete_scim_provider(provider.clone(), version);
    let deed = Deed::new("The SCIM provider was deleted", delete, lead_to(PATH));
    let kept = (!used_by.is_empty())
        .then(|| format!("These applications use it: {}. Take it out there first.", used_by.join(", ")));
    view! {
        <DeletePanel what="SCIM provider" name kept deed>
            <p>"It cannot be taken back: its tokens exist nowhere else. The users and groups at the service stay as they are."</p>
        </DeletePanel>
    }
}
