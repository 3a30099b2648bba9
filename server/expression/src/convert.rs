use monty_types::{MontyObject, ObjectRef};
use serde_json::{Map, Number, Value};

use crate::{ExpressionError, ExpressionErrorKind};

/// Values nested deeper than this are refused on the way out.
const DEPTH: usize = 16;

/// JSON as Python sees it.
pub fn to_python(value: &Value) -> MontyObject {
    match value {
        Value::Null => MontyObject::none(),
        Value::Bool(b) => MontyObject::bool(*b),
        Value::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(int), _) => MontyObject::int(int),
            (None, Some(float)) => MontyObject::float(float),
            (None, None) => MontyObject::none(),
        },
        Value::String(s) => MontyObject::string(s.clone()),
        Value::Array(items) => MontyObject::list(items.iter().map(to_python)),
        Value::Object(map) => dict(map),
    }
}

pub fn dict(map: &Map<String, Value>) -> MontyObject {
    MontyObject::dict(map.iter().map(|(k, v)| (MontyObject::string(k.clone()), to_python(v))))
}

/// A result as JSON. Only None, str, int, float, bool, list, tuple and dict can leave;
/// an int beyond 64 bits has no meaning for any attribute and is refused.
pub fn from_python(object: &MontyObject, most: usize) -> Result<Value, ExpressionError> {
    let mut budget = most;
    convert(object.as_ref(), DEPTH, &mut budget).map_err(|mut error| {
        if error.kind == ExpressionErrorKind::ResultTooLarge {
            error.message = format!("the result is larger than {} KiB", most / 1024);
        }
        error
    })
}

fn spend(budget: &mut usize, bytes: usize) -> Result<(), ExpressionError> {
    match budget.checked_sub(bytes) {
        Some(left) => {
            *budget = left;
            Ok(())
        }
        None => Err(ExpressionError::new(ExpressionErrorKind::ResultTooLarge, "the result is too large")),
    }
}

fn convert(object: ObjectRef<'_>, depth: usize, budget: &mut usize) -> Result<Value, ExpressionError> {
    let refuse = |why: String| Err(ExpressionError::new(ExpressionErrorKind::ResultType, why));
    let Some(deeper) = depth.checked_sub(1) else { return refuse("the result is nested too deeply".to_owned()) };
    // However small it is.
    spend(budget, 8)?;
    match object.type_name() {
        "NoneType" => Ok(Value::Null),
        "bool" => Ok(Value::Bool(object.as_bool().unwrap_or_default())),
        "int" => match object.as_int() {
            Some(int) => Ok(Value::from(int)),
            None => refuse("the result is an int of more than 64 bits".to_owned()),
        },
        "float" => match object.as_float().and_then(Number::from_f64) {
            Some(number) => Ok(Value::Number(number)),
            None => refuse("the result is a float that is not a number or infinite".to_owned()),
        },
        "str" => {
            let text = object.as_str().unwrap_or_default();
            spend(budget, text.len())?;
            Ok(Value::String(text.to_owned()))
        }
        "list" | "tuple" => {
            let items = object.items().unwrap_or_default();
            items.into_iter().map(|item| convert(item, deeper, budget)).collect::<Result<_, _>>().map(Value::Array)
        }
        "dict" => {
            let mut map = Map::new();
            for (key, value) in object.pairs().unwrap_or_default() {
                let Some(key) = key.as_str() else { return refuse("a key of the result is not a str".to_owned()) };
                spend(budget, key.len())?;
                map.insert(key.to_owned(), convert(value, deeper, budget)?);
            }
            Ok(Value::Object(map))
        }
        other => refuse(format!("the result is of type {other}; return None, str, int, float, bool, list or dict")),
    }
}
