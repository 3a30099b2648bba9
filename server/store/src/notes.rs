//! Notes about a provider that people keep beside its worker.

use std::ops::Bound;

use domain::port::StoreError;
use surrealdb::types::{Array, Object, RecordId, RecordIdKey, RecordIdKeyRange, Value};

use crate::capacity::Capacity;
use crate::engine::{Engine, variables};
use crate::provisioning::{NOTES, note_key, noted};

const LIST: &str = "SELECT id, body FROM $range";

/// Names and texts, by name.
pub(crate) async fn notes(engine: &Engine, provider: &str, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
    let start = note_key(provider, prefix);
    // Names are plain text: none has this character.
    let end = format!("{start}\u{10ffff}");
    let (start, end) = (RecordIdKey::String(start), RecordIdKey::String(end));
    let key = RecordIdKeyRange { start: Bound::Included(start), end: Bound::Excluded(end) };
    let range = Value::RecordId(RecordId { table: NOTES.into(), key: RecordIdKey::Range(Box::new(key)) });
    let rows = engine.read(LIST, variables([("range", range)])).await?.rows(0)?;
    let skipped = note_key(provider, "").len();
    rows.into_iter().map(|row| read(row, skipped)).collect()
}

fn read(row: Value, skipped: usize) -> Result<(String, String), StoreError> {
    let Value::Object(mut row) = row else { return Err(corrupt()) };
    match (row.remove("id"), row.remove("body")) {
        (Some(Value::RecordId(RecordId { key: RecordIdKey::String(key), .. })), Some(Value::String(body))) => {
            Ok((key.get(skipped..).unwrap_or_default().to_owned(), body))
        }
        _ => Err(corrupt()),
    }
}

fn corrupt() -> StoreError {
    StoreError::Corrupt("a note about provisioning that is none".to_owned())
}

/// What is replaced is taken away first: an `UPSERT` of many has no form that takes them from a variable.
const KEEP: &str = "
BEGIN;
DELETE $ids RETURN NONE;
INSERT INTO scim_note $rows RETURN NONE;
COMMIT;
";

pub(crate) async fn keep_notes(
    engine: &Engine,
    provider: &str,
    notes: Vec<(String, Option<String>)>,
    capacity: Capacity,
) -> Result<(), StoreError> {
    let (mut ids, mut rows) = (Array::new(), Array::new());
    for (name, text) in notes {
        ids.push(noted(provider, &name));
        if let Some(text) = text {
            let mut row = Object::new();
            row.insert("id", noted(provider, &name));
            row.insert("body", text);
            rows.push(Value::Object(row));
        }
    }
    let bound = variables([("ids", Value::Array(ids)), ("rows", Value::Array(rows))]);
    capacity.take(&bound, 0)?;
    engine.write(KEEP, bound).await?;
    Ok(())
}
