use leptos::prelude::*;

use super::{api::delete_mapping, words::PATH};
use crate::ui::{Deed, DeletePanel, lead_to};

/// Deletes a property mapping that no provider uses.
#[component]
pub fn DeleteMappingDialog(name: String, version: u64, used_by: Vec<String>) -> impl IntoView {
    let mapping = name.clone();
    let delete = move || delete_mapping(mapping.clone(), version);
    let deed = Deed::new("The property mapping was deleted", delete, lead_to(PATH));
    let kept = (!used_by.is_empty())
        .then(|| format!("These providers use it: {}. Take it out there first.", used_by.join(", ")));
    view! {
        <DeletePanel what="property mapping" name kept deed>
            <p>"It cannot be taken back. No provider uses it."</p>
        </DeletePanel>
    }
}
