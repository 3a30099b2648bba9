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

/// Whether a step wants a value of which nobody knows whose it is: what became of a request that may have given it to another
/// object, or may not have taken it from one, is not known yet. A refusal says nothing then.
pub fn is_contested(step: &Step, observed: &Observed) -> bool {
    let wanted = taken(step);
    let others = observed.in_flight.iter().filter(|other| other.object.kind == step.object.kind);
    let mut contested = others.filter(|other| other.object != step.object).flat_map(|other| in_doubt(other, observed));
    !wanted.is_empty() && contested.any(|value| wanted.contains(&value))
}

/// The values that the object of a step has there if it was done, and those that it has if it was not.
fn in_doubt(step: &Step, observed: &Observed) -> Vec<String> {
    let kind = step.object.kind;
    let lets_go = match &step.action {
        Action::Delete | Action::Replace { .. } => true,
        Action::Change { operations } => operations.iter().any(|operation| is_unique(kind, &operation.path)),
        _ => false,
    };
    let held = observed.held(kind).get(&step.object.id).filter(|_| lets_go);
    let mut found = taken(step);
    found.extend(held.into_iter().flat_map(|held| values(kind, &held.resource)));
    found
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use scim::{
        id::{LocalId, Object, RemoteId},
        state::{Effect, Observed},
        step::{Action, Reason, Step},
        wire::{Op, Operation, Resource},
    };
    use serde_json::json;

    use super::is_contested;

    fn named(name: &str, email: &str) -> Resource {
        json!({ "userName": name, "emails": [{ "value": email }] }).as_object().cloned().unwrap_or_default()
    }

    fn step(id: &str, action: Action) -> Step {
        Step { object: Object::user(&LocalId::from(id)), name: id.to_owned(), why: Reason::New, action }
    }

    fn create(id: &str, name: &str, email: &str) -> Step {
        step(id, Action::Create { resource: named(name, email), members: BTreeSet::new() })
    }

    fn change(id: &str, path: &str, value: &str) -> Step {
        step(id, Action::Change { operations: vec![Operation::new(Op::Replace, path, json!(value))] })
    }

    #[test]
    fn a_value_is_in_doubt_as_long_as_nobody_knows_what_became_of_a_request_that_gives_it_or_lets_go_of_it() {
        let mut observed = Observed::default();
        let (object, members) = (Object::user(&LocalId::from("ada")), BTreeSet::new());
        let resource = named("ada", "a@x");
        observed.record(Effect::Created { object, remote: RemoteId::from("r"), resource, members });
        let wants = change("eve", "userName", "ADA");
        assert!(!is_contested(&wants, &observed), "she has it, and that is known");
        // What is under way, and whether the name and the address are in doubt by it.
        for (under_way, name, address) in [
            (change("ada", "userName", "countess"), true, true),
            (step("ada", Action::Delete), true, true),
            (change("ada", "title", "ada"), false, false),
            (step("ada", Action::Deactivate { since: 1 }), false, false),
            (create("new", "n", "A@x"), false, true),
            (change("new", "userName", "ada"), true, false),
            (change("eve", "userName", "ada"), false, false),
        ] {
            observed.begin(&under_way);
            assert_eq!(is_contested(&wants, &observed), name, "{under_way:?}");
            assert_eq!(is_contested(&create("eve", "eve", "a@X"), &observed), address, "{under_way:?}");
            assert!(!is_contested(&change("eve", "title", "ada"), &observed));
            observed.finish(&under_way);
        }
    }
}
