use leptos::prelude::*;
use model::WantedAttribute;

use super::draft::ProviderDraft;
use crate::{
    property_mappings::NAMES,
    ui::{CheckField, Source},
};

/// The attributes that the service asks for, each with what would give it: a property mapping that is there, one that is
/// made when the provider is saved (`ticked`, by name), or one that somebody writes.
pub fn wanted_fields(
    draft: RwSignal<ProviderDraft>,
    ticked: RwSignal<Vec<String>>,
    wanted: Vec<WantedAttribute>,
) -> AnyView {
    if wanted.is_empty() {
        return ().into_any();
    }
    let rows = wanted.into_iter().enumerate().map(|(place, attribute)| {
        let WantedAttribute { name, friendly_name, required, mappings, suggestion, .. } = attribute;
        let called = friendly_name.map(|friendly| format!("{friendly} ({name})")).unwrap_or(name);
        let need = if required { "required" } else { "optional" };
        let known = mappings.into_iter().enumerate().map(|(number, mapping)| {
            let (read, label) = (mapping.clone(), format!("{called}, {need}: by the property mapping {mapping}"));
            let value = Signal::derive(move || draft.with(|d| d.mappings.contains(&read)));
            let on_change = Callback::new(move |on| draft.update(|d| turn(&mut d.mappings, &mapping, on)));
            view! { <CheckField id=format!("wanted-{place}-{number}") label value on_change /> }
        });
        let known: Vec<_> = known.collect();
        let nothing = known.is_empty() && suggestion.is_none();
        let made = suggestion.map(|mapping| {
            let (read, write) = (mapping.name.clone(), mapping.name.clone());
            let label = format!("{called}, {need}: make the property mapping {}", mapping.name);
            let value = Signal::derive(move || ticked.with(|all| all.contains(&read)));
            let on_change = Callback::new(move |on| ticked.update(|all| turn(all, &write, on)));
            view! { <CheckField id=format!("wanted-{place}-new") label value on_change /><pre class="help"><Source text=mapping.expression names=NAMES /></pre> }
        });
        let yourself = nothing.then(|| {
            view! { <p>{format!("{called}, {need}: it is not plain what is meant. ")}<a href="/admin/property-mappings/-/new" target="_blank">"Write the property mapping yourself"</a></p> }
        });
        view! { <div>{known}{made}{yourself}</div> }
    });
    view! {
        <fieldset>
            <legend>"Attributes that the service asks for"</legend>
            <p class="help">"What is ticked is sent. New property mappings are made when the provider is saved."</p>
            {rows.collect_view()}
        </fieldset>
    }
    .into_any()
}

fn turn(all: &mut Vec<String>, name: &str, on: bool) {
    all.retain(|kept| kept != name);
    if on {
        all.push(name.to_owned());
    }
}
