//! Members in the bodies of requests.

use serde_json::Value;

use super::refusal::Refusal;

/// The most members that one request may bring or take away.
pub(crate) const LIMIT: usize = 100;

/// The ids in a list of members: `value`, and beside it nothing but `type` and `$ref`.
pub(crate) fn ids(list: &Value) -> Result<Vec<String>, Refusal> {
    list.as_array().ok_or_else(Refusal::violates)?.iter().map(id).collect()
}

fn id(member: &Value) -> Result<String, Refusal> {
    let parts = member.as_object().ok_or_else(Refusal::violates)?;
    for (name, value) in parts {
        let good = match name.as_str() {
            "value" => value.as_str().is_some_and(|id| !id.is_empty()),
            "type" => value == "User",
            "$ref" => value.is_string(),
            _ => false,
        };
        if !good {
            return Err(Refusal::violates());
        }
    }
    parts.get("value").and_then(Value::as_str).map(str::to_owned).ok_or_else(Refusal::violates)
}

/// How many changes of membership a body holds, whether or not it is good otherwise.
pub(crate) fn membership_changes(body: Option<&Value>) -> usize {
    let count = |list: Option<&Value>| match list {
        Some(Value::Array(all)) => all.len(),
        _ => 0,
    };
    let Some(body) = body else { return 0 };
    let steps = body.get("Operations").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let of_step = |step: &Value| {
        let path = step.get("path").and_then(Value::as_str).unwrap_or_default();
        match step.get("value") {
            _ if path.starts_with("members[") => 1,
            value if path == "members" => count(value),
            Some(value) if path.is_empty() => count(value.get("members")),
            _ => 0,
        }
    };
    count(body.get("members")) + steps.iter().map(of_step).sum::<usize>()
}
