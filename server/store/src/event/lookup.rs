use domain::port::StoreError;
use model::Event;
use surrealdb::types::{Number, Value};

use super::listing::rows;
use super::row::Row;
use super::tag::{Tag, Tagged};
use crate::engine::{Engine, variables};

/// How many rows are looked through for an event. Rows written at the same moment may overlap: an event is in the nearest
/// row, but for the few that were under way together.
const NEAR: [u32; 2] = [1, 64];

const SOME: &str = "SELECT id, n FROM $range LIMIT $limit";

async fn entries(engine: &Engine, range: Value, limit: u32) -> Result<Vec<Tagged>, StoreError> {
    let bound = variables([("range", range), ("limit", Value::Number(Number::Int(i64::from(limit))))]);
    Ok(engine.read(SOME, bound).await?.rows(0)?.into_iter().filter_map(Tagged::read).collect())
}

/// The nearest rows whose first event is not after an id, nearest first.
pub(super) async fn rows_up_to(engine: &Engine, id: &str, limit: u32) -> Result<Vec<Row>, StoreError> {
    let entries = entries(engine, Tag::any().up_to(id), limit).await?;
    rows(engine, &entries.into_iter().map(|entry| entry.id).collect::<Vec<_>>()).await
}

pub(crate) async fn event(engine: &Engine, id: &str) -> Result<Option<Event>, StoreError> {
    for limit in NEAR {
        let rows = rows_up_to(engine, id, limit).await?;
        let found = rows.into_iter().flat_map(|row| row.events).find(|event| event.id == id);
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// How many events came after one, `limit` at most; ranges of record ids, so only those are read.
pub(crate) async fn count_after(engine: &Engine, after: &str, limit: u32) -> Result<u32, StoreError> {
    let tag = Tag::any();
    let range = if after.is_empty() { tag.all() } else { tag.after(after) };
    let mut count: usize = entries(engine, range, limit).await?.iter().map(|entry| entry.n).sum();
    if !after.is_empty() {
        // Of those that share a row with it, or with one just before it.
        let rows = rows_up_to(engine, after, 2).await?;
        count += rows.iter().flat_map(|row| &row.events).filter(|event| event.id.as_str() > after).count();
    }
    Ok(u32::try_from(count).unwrap_or(u32::MAX).min(limit))
}
