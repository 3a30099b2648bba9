//! What a server says of its attributes (RFC 7643 §7).

use crate::wire::{CORE_USER, ListResponse};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The schemas of a server, by their URN in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Schemas(pub BTreeMap<String, Vec<SchemaAttribute>>);

/// One attribute of a schema, as far as it matters to a client that writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaAttribute {
    /// Its name.
    pub name: String,
    /// A client may set it.
    pub writable: bool,
    /// A resource without it is refused.
    pub required: bool,
    /// Values differ when only their case does.
    pub case_exact: bool,
    /// The names of its parts that a client may set; none: it has no parts, or does not say which.
    pub parts: Vec<String>,
}

impl Schemas {
    /// Reads the list of `/Schemas`; `None` when it is not whole, or says nothing of users: then it is no help.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        let page = ListResponse::read(body)?;
        if page.total.is_some_and(|total| total > page.resources.len() as u64) {
            return None;
        }
        let schema = |row: &Map<String, Value>| {
            let attributes = row.get("attributes")?.as_array()?.iter().filter_map(attribute).collect();
            Some((row.get("id")?.as_str()?.to_ascii_lowercase(), attributes))
        };
        let schemas = Self(page.resources.iter().filter_map(schema).collect());
        schemas.of(CORE_USER).is_some_and(|attributes| !attributes.is_empty()).then_some(schemas)
    }

    /// The attributes of a schema.
    #[must_use]
    pub fn of(&self, urn: &str) -> Option<&[SchemaAttribute]> {
        self.0.get(&urn.to_ascii_lowercase()).map(Vec::as_slice)
    }
}

fn attribute(value: &Value) -> Option<SchemaAttribute> {
    let is = |key: &str| value.get(key) == Some(&Value::Bool(true));
    let mutability = value.get("mutability").and_then(Value::as_str).unwrap_or_default();
    let parts = value.get("subAttributes").and_then(Value::as_array).into_iter().flatten();
    Some(SchemaAttribute {
        name: value.get("name")?.as_str()?.to_owned(),
        writable: !mutability.eq_ignore_ascii_case("readOnly"),
        required: is("required"),
        case_exact: is("caseExact"),
        parts: parts.filter_map(attribute).filter(|part| part.writable).map(|part| part.name).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"totalResults":1,"Resources":[{"id":"urn:ietf:params:scim:schemas:core:2.0:User","attributes":[
        {"name":"userName","required":true,"caseExact":true,"mutability":"readWrite"},
        {"name":"name","subAttributes":[{"name":"givenName"},{"name":"formatted","mutability":"readOnly"}]},
        {"name":"groups","mutability":"readOnly"}, {"nameless":true}]}]}"#;

    #[test]
    fn what_can_be_written_is_told_from_what_can_only_be_read() {
        let schemas = Schemas::read(BODY.as_bytes()).unwrap();
        let user = schemas.of(CORE_USER).unwrap();
        let facts: Vec<_> = user.iter().map(|a| (a.name.as_str(), a.writable, a.required, a.case_exact)).collect();
        assert_eq!(
            facts,
            [("userName", true, true, true), ("name", true, false, false), ("groups", false, false, false)]
        );
        assert_eq!(user[1].parts, ["givenName"]);
    }

    #[test]
    fn half_a_list_or_one_without_users_is_no_help() {
        assert_eq!(Schemas::read(BODY.replace("\"totalResults\":1", "\"totalResults\":2").as_bytes()), None);
        assert_eq!(Schemas::read(BODY.replace("2.0:User", "2.0:Group").as_bytes()), None);
        assert_eq!(Schemas::read(b"nope"), None);
    }
}
