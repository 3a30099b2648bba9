//! What the endpoint says about itself.

use serde_json::{Value, json};

use super::listing::LIST;
use super::refusal::{Answer, Refusal};
use super::schema::{Attribute, ENTERPRISE, GROUP, Shape, USER, USER_ATTRIBUTES};

/// `ServiceProviderConfig`.
pub(crate) fn service_provider_config() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "documentationUri": "https://docs.aws.amazon.com/singlesignon/latest/userguide/manage-your-identity-source-idp.html",
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "Authentication scheme using the OAuth Bearer Token Standard",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "documentationUri": "https://docs.aws.amazon.com/singlesignon/latest/userguide/provision-automatically.html",
            "primary": true,
        }],
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 1, "maxPayloadSize": 1_048_576 },
        "filter": { "supported": true, "maxResults": 50 },
        "changePassword": { "supported": false },
        "sort": { "supported": false },
        "etag": { "supported": false },
    })
}

/// `ListResourceTypes`; `endpoint` is the address of the endpoint.
pub(crate) fn resource_types(endpoint: &str) -> Value {
    let kind = |name: &str, schema: &str, extensions: Value| {
        let mut kind = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": name,
            "name": name,
            "endpoint": format!("/{name}s"),
            "description": if name == "User" { "User Account" } else { "Group" },
            "schema": schema,
        });
        if let Some(parts) = kind.as_object_mut() {
            if !extensions.is_null() {
                parts.insert("schemaExtensions".into(), extensions);
            }
            let location = format!("{endpoint}/ResourceTypes/{name}");
            parts.insert("meta".into(), json!({ "location": location, "resourceType": "ResourceType" }));
        }
        kind
    };
    let extensions = json!([{ "schema": ENTERPRISE, "required": true }]);
    list(vec![kind("User", USER, extensions), kind("Group", GROUP, Value::Null)])
}

/// `ListSchemas`, or `GetSchema` with a name.
pub(crate) fn schemas(name: Option<&str>) -> Answer {
    let own = USER_ATTRIBUTES.iter().filter(|attribute| attribute.name != ENTERPRISE);
    let extension: Vec<_> = USER_ATTRIBUTES
        .iter()
        .filter_map(|attribute| match attribute.shape {
            Shape::Complex(parts) if attribute.name == ENTERPRISE => {
                Some(parts.iter().map(describe).collect::<Vec<_>>())
            }
            _ => None,
        })
        .flatten()
        .collect();
    let all = [
        (USER, schema(USER, "User", "User Account", own.map(describe).collect())),
        (GROUP, schema(GROUP, "Group", "Group", group())),
        (ENTERPRISE, schema(ENTERPRISE, "EnterpriseUser", "Enterprise User", extension)),
    ];
    match name {
        None => Ok((200, Some(list(all.into_iter().map(|(_, schema)| schema).collect())))),
        Some(name) => {
            let found = all.into_iter().find(|(id, _)| *id == name).map(|(_, schema)| schema);
            found.map(|schema| (200, Some(schema))).ok_or_else(|| Refusal::not_found("SCHEMA"))
        }
    }
}

fn list(rows: Vec<Value>) -> Value {
    json!({
        "totalResults": rows.len(),
        "itemsPerPage": rows.len(),
        "startIndex": 1,
        "schemas": [LIST],
        "Resources": rows,
    })
}

fn schema(id: &str, name: &str, description: &str, attributes: Vec<Value>) -> Value {
    json!({
        "id": id,
        "name": name,
        "description": description,
        "attributes": attributes,
        "meta": { "resourceType": "Schema", "location": format!("/v2/Schemas/{id}") },
    })
}

fn group() -> Vec<Value> {
    let text = |name: &str, required: bool| {
        json!({
            "name": name, "type": "string", "multiValued": false, "required": required, "caseExact": false,
            "mutability": "readWrite", "returned": "default", "uniqueness": if required { "server" } else { "none" },
        })
    };
    let members = json!({
        "name": "members", "type": "complex", "multiValued": true, "required": false, "mutability": "readWrite",
        "returned": "never", "subAttributes": [text("value", false), text("$ref", false), text("type", false)],
    });
    vec![text("displayName", true), members]
}

fn describe(attribute: &Attribute) -> Value {
    let (kind, parts, many) = match attribute.shape {
        Shape::Text(_) => ("string", None, false),
        Shape::Flag => ("boolean", None, false),
        Shape::Complex(parts) => ("complex", Some(parts), false),
        Shape::List(parts) => ("complex", Some(parts), true),
    };
    let unique = if attribute.name == "userName" { "server" } else { "none" };
    let mut described = json!({
        "name": attribute.name,
        "type": kind,
        "multiValued": many,
        "required": attribute.required,
        "caseExact": false,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": unique,
    });
    if let (Some(parts), Some(object)) = (parts, described.as_object_mut()) {
        object.insert("subAttributes".into(), parts.iter().map(describe).collect());
    }
    described
}
