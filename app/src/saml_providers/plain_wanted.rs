//! The attributes that a service asks for, in the plain form.

use leptos::prelude::*;
use model::{PropertyMapping, SamlProvider, SpFacts, WantedAttribute, take_suggestions};

use crate::drawn::Asked;

/// What no property mapping of the provider gives yet, each with what would.
pub fn wanted_ticks(facts: &SpFacts) -> AnyView {
    let wanted = facts.not_given();
    let title = (!wanted.is_empty()).then(|| view! { <h3>"Attributes that the service asks for"</h3> });
    let wanted = wanted.iter().map(ticks).collect_view();
    view! { {title}{wanted} }.into_any()
}

/// Attaches what was ticked; gives the property mappings that are made with the provider.
pub fn take_wanted(asked: &Asked, facts: &SpFacts, provider: &mut SamlProvider) -> Vec<PropertyMapping> {
    for mapping in asked.all("mapping") {
        if !provider.property_mappings.contains(&mapping) {
            provider.property_mappings.push(mapping);
        }
    }
    take_suggestions(provider, &facts.wanted, &asked.all("make"))
}

/// A box to tick.
pub fn tick(name: &'static str, value: String, text: String) -> AnyView {
    view! { <label class="check"><input type="checkbox" name=name value=value /><span>{text}</span></label> }.into_any()
}

fn ticks(wanted: &WantedAttribute) -> AnyView {
    let need = if wanted.required { "required" } else { "optional" };
    let called = wanted.friendly_name.as_ref().unwrap_or(&wanted.name);
    let known = wanted.mappings.iter().map(|mapping| {
        tick("mapping", mapping.clone(), format!("{called}, {need}: by the property mapping {mapping}"))
    });
    let known: Vec<_> = known.collect();
    let made = wanted.suggestion.as_ref().map(|mapping| {
        let text = format!("{called}, {need}: make the property mapping {} ({})", mapping.name, mapping.expression);
        tick("make", mapping.name.clone(), text)
    });
    let yourself = (known.is_empty() && made.is_none()).then(|| {
        view! { <p>{format!("{called}, {need}: it is not plain what is meant. ")}<a href="/admin/property-mappings/-/new">"Write the property mapping yourself"</a></p> }
    });
    view! { {known}{made}{yourself} }.into_any()
}
