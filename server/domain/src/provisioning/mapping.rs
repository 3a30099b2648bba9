use expression::{Context, ExpressionErrorKind};
use serde_json::{Map, Value};

use super::limits::unhurried;
use crate::snapshot::Snapshot;

/// What the mappings of a provider make of one user or group.
#[derive(Debug, Clone, PartialEq)]
pub enum Rendering {
    Made(Map<String, Value>),
    /// `raise SkipObject`.
    Skipped,
    Failed {
        mapping: String,
        message: String,
    },
}

/// Runs the mappings in name order and merges what they give: dicts deeply, lists append, and what any of them sets to
/// `None` is left out, whatever the order.
pub fn render(snapshot: &Snapshot, names: &[String], context: &Context) -> Rendering {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort();
    sorted.dedup();
    let mut merged = Map::new();
    for name in sorted {
        let failed = |message: String| Rendering::Failed { mapping: name.clone(), message };
        let expression = match snapshot.mapping(name) {
            Some(Ok(expression)) => expression,
            Some(Err(error)) => return failed(error.to_string()),
            None => return failed("there is no such mapping".to_owned()),
        };
        match expression.evaluate(context, &unhurried()) {
            Ok(value) => match part(value) {
                Ok(part) => merge(&mut merged, part),
                Err(why) => return failed(why),
            },
            Err(error) if error.kind == ExpressionErrorKind::Skip => return Rendering::Skipped,
            Err(error) => return failed(error.to_string()),
        }
    }
    strip(&mut merged);
    Rendering::Made(merged)
}

/// What one mapping gives: attributes, or nothing.
pub(crate) fn part(value: Value) -> Result<Map<String, Value>, String> {
    match value {
        Value::Object(part) => Ok(part),
        Value::Null => Ok(Map::new()),
        other => Err(format!("the result is a dict with attributes, not {}", kind(&other))),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "None",
        Value::Bool(_) => "a bool",
        Value::Number(_) => "a number",
        Value::String(_) => "a str",
        Value::Array(_) => "a list",
        Value::Object(_) => "a dict",
    }
}

fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Null), _) => {}
            (Some(Value::Object(a)), Value::Object(b)) => merge(a, b),
            (Some(Value::Array(a)), Value::Array(b)) => a.extend(b),
            (_, value) => _ = into.insert(key, value),
        }
    }
}

/// What is `None` is not sent.
pub(crate) fn strip(object: &mut Map<String, Value>) {
    object.retain(|_, value| !value.is_null());
    for value in object.values_mut() {
        if let Value::Object(inner) = value {
            strip(inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{merge, strip};

    fn merged(parts: &[Value]) -> Value {
        let mut all = Map::new();
        for part in parts {
            merge(&mut all, part.as_object().unwrap().clone());
        }
        strip(&mut all);
        Value::Object(all)
    }

    #[test]
    fn dicts_merge_lists_append_and_none_wins_whatever_the_order() {
        let one = json!({"name": {"givenName": "A", "middleName": "M"}, "emails": [1], "photos": ["x"], "title": "T"});
        let two = json!({"name": {"familyName": "B", "middleName": null}, "emails": [2], "photos": null, "title": "U"});
        let both = json!({"name": {"givenName": "A", "familyName": "B"}, "emails": [1, 2], "title": "U"});
        assert_eq!(merged(&[one.clone(), two.clone()]), both);
        let other = merged(&[two, one]);
        assert!(other.get("photos").is_none() && other["name"].get("middleName").is_none());
    }
}
