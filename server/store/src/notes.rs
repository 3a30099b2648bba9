//! Notes about a provider that people keep beside its worker.

use std::ops::Bound;

use domain::port::StoreError;
use surrealdb::types::{RecordId, RecordIdKey, RecordIdKeyRange, Value};

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

pub(crate) async fn keep_note(
    engine: &Engine,
    provider: &str,
    name: &str,
    text: Option<&str>,
) -> Result<(), StoreError> {
    let id = ("id", noted(provider, name));
    match text {
        Some(text) => {
            let body = ("body", Value::String(text.to_owned()));
            engine.write("UPSERT $id SET body = $body RETURN NONE", variables([id, body])).await?;
        }
        None => _ = engine.write("DELETE $id RETURN NONE", variables([id])).await?,
    }
    Ok(())
}
