//! A user of the identity store.

use serde_json::{Map, Value};

use super::table::Row;

/// A user. Times are unix seconds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct User {
    pub(crate) id: String,
    /// Its place in lists: the order of creation.
    pub(crate) place: u64,
    pub(crate) created: i64,
    pub(crate) modified: i64,
    /// Attributes by their SCIM names, without `schemas`, `id` and `meta`.
    pub(crate) attributes: Map<String, Value>,
}

impl User {
    /// A text attribute; empty if there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.attributes.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The address of the primary email.
    pub(crate) fn email(&self) -> Option<&str> {
        self.attributes.get("emails")?.get(0)?.get("value")?.as_str()
    }

    /// The id of the manager.
    pub(crate) fn manager(&self) -> Option<&str> {
        self.attributes.get(crate::scim::ENTERPRISE)?.get("manager")?.get("value")?.as_str()
    }

    /// Whether the user may sign in. What was never said is no.
    pub(crate) fn is_active(&self) -> bool {
        self.attributes.get("active") == Some(&Value::Bool(true))
    }
}

impl Row for User {
    fn id(&self) -> &str {
        &self.id
    }

    fn place(&self) -> u64 {
        self.place
    }

    fn claims(&self) -> Vec<(&'static str, String)> {
        let external = Some(self.text("externalId")).filter(|id| !id.is_empty());
        let external = external.map(|id| ("externalId", id.to_owned()));
        let email = self.email().map(|email| ("email", email.to_lowercase()));
        let name = ("userName", self.text("userName").to_lowercase());
        std::iter::once(name).chain(external).chain(email).collect()
    }
}
