//! Whether a user is one that Identity Center would keep.

use serde_json::{Map, Value};

use super::constraint::{absent, too_short};
use super::refusal::Refusal;
use super::schema::{Attribute, ENTERPRISE, Shape, USER, USER_ATTRIBUTES};

/// Names that AWS keeps for itself.
const RESERVED: [&str; 2] = ["Administrator", "AWSAdministrators"];
/// The parts that an address must have together.
const ADDRESS: [&str; 5] = ["streetAddress", "locality", "region", "postalCode", "country"];

/// Judges the attributes of a user: names, kinds, required ones, lengths and characters. `guidance` adds the rules that AWS
/// prints in its guides for single identity providers only.
pub(crate) fn judge(user: &Map<String, Value>, guidance: bool) -> Result<(), Refusal> {
    let mut violations = Vec::new();
    walk(user, USER_ATTRIBUTES, "", &mut violations)?;
    if !violations.is_empty() {
        return Err(Refusal::constraints(&violations));
    }
    let email = user.get("emails").and_then(|list| list.get(0));
    if email.is_some_and(|email| email.get("primary") != Some(&Value::Bool(true))) {
        return Err(Refusal::violates());
    }
    if user.get("userName").and_then(Value::as_str).is_some_and(is_reserved) {
        return Err(Refusal::violates());
    }
    if guidance && !(user.iter().all(|(name, value)| name == "profileUrl" || is_plain(value)) && is_whole(user)) {
        return Err(Refusal::violates());
    }
    Ok(())
}

/// Whether AWS keeps a name of a user or group for itself.
pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name))
}

/// Whether no text inside has one of `< > ; : %`, "must not be used in attributes that are synchronized with SCIM".
pub(crate) fn is_plain(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains(['<', '>', ';', ':', '%']),
        Value::Array(all) => all.iter().all(is_plain),
        Value::Object(parts) => parts.values().all(is_plain),
        _ => true,
    }
}

/// Checks `schemas`, which may be left out: the core schema, and the extension exactly if it is used.
pub(crate) fn check_schemas(sent: Option<&Value>, core: &str, extended: bool) -> Result<(), Refusal> {
    let Some(sent) = sent else { return Ok(()) };
    let all = sent.as_array().ok_or_else(Refusal::violates)?;
    let names: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
    let known = names.iter().all(|name| *name == core || (core == USER && *name == ENTERPRISE));
    let complete = names.contains(&core) && (!extended || names.contains(&ENTERPRISE));
    if names.len() == all.len() && known && complete { Ok(()) } else { Err(Refusal::violates()) }
}

fn is_whole(user: &Map<String, Value>) -> bool {
    let address = user.get("addresses").and_then(|list| list.get(0)).and_then(Value::as_object);
    address.is_none_or(|address| ADDRESS.iter().all(|part| address.contains_key(*part)))
}

fn walk(
    parts: &Map<String, Value>,
    table: &'static [Attribute],
    prefix: &str,
    violations: &mut Vec<String>,
) -> Result<(), Refusal> {
    if parts.keys().any(|name| !table.iter().any(|attribute| attribute.name == name)) {
        return Err(Refusal::violates());
    }
    for attribute in table {
        let path = format!("{prefix}{}", attribute.name);
        match (attribute.shape, parts.get(attribute.name)) {
            (Shape::Complex(inner), None) if attribute.required => {
                walk(&Map::new(), inner, &format!("{path}."), violations)?;
            }
            (_, None) if attribute.required => violations.push(absent(&path)),
            (_, None) | (Shape::Flag, Some(Value::Bool(_))) => {}
            (Shape::Text(kind), Some(Value::String(text))) => kind.judge(&path, text, violations),
            (Shape::Complex(inner), Some(Value::Object(map))) => walk(map, inner, &format!("{path}."), violations)?,
            (Shape::List(inner), Some(Value::Array(all))) => match all.as_slice() {
                [] => violations.push(too_short(&path)),
                [Value::Object(one)] => walk(one, inner, &format!("{path}."), violations)?,
                [_] => return Err(Refusal::violates()),
                _ => return Err(Refusal::list(attribute.name)),
            },
            _ => return Err(Refusal::violates()),
        }
    }
    Ok(())
}
