use domain::port::StoreError;
use model::Event;
use surrealdb::types::{RecordId, RecordIdKey, Value};

use super::Line;
use crate::json;

/// A row of `event`: its id, and its events in the order of their ids.
pub(super) struct Row {
    pub id: String,
    pub events: Vec<Event>,
}

impl Row {
    /// `id, lines, text, body` of a row as it is kept now, or as it was when it held one event: as text, or before that
    /// as an object.
    pub(super) fn read(row: Value) -> Result<Self, StoreError> {
        let corrupt = || StoreError::Corrupt("an event that is no record".to_owned());
        let Value::Object(mut row) = row else { return Err(corrupt()) };
        let Some(Value::RecordId(RecordId { key: RecordIdKey::String(id), .. })) = row.remove("id") else {
            return Err(corrupt());
        };
        let events = match (row.remove("lines"), row.remove("text")) {
            (Some(Value::String(lines)), _) => lines.lines().map(parse).collect::<Result<_, _>>()?,
            (_, Some(Value::String(text))) => vec![parse(&text)?],
            _ => vec![json::decode(row.remove("body").unwrap_or(Value::None), "event")?],
        };
        Ok(Self { id, events })
    }
}

fn parse(text: &str) -> Result<Event, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(format!("event: {error}")))
}

/// The events of a row of a backup.
pub(crate) fn lines_of(row: &serde_json::Map<String, serde_json::Value>) -> Result<Vec<Line>, StoreError> {
    let text = |name: &str| row.get(name).and_then(serde_json::Value::as_str);
    let events = match (text("lines"), text("text")) {
        (Some(lines), _) => lines.lines().map(parse).collect::<Result<Vec<_>, _>>()?,
        (None, Some(text)) => vec![parse(text)?],
        (None, None) => {
            let body = row.get("body").cloned().unwrap_or_default();
            vec![serde_json::from_value(body).map_err(|error| StoreError::Corrupt(format!("event: {error}")))?]
        }
    };
    Line::of_all(&events)
}
