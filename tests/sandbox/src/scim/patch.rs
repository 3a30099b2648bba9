//! PATCH (RFC 7644 §3.5.2) of a user.

use serde_json::{Map, Value};

use super::path::Path;
use super::refusal::Refusal;
use super::schema::{Attribute, ENTERPRISE, Shape, USER_ATTRIBUTES, find};

/// The message schema of PATCH.
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// What an operation does, whatever the case in which it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Add,
    Replace,
    Remove,
}

/// One operation. A missing path has been replaced by the one attribute of the value.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) op: Op,
    pub(crate) path: Path,
    /// Null if there is none.
    pub(crate) value: Value,
}

/// Reads the body of a PATCH request.
pub(crate) fn steps(body: &Value) -> Result<Vec<Step>, Refusal> {
    let body = body.as_object().ok_or_else(Refusal::violates)?;
    let known = body.keys().all(|key| key == "schemas" || key == "Operations");
    if !known || body.get("schemas") != Some(&Value::from(vec![PATCH])) {
        return Err(Refusal::violates());
    }
    let all = body.get("Operations").and_then(Value::as_array).filter(|all| !all.is_empty());
    all.ok_or_else(Refusal::violates)?.iter().map(step).collect()
}

fn step(operation: &Value) -> Result<Step, Refusal> {
    let parts = operation.as_object().ok_or_else(Refusal::violates)?;
    if parts.keys().any(|key| !["op", "path", "value"].contains(&key.as_str())) {
        return Err(Refusal::violates());
    }
    let name = parts.get("op").and_then(Value::as_str).ok_or_else(Refusal::violates)?;
    let op = match name.to_ascii_lowercase().as_str() {
        "add" => Op::Add,
        "replace" => Op::Replace,
        "remove" => Op::Remove,
        _ => return Err(Refusal::violates()),
    };
    let value = parts.get("value").cloned().unwrap_or_default();
    if op != Op::Remove && value.is_null() {
        return Err(Refusal::violates());
    }
    match parts.get("path") {
        Some(Value::String(path)) => Ok(Step { op, path: Path::parse(path)?, value }),
        Some(_) => Err(Refusal::violates()),
        None if op == Op::Remove => Err(Refusal::missing_path()),
        None => {
            let given = value.as_object().ok_or_else(Refusal::violates)?;
            // The id of the resource may stand beside the attribute.
            let mut named = given.iter().filter(|(name, _)| *name != "id");
            match (named.next(), named.next()) {
                (Some((name, value)), None) => Ok(Step { op, path: single(name, value)?, value: value.clone() }),
                (None, _) => Err(Refusal::violates()),
                _ => Err(Refusal::without_path()),
            }
        }
    }
}

fn single(name: &str, value: &Value) -> Result<Path, Refusal> {
    let several = name == ENTERPRISE && value.as_object().is_some_and(|parts| parts.len() > 1);
    if several { Err(Refusal::without_path()) } else { Path::parse(name) }
}

/// Changes the attributes of a user. Whether the outcome holds is judged afterwards.
pub(crate) fn patch(user: &mut Map<String, Value>, body: &Value) -> Result<(), Refusal> {
    let steps = steps(body)?;
    for guarded in ["userName", "active"] {
        let touching: Vec<_> = steps.iter().filter(|s| !s.path.extension && s.path.attribute == guarded).collect();
        if touching.len() > 1 || touching.iter().any(|step| step.op == Op::Remove) {
            return Err(Refusal::violates());
        }
    }
    for step in steps {
        let mut path = step.path;
        if path.extension {
            let Shape::Complex(parts) = shape(ENTERPRISE)? else { return Err(Refusal::violates()) };
            let attribute = find(parts, &path.attribute).ok_or_else(Refusal::violates)?;
            path.extension = false;
            let mut inner = match user.get(ENTERPRISE) {
                Some(Value::Object(parts)) => parts.clone(),
                _ => Map::new(),
            };
            apply(&mut inner, attribute, step.op, &path, step.value)?;
            put(user, ENTERPRISE, Value::Object(inner));
        } else {
            let attribute = find(USER_ATTRIBUTES, &path.attribute).filter(|attribute| attribute.patchable);
            apply(user, attribute.ok_or_else(Refusal::violates)?, step.op, &path, step.value)?;
        }
    }
    Ok(())
}

fn shape(name: &str) -> Result<Shape, Refusal> {
    find(USER_ATTRIBUTES, name).map(|attribute| attribute.shape).ok_or_else(Refusal::violates)
}

