use domain::port::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use surrealdb::types::{Decimal, Number, Object, Value};

/// Something of the model as the database keeps it.
pub(crate) fn encode(thing: &impl Serialize) -> Result<Value, StoreError> {
    serde_json::to_value(thing).map(to_value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Something of the model out of what the database kept.
pub(crate) fn decode<T: DeserializeOwned>(value: Value, what: &str) -> Result<T, StoreError> {
    serde_json::from_value(from_value(value)).map_err(|error| StoreError::Corrupt(format!("{what}: {error}")))
}

/// Every JSON value has a counterpart and comes back as it was, but for the order of an object's keys. Numbers the
/// database has no integer for (above `i64::MAX`) are kept as decimals; its own conversion would round them.
fn to_value(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(flag),
        serde_json::Value::Number(number) => Value::Number(match (number.as_i64(), number.as_u64()) {
            (Some(int), _) => Number::Int(int),
            (None, Some(large)) => Number::Decimal(Decimal::from(large)),
            (None, None) => Number::Float(number.as_f64().unwrap_or_default()),
        }),
        serde_json::Value::String(text) => Value::String(text),
        serde_json::Value::Array(items) => Value::Array(items.into_iter().map(to_value).collect()),
        serde_json::Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, field)| (name, to_value(field))).collect::<Object>())
        }
    }
}

fn from_value(value: Value) -> serde_json::Value {
    match value {
        Value::Number(Number::Decimal(decimal)) => match decimal.to_string().parse::<u64>() {
            Ok(large) => large.into(),
            Err(_) => Value::Number(Number::Decimal(decimal)).into_json_value(),
        },
        Value::Array(items) => items.into_iter().map(from_value).collect(),
        Value::Object(fields) => {
            serde_json::Value::Object(fields.into_iter().map(|(name, field)| (name, from_value(field))).collect())
        }
        plain => plain.into_json_value(),
    }
}

#[cfg(test)]
mod tests {
    use super::{from_value, to_value};
    use serde_json::json;

    #[test]
    fn any_json_comes_back_as_it_went() {
        for json in [
            json!(null),
            json!({"a": [1, -1, 1.0, 0.1, true, null, {}], "": {"`⟩": "'\"\\\u{0}"}}),
            json!([i64::MIN, i64::MAX, u64::MAX, 1e300]),
            json!("2026-01-01T00:00:00Z"),
            json!("user:ada"),
        ] {
            assert_eq!(from_value(to_value(json.clone())), json);
        }
    }
}
