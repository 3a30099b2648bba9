use serde_json::Value;

/// One key of a document that differs between two states of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub field: String,
    /// Empty: it was not there.
    pub before: String,
    pub after: String,
}

/// What differs, key by key in the order of `before`, then what is new.
pub fn differences(before: &Value, after: &Value) -> Vec<Change> {
    let none = serde_json::Map::new();
    let (old, new) = (before.as_object().unwrap_or(&none), after.as_object().unwrap_or(&none));
    let added = new.keys().filter(|key| !old.contains_key(*key));
    let keys = old.keys().chain(added);
    keys.filter(|key| old.get(*key) != new.get(*key))
        .map(|key| Change { field: key.clone(), before: readable(old.get(key)), after: readable(new.get(key)) })
        .collect()
}

/// Texts as they are, everything else as indented JSON.
pub fn readable(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => serde_json::to_string_pretty(other).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Change, differences};

    #[test]
    fn only_what_differs_is_told() {
        let (before, after) = (json!({"a": "1", "b": 2, "c": null}), json!({"a": "1", "b": 3, "d": ["x"]}));
        let change = |field: &str, before: &str, after: &str| Change {
            field: field.into(),
            before: before.into(),
            after: after.into(),
        };
        assert_eq!(
            differences(&before, &after),
            [change("b", "2", "3"), change("c", "", ""), change("d", "", "[\n  \"x\"\n]")][..].to_vec()
        );
        assert!(differences(&json!(null), &json!(null)).is_empty());
    }
}
