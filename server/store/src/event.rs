use domain::port::StoreError;
use model::{Event, ListQuery, Page};
use surrealdb::types::{Array, Object, RecordId, Value};

use crate::engine::{Engine, variables};
use crate::json;
use crate::user::page_variables;

fn record(id: &str) -> Value {
    Value::RecordId(RecordId::new("event", id))
}

/// Rows to insert.
pub(crate) fn rows(events: &[Event]) -> Result<Array, StoreError> {
    events.iter().map(row).collect()
}

fn row(event: &Event) -> Result<Value, StoreError> {
    let mut row = Object::new();
    row.insert("id", record(&event.id));
    row.insert("kind", event.kind.code());
    row.insert("search", format!("{}\n{}\n{}", event.actor, event.target, event.message).to_lowercase());
    row.insert("body", json::encode(event)?);
    Ok(Value::Object(row))
}

const BY_ID: &str = "SELECT VALUE body FROM ONLY $id";

pub(crate) async fn event(engine: &Engine, id: &str) -> Result<Option<Event>, StoreError> {
    let mut answer = engine.read(BY_ID, variables([("id", record(id))])).await?;
    answer.rows(0)?.pop().map(|body| json::decode(body, "event")).transpose()
}

/// The page and the total of one condition. Ids sort by time, so the newest come first by walking the table from its
/// end; a search reads until the page is full, and its total is a scan.
macro_rules! listing {
    ($condition:literal) => {
        concat!(
            "SELECT id, body FROM event ",
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
    let text = match (query.filter.is_empty(), q.is_empty()) {
        (true, true) => listing!(""),
        (true, false) => listing!("WHERE string::contains(search, $q)"),
        (false, true) => listing!("WHERE kind = $kind"),
        (false, false) => listing!("WHERE kind = $kind AND string::contains(search, $q)"),
    };
    let mut bound = page_variables(query, q);
    bound.insert("kind", query.filter.clone());
    let mut answer = engine.read(text, bound).await?;
    let rows = answer.rows(0)?.into_iter().map(|row| match row {
        Value::Object(mut row) => json::decode(row.remove("body").unwrap_or(Value::None), "event"),
        _ => Err(StoreError::Corrupt("an event that is no record".to_owned())),
    });
    Ok(Page {
        rows: rows.collect::<Result<_, StoreError>>()?,
        total: answer.number(1)?,
        page: query.page_number(),
        page_size: ListQuery::PAGE_SIZE,
    })
}