fn apply(
    parts: &mut Map<String, Value>,
    attribute: &Attribute,
    op: Op,
    path: &Path,
    value: Value,
) -> Result<(), Refusal> {
    let name = attribute.name;
    match (attribute.shape, &path.filter, &path.part) {
        (Shape::Text(_) | Shape::Flag, None, None) => {
            set(parts, attribute, op, value);
            Ok(())
        }
        (Shape::Complex(inner), None, part) => {
            let mut object = match parts.get(name) {
                Some(Value::Object(object)) => object.clone(),
                _ => Map::new(),
            };
            amend(&mut object, inner, op, part.as_deref(), value)?;
            put(parts, name, Value::Object(object));
            Ok(())
        }
        (Shape::List(_), None, None) => list(parts, name, op, value),
        (Shape::List(inner), Some((key, wanted)), part) => {
            let Some(Value::Array(mut all)) = parts.get(name).cloned() else { return Err(Refusal::violates()) };
            let fits = |element: &Value| match element.get(key) {
                Some(Value::String(text)) => text == wanted,
                Some(Value::Bool(flag)) => flag.to_string() == *wanted,
                _ => false,
            };
            find(inner, key).ok_or_else(Refusal::violates)?;
            if !all.iter().any(fits) {
                return Err(Refusal::violates());
            }
            if op == Op::Remove && part.is_none() {
                all.retain(|element| !fits(element));
            } else {
                for element in all.iter_mut().filter(|element| fits(element)) {
                    let object = element.as_object_mut().ok_or_else(Refusal::violates)?;
                    amend(object, inner, op, part.as_deref(), value.clone())?;
                }
            }
            put(parts, name, Value::Array(all));
            Ok(())
        }
        _ => Err(Refusal::violates()),
    }
}

/// Changes one part of an object, or those parts that an object as value has.
fn amend(
    object: &mut Map<String, Value>,
    inner: &'static [Attribute],
    op: Op,
    part: Option<&str>,
    value: Value,
) -> Result<(), Refusal> {
    if let Some(part) = part {
        return apply_part(object, inner, op, part, value);
    }
    if op == Op::Remove {
        object.clear();
        return Ok(());
    }
    let Value::Object(given) = value else { return Err(Refusal::violates()) };
    given.into_iter().try_for_each(|(part, value)| apply_part(object, inner, op, &part, value))
}

fn apply_part(
    object: &mut Map<String, Value>,
    inner: &'static [Attribute],
    op: Op,
    part: &str,
    value: Value,
) -> Result<(), Refusal> {
    let attribute = find(inner, part).ok_or_else(Refusal::violates)?;
    apply(object, attribute, op, &Path::plain(part), value)
}

fn set(parts: &mut Map<String, Value>, attribute: &Attribute, op: Op, value: Value) {
    if op == Op::Remove {
        parts.shift_remove(attribute.name);
        return;
    }
    // AWS's own example sends the flag as a text.
    let value = match (attribute.shape, value) {
        (Shape::Flag, Value::String(text)) if text == "true" || text == "false" => Value::Bool(text == "true"),
        (_, value) => value,
    };
    parts.insert(attribute.name.into(), value);
}

fn list(parts: &mut Map<String, Value>, name: &str, op: Op, value: Value) -> Result<(), Refusal> {
    let mut all = match (op, parts.get(name)) {
        (Op::Remove, _) => {
            parts.shift_remove(name);
            return Ok(());
        }
        (Op::Add, Some(Value::Array(all))) => all.clone(),
        _ => Vec::new(),
    };
    let Value::Array(given) = value else { return Err(Refusal::violates()) };
    if given.is_empty() {
        // An empty list is no value; the judgement says so in AWS's words.
        all.clear();
        parts.insert(name.into(), Value::Array(all));
        return Ok(());
    }
    for element in given {
        if !all.contains(&element) {
            all.push(element);
        }
    }
    parts.insert(name.into(), Value::Array(all));
    Ok(())
}

/// Keeps a value, or nothing in the place of one that has become empty.
fn put(parts: &mut Map<String, Value>, name: &str, value: Value) {
    let empty = match &value {
        Value::Object(object) => object.is_empty(),
        Value::Array(all) => all.is_empty(),
        _ => false,
    };
    if empty {
        parts.shift_remove(name);
    } else {
        parts.insert(name.into(), value);
    }
}
