use std::collections::HashMap;

use scim::{
    id::{Kind, Object},
    state::Observed,
    step::{Action, Step},
    wire::Resource,
};
use serde_json::Value;

/// Who has to be waited for, each with how long: objects, and the values that they have there and no two may share. Whoever
/// takes such a value before it is let go would be refused.
#[derive(Debug, Default)]
pub struct Holders {
    objects: HashMap<Object, u32>,
    values: HashMap<(Kind, String), u32>,
}

impl Holders {
    /// An object has to be waited for.
    pub fn add(&mut self, object: &Object, wait: u32, observed: &Observed) {
        let known = self.objects.entry(object.clone()).or_default();
        *known = wait.max(*known);
        let Some(held) = observed.held(object.kind).get(&object.id) else { return };
        for value in values(object.kind, &held.resource) {
            let known = self.values.entry((object.kind, value)).or_default();
            *known = wait.max(*known);
        }
    }

    /// An object that is not there yet, so that it has no values, is not waited for any more.
    pub fn remove(&mut self, object: &Object) {
        self.objects.remove(object);
    }

    /// Whether nobody is waited for.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// How long an object has to be waited for itself; 0: not at all.
    pub fn object(&self, object: &Object) -> u32 {
        self.objects.get(object).copied().unwrap_or_default()
    }

    /// How long a step has to wait for others: for what was to be done to its object before, or for a value.
    pub fn wait(&self, step: &Step) -> u32 {
        if self.objects.is_empty() {
            return 0;
        }
        let kind = step.object.kind;
        let held = |value: String| self.values.get(&(kind, value)).copied();
        let taken = if self.values.is_empty() { Vec::new() } else { taken(step) };
        taken.into_iter().filter_map(held).chain([self.object(&step.object)]).max().unwrap_or_default()
    }
}

/// The values that a step gives to its object.
fn taken(step: &Step) -> Vec<String> {
    let kind = step.object.kind;
    match &step.action {
        Action::Create { resource, .. } | Action::Replace { resource, .. } => values(kind, resource),
        Action::Change { operations } => {
            let given = operations.iter().filter_map(|operation| Some((&*operation.path, operation.value.as_ref()?)));
            given.filter(|(path, _)| is_unique(kind, path)).flat_map(|(_, value)| texts(value)).collect()
        }
        _ => Vec::new(),
    }
}

fn values(kind: Kind, resource: &Resource) -> Vec<String> {
    resource.iter().filter(|(path, _)| is_unique(kind, path)).flat_map(|(_, value)| texts(value)).collect()
}

fn is_unique(kind: Kind, path: &str) -> bool {
    path == kind.name_attribute() || path == "externalId" || (kind == Kind::User && path.starts_with("emails"))
}

/// A text, or the texts under `value`, folded for comparison.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.to_lowercase()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(parts) => parts.get("value").map(texts).unwrap_or_default(),
        _ => Vec::new(),
    }
}
