use std::ops::Bound;

use domain::port::StoreError;
use model::{Event, ListQuery, Page};
use surrealdb::types::{Array, Number, Object, RecordId, RecordIdKey, RecordIdKeyRange, Value};

use crate::engine::{Engine, variables};
use crate::json;
use crate::user::page_variables;

fn record(id: &str) -> Value {
    Value::RecordId(RecordId::new("event", id))
}

/// An event as it is kept: as text, beside the columns that are searched.
pub(crate) struct Row {
    id: String,
    kind: &'static str,
    target: String,
    search: String,
    text: String,
}

impl Row {
    pub(crate) fn of(event: &Event) -> Result<Self, StoreError> {
        Ok(Self {
            id: event.id.clone(),
            kind: event.kind.code(),
            target: event.target.clone(),
            search: format!("{}\n{}\n{}", event.actor, event.target, event.message).to_lowercase(),
            text: serde_json::to_string(event).map_err(|error| StoreError::Corrupt(error.to_string()))?,
        })
    }

    /// To insert.
    pub(crate) fn value(&self) -> Value {
        let mut row = Object::new();
        row.insert("id", record(&self.id));
        row.insert("kind", self.kind);
        row.insert("target", self.target.clone());
        row.insert("search", self.search.clone());
        row.insert("text", self.text.clone());
        Value::Object(row)
    }

    /// As a line of the journal. The text of an event has no line ends but escaped ones.
    pub(crate) fn push_line(&self, lines: &mut Vec<u8>) {
        lines.extend_from_slice(self.text.as_bytes());
        lines.push(b'\n');
    }
}

/// Rows to insert.
pub(crate) fn rows(events: &[Event]) -> Result<Array, StoreError> {
    events.iter().map(|event| Ok(Row::of(event)?.value())).collect()
}

const BY_ID: &str = "SELECT text, body FROM ONLY $id";

pub(crate) async fn event(engine: &Engine, id: &str) -> Result<Option<Event>, StoreError> {
    let mut answer = engine.read(BY_ID, variables([("id", record(id))])).await?;
    answer.rows(0)?.pop().map(read).transpose()
}

/// A row as it is kept now, or as it was before events were kept as text.
fn read(row: Value) -> Result<Event, StoreError> {
    let Value::Object(mut row) = row else {
        return Err(StoreError::Corrupt("an event that is no record".to_owned()));
    };
    match row.remove("text") {
        Some(Value::String(text)) => {
            serde_json::from_str(&text).map_err(|error| StoreError::Corrupt(format!("event: {error}")))
        }
        _ => json::decode(row.remove("body").unwrap_or(Value::None), "event"),
    }
}

/// The page and the total of one condition. Ids sort by time, so the newest come first by walking the table from its
/// end; a search reads until the page is full, and its total is a scan.
macro_rules! listing {
    ($condition:literal) => {
        concat!(
            "SELECT id, text, body FROM event ",
            $condition,
            " ORDER BY id DESC LIMIT $limit START $start; ",
            "(SELECT count() FROM event ",
            $condition,
            " GROUP ALL)[0].count;",
        )
    };
}

pub(crate) async fn events(engine: &Engine, query: &ListQuery) -> Result<Page<Event>, StoreError> {
    let q = query.q.trim().to_lowercase();
    let text = match (query.target.is_empty(), query.filter.is_empty(), q.is_empty()) {
        (true, true, true) => listing!(""),
        (true, true, false) => listing!("WHERE string::contains(search, $q)"),
        (true, false, true) => listing!("WHERE kind = $kind"),
        (true, false, false) => listing!("WHERE kind = $kind AND string::contains(search, $q)"),
        (false, true, true) => listing!("WHERE target = $target"),
        (false, true, false) => listing!("WHERE target = $target AND string::contains(search, $q)"),
        (false, false, true) => listing!("WHERE target = $target AND kind = $kind"),
        (false, false, false) => {
            listing!("WHERE target = $target AND kind = $kind AND string::contains(search, $q)")
        }
    };
    let mut bound = page_variables(query, q);
    bound.insert("kind", query.filter.clone());
    bound.insert("target", query.target.clone());
    let mut answer = engine.read(text, bound).await?;
    let rows = answer.rows(0)?.into_iter().map(read);
    Ok(Page {
        rows: rows.collect::<Result<_, StoreError>>()?,
        total: answer.number(1)?,
        page: query.page_number(),
        page_size: ListQuery::PAGE_SIZE,
    })
}

const AFTER: &str = "SELECT VALUE id FROM $range LIMIT $limit";

/// How many events came after one, `limit` at most; a range of record ids, so only those are read.
pub(crate) async fn count_after(engine: &Engine, after: &str, limit: u32) -> Result<u32, StoreError> {
    let start =
        if after.is_empty() { Bound::Unbounded } else { Bound::Excluded(RecordIdKey::String(after.to_owned())) };
    let key = RecordIdKey::Range(Box::new(RecordIdKeyRange { start, end: Bound::Unbounded }));
    let range = Value::RecordId(RecordId { table: "event".into(), key });
    let limit = Value::Number(Number::Int(i64::from(limit)));
    let mut answer = engine.read(AFTER, variables([("range", range), ("limit", limit)])).await?;
    Ok(u32::try_from(answer.rows(0)?.len()).unwrap_or(u32::MAX))
}
