//! Unique values, and who has them.

use crate::dialect::{Dialect, Unique};
use crate::id::Kind;
use crate::wire::Resource;
use std::collections::HashMap;

/// A value that no two objects may share, folded for comparison.
pub(super) type Key = (Unique, String);

/// The unique values of a resource.
pub(super) fn keys(dialect: &Dialect, kind: Kind, resource: &Resource) -> Vec<Key> {
    let rules = dialect.rules(kind);
    let key = |unique: &Unique| Some((*unique, rules.unique_value(kind, *unique, resource)?));
    rules.unique.iter().filter_map(key).collect()
}

/// Who has which unique value; of two with the same one, the first.
pub(super) fn holders<'a, T: Copy>(
    dialect: &Dialect,
    kind: Kind,
    resources: impl Iterator<Item = (T, &'a Resource)>,
) -> HashMap<Key, T> {
    let mut holders = HashMap::new();
    for (who, resource) in resources {
        for key in keys(dialect, kind, resource) {
            holders.entry(key).or_insert(who);
        }
    }
    holders
}

/// The value of a key in words.
pub(super) fn attribute(kind: Kind, unique: Unique) -> &'static str {
    match unique {
        Unique::Name => kind.name_attribute(),
        Unique::ExternalId => "externalId",
        Unique::Email => "emails",
    }
}
