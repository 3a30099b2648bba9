use domain::port::StoreError;
use model::{Event, ListQuery};
use surrealdb::types::{Number, Value};

use super::listing::{fits, rows, span};
use super::tag::{Tag, Tagged};
use crate::engine::{Engine, variables};

const SOME: &str = "SELECT id, n FROM $range LIMIT $limit";

/// How many rows are looked through at a time.
const BATCH: i64 = 200;

/// A page of the events that have the words in who did it, what it is about or what it says. To count them, all events of
/// the tag are read.
pub(super) async fn page(engine: &Engine, query: &ListQuery, q: &str) -> Result<(Vec<Event>, u64), StoreError> {
    let (offset, size) = span(query);
    let tag = Tag::of(query);
    let (mut range, mut found, mut total) = (tag.all(), Vec::new(), 0);
    loop {
        let bound = variables([("range", range), ("limit", Value::Number(Number::Int(BATCH)))]);
        let entries = engine.read(SOME, bound).await?.rows(0)?;
        let ids: Vec<String> = entries.into_iter().filter_map(Tagged::read).map(|entry| entry.id).collect();
        let Some(last) = ids.last() else { break };
        range = tag.before(last);
        for event in rows(engine, &ids).await?.into_iter().flat_map(|row| row.events.into_iter().rev()) {
            if fits(&event, query) && says(&event, q) {
                if (offset..offset.saturating_add(size)).contains(&total) {
                    found.push(event);
                }
                total += 1;
            }
        }
    }
    Ok((found, u64::try_from(total).unwrap_or(u64::MAX)))
}

/// `q` is lower case. Line ends keep words of two fields apart.
fn says(event: &Event, q: &str) -> bool {
    format!("{}\n{}\n{}", event.actor, event.target, event.message).to_lowercase().contains(q)
}
