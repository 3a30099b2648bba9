use std::collections::BTreeSet;
use std::ops::Bound;

use domain::port::StoreError;
use surrealdb::types::{Number, RecordId, RecordIdKey, RecordIdKeyRange, Value};

use super::Line;
use super::lookup::rows_up_to;
use super::row::Row;
use crate::engine::{Engine, variables};

const BETWEEN: &str = "SELECT id, lines, text, body FROM $range LIMIT $limit";
const BATCH: i64 = 200;

/// What the database has from the time of some events.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Events.
    pub events: BTreeSet<String>,
    /// First events of rows.
    pub rows: BTreeSet<String>,
}

/// Which of these events, ordered by id, the database has, and which rows lie between them.
pub(crate) async fn known(engine: &Engine, lines: &[Line]) -> Result<Known, StoreError> {
    let mut known = Known::default();
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(known) };
    known.take(rows_up_to(engine, &first.id, 64).await?);
    let mut start = first.id.clone();
    loop {
        let (from, to) = (RecordIdKey::String(start), RecordIdKey::String(last.id.clone()));
        let range = RecordIdKeyRange { start: Bound::Excluded(from), end: Bound::Included(to) };
        let range = Value::RecordId(RecordId { table: "event".into(), key: RecordIdKey::Range(Box::new(range)) });
        let bound = variables([("range", range), ("limit", Value::Number(Number::Int(BATCH)))]);
        let rows = engine.read(BETWEEN, bound).await?.rows(0)?;
        let rows = rows.into_iter().map(Row::read).collect::<Result<Vec<_>, _>>()?;
        let Some(end) = rows.last() else { return Ok(known) };
        start = end.id.clone();
        known.take(rows);
    }
}

impl Known {
    fn take(&mut self, rows: Vec<Row>) {
        for row in rows {
            self.events.extend(row.events.into_iter().map(|event| event.id));
            self.rows.insert(row.id);
        }
    }
}
