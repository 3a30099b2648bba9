use domain::port::{Document, Kind, StoreError};
use model::Versioned;
use serde::de::DeserializeOwned;
use surrealdb::types::{Object, RecordId, Value};

use crate::{json, user};

/// The table of a kind.
pub(crate) const fn table(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "user",
        Kind::Group => "group",
        Kind::Application => "application",
        Kind::SamlProvider => "saml_provider",
        Kind::ScimProvider => "scim_provider",
        Kind::PropertyMapping => "property_mapping",
        Kind::Policy => "policy",
        Kind::Key => "key",
        Kind::Setting => "setting",
        Kind::ApiToken => "api_token",
        Kind::Webhook => "webhook",
    }
}

/// The record of a document. The natural key is the record id, whatever characters it has: ids travel as values.
pub(crate) fn record(kind: Kind, key: &str) -> Value {
    Value::RecordId(RecordId::new(table(kind), key))
}

/// The row of a document, but for its version, which the transaction that writes it knows.
pub(crate) fn row(document: &Document) -> Result<Object, StoreError> {
    let mut row = match document {
        Document::User(record) => user::columns(record),
        _ => Object::new(),
    };
    let body = match document {
        Document::User(record) => json::encode(record),
        Document::Group(group) => json::encode(group),
        Document::Application(application) => json::encode(application),
        Document::SamlProvider(provider) => json::encode(provider),
        Document::ScimProvider(record) => json::encode(record),
        Document::PropertyMapping(mapping) => json::encode(mapping),
        Document::Policy(policy) => json::encode(policy),
        Document::Key(key) => json::encode(key),
        Document::Setting(setting) => json::encode(setting),
        Document::ApiToken(token) => json::encode(token),
        Document::Webhook(record) => json::encode(record),
    }?;
    row.insert("body", body);
    Ok(row)
}

/// The document of a row.
pub(crate) fn versioned<T: DeserializeOwned>(kind: Kind, row: Value) -> Result<Versioned<T>, StoreError> {
    let Value::Object(mut row) = row else {
        return Err(StoreError::Corrupt(format!("a {} that is no record", kind.word())));
    };
    let version = match row.remove("version") {
        Some(Value::Number(number)) => number.to_int().and_then(|version| u64::try_from(version).ok()),
        _ => None,
    };
    let version = version.ok_or_else(|| StoreError::Corrupt(format!("a {} without a version", kind.word())))?;
    let value = json::decode(row.remove("body").unwrap_or(Value::None), kind.word())?;
    Ok(Versioned { version, value })
}
