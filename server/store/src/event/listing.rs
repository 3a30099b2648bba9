use domain::port::StoreError;
use model::{Event, ListQuery, Page};
use surrealdb::types::{Array, Number, Value};

use super::bundle::record;
use super::row::Row;
use super::search;
use super::tag::{Tag, Tagged};
use crate::engine::{Engine, variables};

/// Enough entries for a page however few events each has, and how many events there are.
const PAGE: &str = "
SELECT id, n FROM $range LIMIT $limit;
(SELECT math::sum(n) AS total FROM $range GROUP ALL)[0].total;
";

const ROWS: &str = "SELECT id, lines, text, body FROM $rows";

/// A page of the trail, newest first: by row, and within a row by id.
pub(crate) async fn events(engine: &Engine, query: &ListQuery) -> Result<Page<Event>, StoreError> {
    let q = query.q.trim().to_lowercase();
    let (rows, total) = if q.is_empty() { page(engine, query).await? } else { search::page(engine, query, &q).await? };
    Ok(Page { rows, total, page: query.page_number(), page_size: ListQuery::PAGE_SIZE })
}

async fn page(engine: &Engine, query: &ListQuery) -> Result<(Vec<Event>, u64), StoreError> {
    let (offset, size) = span(query);
    let limit = Value::Number(Number::Int(i64::try_from(offset.saturating_add(size)).unwrap_or(i64::MAX)));
    let mut answer = engine.read(PAGE, variables([("range", Tag::of(query).all()), ("limit", limit)])).await?;
    let (mut passed, mut skip, mut ids) = (0, None, Vec::new());
    for entry in answer.rows(0)?.into_iter().filter_map(Tagged::read) {
        if passed >= offset.saturating_add(size) {
            break;
        }
        if passed + entry.n > offset {
            skip.get_or_insert(offset.saturating_sub(passed));
            ids.push(entry.id);
        }
        passed += entry.n;
    }
    let rows = rows(engine, &ids).await?;
    let events = rows.into_iter().flat_map(|row| row.events.into_iter().rev()).filter(|event| fits(event, query));
    Ok((events.skip(skip.unwrap_or_default()).take(size).collect(), answer.number(1)?))
}

/// Where a page begins, and how long it is.
pub(super) fn span(query: &ListQuery) -> (usize, usize) {
    let size = usize::try_from(ListQuery::PAGE_SIZE).unwrap_or(usize::MAX);
    (usize::try_from(query.offset()).unwrap_or(usize::MAX), size)
}

/// Rows by their ids, in that order.
pub(super) async fn rows(engine: &Engine, ids: &[String]) -> Result<Vec<Row>, StoreError> {
    let ids: Array = ids.iter().map(|id| record(id)).collect();
    engine.read(ROWS, variables([("rows", Value::Array(ids))])).await?.rows(0)?.into_iter().map(Row::read).collect()
}

/// Whether the query's tag is one of the event's.
pub(super) fn fits(event: &Event, query: &ListQuery) -> bool {
    (query.filter.is_empty() || query.filter == event.kind.code())
        && (query.target.is_empty() || query.target == event.target)
}
