//! What the double refuses.

use super::{Object, Refusal};
use serde_json::{Map, Value};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const USER: &[&str] = &[
    "userName",
    "externalId",
    "active",
    "displayName",
    "name",
    "nickName",
    "profileUrl",
    "title",
    "userType",
    "preferredLanguage",
    "locale",
    "timezone",
    "emails",
    "phoneNumbers",
    "addresses",
    "roles",
    ENTERPRISE,
];

fn bad<T>(words: impl Into<String>) -> Result<T, Refusal> {
    Err((400, words.into()))
}

/// A user as it is stored, or the refusal.
pub fn check_user(mut user: Object) -> Result<Object, Refusal> {
    user.remove("schemas");
    user.remove("id");
    solid("user", &Value::Object(user.clone()))?;
    if let Some(key) = user.keys().find(|key| !USER.contains(&key.as_str())) {
        return bad(format!("attribute {key} is unsupported"));
    }
    for list in ["emails", "phoneNumbers", "addresses", "roles"] {
        let Some(value) = user.get(list) else { continue };
        let Some([one]) = value.as_array().map(Vec::as_slice) else {
            return bad(format!("List attribute {list} exceeds allowed limit of 1"));
        };
        if one.get("display").is_some() || (list == "emails" && one["primary"] != Value::Bool(true)) {
            return bad(format!("{list} violates schema"));
        }
    }
    let name = user.get("name").cloned().unwrap_or_default();
    for required in [user.get("userName"), user.get("displayName"), name.get("givenName"), name.get("familyName")] {
        if required.is_none_or(|value| !value.is_string()) {
            return bad("a required attribute is missing");
        }
    }
    if !user.get("active").is_some_and(Value::is_boolean) {
        return bad("active");
    }
    if user["userName"].as_str().unwrap().contains(' ') {
        return bad("userName has a space");
    }
    Ok(user)
}

pub fn check_group(mut group: Object) -> Result<Object, Refusal> {
    group.remove("schemas");
    solid("group", &Value::Object(group.clone()))?;
    match group.keys().find(|key| !["displayName", "externalId"].contains(&key.as_str())) {
        Some(key) => bad(format!("attribute {key} is unsupported")),
        None if !group.contains_key("displayName") => bad("displayName is missing"),
        None => Ok(group),
    }
}

/// One attribute an operation, always with a path, never twice, never roles.
pub fn patch_user(before: &Object, body: &Object, standard: bool) -> Result<Object, Refusal> {
    let mut user = before.clone();
    let mut seen = Vec::new();
    for operation in body["Operations"].as_array().unwrap() {
        let op = operation["op"].as_str().unwrap();
        let Some(path) = operation["path"].as_str() else { return bad("Missing path in PATCH request") };
        if seen.contains(&path)
            || (op == "remove" && ["userName", "active"].contains(&path))
            || (path == "roles" && !standard)
        {
            return bad(format!("{op} {path} is unsupported"));
        }
        seen.push(path);
        let (holder, attribute) = match path.strip_prefix(ENTERPRISE) {
            Some(rest) => (Some(ENTERPRISE), &rest[1..]),
            None => path.split_once('.').map_or((None, path), |(holder, attribute)| (Some(holder), attribute)),
        };
        let object = match holder {
            None => &mut user,
            Some(holder) => {
                let inner = user.entry(holder).or_insert_with(|| Value::Object(Map::new()));
                inner.as_object_mut().unwrap()
            }
        };
        match operation.get("value") {
            Some(value) if op != "remove" => _ = object.insert(attribute.to_owned(), value.clone()),
            None if op == "remove" => _ = object.shift_remove(attribute),
            _ => return bad("value"),
        }
    }
    user.retain(|_, value| value.as_object().is_none_or(|object| !object.is_empty()));
    Ok(user)
}

/// Nothing empty, no forbidden character.
fn solid(path: &str, value: &Value) -> Result<(), Refusal> {
    match value {
        Value::Null => bad(format!("{path} is null")),
        Value::String(text) => {
            let forbidden = text.contains(['<', '>', ';', ':', '%']) && !path.ends_with("profileUrl");
            if text.trim().is_empty() || forbidden { bad(format!("{path} is `{text}`")) } else { Ok(()) }
        }
        Value::Array(rows) if rows.is_empty() => bad(format!("{path} is empty")),
        Value::Object(object) if object.is_empty() => bad(format!("{path} is empty")),
        Value::Array(rows) => rows.iter().try_for_each(|row| solid(path, row)),
        Value::Object(object) => object.iter().try_for_each(|(key, value)| solid(&format!("{path}.{key}"), value)),
        _ => Ok(()),
    }
}
