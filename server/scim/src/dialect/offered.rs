//! The attributes that a server says it has.

use crate::dialect::join;
use crate::id::Kind;
use crate::wire::{CORE_GROUP, CORE_USER, ResourceTypes, SchemaAttribute, Schemas};
use std::collections::{BTreeMap, BTreeSet};

/// Common to all resources, or too important to be left out because a server forgot to list it (RFC 7643 §3.1).
const ALWAYS: [&str; 4] = ["externalid", "active", "username", "displayname"];

/// What a server's schemas let a client write. Names are in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Attributes and URNs of extensions, each with its parts; no parts: all.
    attributes: BTreeMap<String, BTreeSet<String>>,
    /// Attributes that the server wants, as it writes them.
    pub required: Vec<String>,
}

impl Offered {
    /// Of one kind of object; `None` when the schemas say nothing of it.
    #[must_use]
    pub fn of(schemas: &Schemas, kind: Kind, types: Option<&ResourceTypes>) -> Option<Self> {
        let (core, own_type) = match kind {
            Kind::User => (CORE_USER, types.and_then(|types| types.users.as_ref())),
            Kind::Group => (CORE_GROUP, types.and_then(|types| types.groups.as_ref())),
        };
        // Where it is not said which extensions go with which type, each may go with each.
        let listed = own_type.and_then(|own| own.extensions.as_ref());
        let own = schemas.of(core)?;
        let named = |attribute: &SchemaAttribute| (lower(&attribute.name), attribute.parts.iter().map(lower).collect());
        let mut attributes: BTreeMap<_, _> = own.iter().filter(|a| a.writable).map(named).collect();
        for (urn, extension) in schemas.0.iter().filter(|(urn, _)| !urn.contains(":core:")) {
            if listed.is_some_and(|listed| !listed.contains(urn)) {
                continue;
            }
            let parts = extension.iter().filter(|a| a.writable).map(|a| lower(&a.name)).collect();
            attributes.insert(urn.clone(), parts);
        }
        let required = own.iter().filter(|a| a.required && a.writable).map(|a| a.name.clone());
        let required = required.chain(own_type.iter().flat_map(|own| own.required.iter().cloned())).collect();
        Some(Self { attributes, required })
    }

    /// Whether an attribute, or a part of `under`, may be written.
    #[must_use]
    pub fn takes(&self, under: Option<&str>, name: &str) -> bool {
        match under {
            None => ALWAYS.contains(&lower(name).as_str()) || self.attributes.contains_key(&lower(name)),
            Some(under) => {
                let parts = self.attributes.get(&lower(under));
                parts.is_some_and(|parts| parts.is_empty() || parts.contains(&lower(name)))
            }
        }
    }

    /// The path of an attribute, as a remark names it.
    #[must_use]
    pub(super) fn path(under: Option<&str>, name: &str) -> String {
        under.map_or_else(|| name.to_owned(), |under| join(under, name))
    }
}

fn lower(text: impl AsRef<str>) -> String {
    text.as_ref().to_ascii_lowercase()
}
