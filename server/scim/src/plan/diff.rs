//! The least change between two forms of a resource: one operation for each attribute that differs.

use crate::dialect::{ChangeStyle, Dialect};
use crate::id::Kind;
use crate::wire::{Op, Operation, Resource};
use serde_json::Value;

/// One attribute that can be changed by itself, with the container that it is in.
type Unit<'a> = (Option<&'a str>, &'a str, &'a Value);

/// The operations that turn `before` into `after`; none when they are equal.
#[must_use]
pub fn diff(before: &Resource, after: &Resource) -> Vec<Operation> {
    if before == after {
        return Vec::new();
    }
    let mut operations = Vec::new();
    for (container, name, value) in units(after) {
        match find(before, container, name) {
            Some(old) if old == value => {}
            old => {
                let op = if old.is_some() { Op::Replace } else { Op::Add };
                operations.push(Operation::new(op, path(container, name), value.clone()));
            }
        }
    }
    for (container, name, _) in units(before) {
        if find(after, container, name).is_none() {
            operations.push(Operation::remove(path(container, name)));
        }
    }
    operations
}

/// Whether a PATCH can carry the change from `before` to `after`.
pub(super) fn patchable(dialect: &Dialect, kind: Kind, before: &Resource, after: &Resource) -> bool {
    let rules = dialect.rules(kind);
    let locked = |one: &Resource, other: &Resource| {
        units(one).any(|(container, name, value)| {
            find(other, container, name) != Some(value) && !rules.patchable(container, name)
        })
    };
    dialect.change == ChangeStyle::PatchPerAttribute && !locked(after, before) && !locked(before, after)
}

/// `name` and extensions are taken apart: their parts change one by one. Everything else changes as a whole.
fn units(resource: &Resource) -> impl Iterator<Item = Unit<'_>> {
    resource.iter().flat_map(|(key, value)| {
        let inner = value.as_object().filter(|_| key == "name" || key.starts_with("urn:"));
        let whole = inner.is_none().then_some((None, key.as_str(), value));
        let parts = inner.into_iter().flatten().map(move |(name, value)| (Some(key.as_str()), name.as_str(), value));
        whole.into_iter().chain(parts)
    })
}

fn find<'a>(resource: &'a Resource, container: Option<&str>, name: &str) -> Option<&'a Value> {
    match container {
        Some(container) => resource.get(container)?.get(name),
        None => resource.get(name),
    }
}

fn path(container: Option<&str>, name: &str) -> String {
    container.map_or_else(|| name.to_owned(), |container| crate::dialect::join(container, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::ENTERPRISE_USER;
    use serde_json::json;

    fn resource(value: Value) -> Resource {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn only_what_differs_is_an_operation_and_order_does_not_differ() {
        let before = resource(json!({
            "userName": "ann", "title": "A", "nickName": "N", "name": {"givenName": "Ann", "familyName": "Dam"},
            (ENTERPRISE_USER): {"department": "Sea"},
        }));
        let after = resource(json!({
            "title": "B", "userName": "ann", "name": {"familyName": "Lee", "givenName": "Ann"},
            (ENTERPRISE_USER): {"department": "Sea", "costCenter": "7"},
        }));
        assert_eq!(
            diff(&before, &after),
            [
                Operation::new(Op::Replace, "title", json!("B")),
                Operation::new(Op::Replace, "name.familyName", json!("Lee")),
                Operation::new(Op::Add, format!("{ENTERPRISE_USER}:costCenter"), json!("7")),
                Operation::remove("nickName"),
            ]
        );
        assert_eq!(diff(&before, &before), []);
    }

    #[test]
    fn a_change_of_roles_cannot_be_a_patch_but_unchanged_roles_can_stay() {
        let with = |title: &str, role: &str| resource(json!({"title": title, "roles": [{"value": role}]}));
        let aws = Dialect::aws();
        assert!(patchable(&aws, Kind::User, &with("a", "x"), &with("b", "x")));
        assert!(!patchable(&aws, Kind::User, &with("a", "x"), &with("a", "y")));
        assert!(!patchable(&aws, Kind::User, &with("a", "x"), &resource(json!({"title": "a"}))));
    }
}
