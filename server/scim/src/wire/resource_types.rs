//! Which resources a server has, where, and with which extensions (RFC 7643 §6).

use crate::wire::{CORE_GROUP, CORE_USER, ListResponse, Resource};
use serde_json::Value;

/// Users and groups as a server lists them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ResourceTypes {
    /// Of users; `None`: not listed.
    pub users: Option<ResourceType>,
    /// Of groups; `None`: not listed.
    pub groups: Option<ResourceType>,
}

/// One resource type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceType {
    /// Where it is, below the base address; `None` when what is said is no path.
    pub endpoint: Option<String>,
    /// The extensions that its resources may have, as URNs in lower case; `None`: nothing is said of extensions.
    pub extensions: Option<Vec<String>>,
    /// Those without which a resource is refused.
    pub required: Vec<String>,
}

impl ResourceTypes {
    /// Reads the list of `/ResourceTypes`; `None` when it is not whole, or says nothing of users: then it is no help.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        let page = ListResponse::read(body)?;
        if page.total.is_some_and(|total| total > page.resources.len() as u64) {
            return None;
        }
        let of = |urn: &str| {
            let is = |row: &&Resource| {
                row.get("schema").and_then(Value::as_str).is_some_and(|s| s.eq_ignore_ascii_case(urn))
            };
            page.resources.iter().find(is).map(ResourceType::of)
        };
        let types = Self { users: of(CORE_USER), groups: of(CORE_GROUP) };
        types.users.is_some().then_some(types)
    }
}

impl ResourceType {
    fn of(row: &Resource) -> Self {
        let extensions = row.get("schemaExtensions").and_then(Value::as_array);
        let urn = |extension: &Value| Some(extension.get("schema")?.as_str()?.to_ascii_lowercase());
        let required = |extension: &&Value| extension.get("required") == Some(&Value::Bool(true));
        Self {
            endpoint: row.get("endpoint").and_then(Value::as_str).and_then(path),
            required: extensions.into_iter().flatten().filter(required).filter_map(urn).collect(),
            extensions: extensions.map(|extensions| extensions.iter().filter_map(urn).collect()),
        }
    }
}

/// A path below the base address, with its slash. Nothing that a server says leads anywhere else.
fn path(text: &str) -> Option<String> {
    let path = text.trim().trim_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '~');
    let good = !path.is_empty() && path.len() <= 200 && path.chars().all(plain);
    (good && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")).then(|| format!("/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::ENTERPRISE_USER;

    fn types(endpoint: &str, extensions: &str) -> Option<ResourceTypes> {
        let body = format!(
            r#"{{"totalResults":1,"Resources":[{{"id":"User","endpoint":"{endpoint}","schema":"{CORE_USER}"{extensions}}}]}}"#
        );
        ResourceTypes::read(body.as_bytes())
    }

    #[test]
    fn endpoint_and_extensions_are_read() {
        let extensions =
            format!(r#","schemaExtensions":[{{"schema":"{ENTERPRISE_USER}","required":true}},{{"no":1}}]"#);
        let users = types("/Accounts", &extensions).unwrap().users.unwrap();
        assert_eq!(users.endpoint.as_deref(), Some("/Accounts"));
        let urn = ENTERPRISE_USER.to_ascii_lowercase();
        assert_eq!((users.extensions, users.required), (Some(vec![urn.clone()]), vec![urn]));
        let users = types("v2/People/", "").unwrap().users.unwrap();
        assert_eq!((users.endpoint.as_deref(), users.extensions), (Some("/v2/People"), None));
    }

    #[test]
    fn no_endpoint_leads_away_from_the_service() {
        for hostile in ["https://evil.example/Users", "https:evil", "/../admin", "/Users?x=1", "/a b", "", "/a//b"] {
            assert_eq!(types(hostile, "").unwrap().users.unwrap().endpoint, None, "{hostile}");
        }
    }

    #[test]
    fn half_a_list_or_one_without_users_is_no_help() {
        assert_eq!(ResourceTypes::read(br#"{"totalResults":2,"Resources":[]}"#), None);
        assert_eq!(ResourceTypes::read(br#"{"Resources":[{"schema":"urn:x"}]}"#), None);
        assert_eq!(ResourceTypes::read(b"nope"), None);
    }
}
