//! A resource is a JSON object (RFC 7643 §3): a struct would lose the attributes of a schema that it does not know.

use crate::id::{Kind, RemoteId};
use serde_json::{Map, Value, json};

/// A user or a group as it travels, with or without `id`, `meta` and `schemas`.
pub type Resource = Map<String, Value>;

/// The schema of users (RFC 7643 §4.1).
pub const CORE_USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The schema of groups (RFC 7643 §4.2).
pub const CORE_GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The enterprise extension of users (RFC 7643 §4.3); also the key that its attributes live under.
pub const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A top-level attribute that is text and not empty.
#[must_use]
pub fn text<'a>(resource: &'a Resource, attribute: &str) -> Option<&'a str> {
    resource.get(attribute).and_then(Value::as_str).filter(|value| !value.is_empty())
}

/// `userName` of a user, `displayName` of a group; empty when the resource has none.
#[must_use]
pub fn name_of(kind: Kind, resource: &Resource) -> &str {
    text(resource, kind.name_attribute()).unwrap_or_default()
}

/// The `id` of a resource that came from a server. Some servers send numbers (RFC 7643 §3.1 wants text).
#[must_use]
pub fn remote_id(resource: &Resource) -> Option<RemoteId> {
    identifier(resource.get("id")?)
}

/// An identifier of the server's, as text or as a number.
pub(crate) fn identifier(value: &Value) -> Option<RemoteId> {
    match value {
        Value::String(id) if !id.is_empty() => Some(RemoteId(id.clone())),
        Value::Number(id) => Some(RemoteId(id.to_string())),
        _ => None,
    }
}

/// The resource with `schemas` in front: the core schema, then every extension that it uses (RFC 7643 §3).
#[must_use]
pub fn with_schemas(kind: Kind, resource: &Resource) -> Resource {
    let core = match kind {
        Kind::User => CORE_USER,
        Kind::Group => CORE_GROUP,
    };
    let extensions = resource.keys().map(String::as_str).filter(|key| key.starts_with("urn:"));
    let schemas: Vec<&str> = std::iter::once(core).chain(extensions).collect();
    let mut whole = Resource::new();
    whole.insert("schemas".to_owned(), json!(schemas));
    whole.extend(resource.iter().filter(|(key, _)| *key != "schemas").map(|(key, value)| (key.clone(), value.clone())));
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_name_the_core_and_only_the_extensions_in_use() {
        let mut user = Resource::new();
        user.insert("userName".to_owned(), json!("ann"));
        assert_eq!(with_schemas(Kind::User, &user)["schemas"], json!([CORE_USER]));
        user.insert(ENTERPRISE_USER.to_owned(), json!({"department": "Sea"}));
        assert_eq!(with_schemas(Kind::User, &user)["schemas"], json!([CORE_USER, ENTERPRISE_USER]));
    }

    #[test]
    fn a_number_as_an_id_is_read_as_text_and_nothing_is_no_id() {
        let with = |id: Value| remote_id(&Resource::from_iter([("id".to_owned(), id)]));
        assert_eq!(with(json!(17)), Some(RemoteId::from("17")));
        assert_eq!(with(json!("a-b")), Some(RemoteId::from("a-b")));
        assert_eq!(with(json!("")), None);
        assert_eq!(with(json!(null)), None);
    }
}
