use domain::port::StoreError;
use model::Event;
use surrealdb::types::{Array, Object, RecordId, Value, Variables};

use super::Line;
use super::tag::Tag;
use crate::engine::{Engine, variables};
use crate::failure::Failure;

/// The statements that write `$events` and `$tags`, as part of a transaction. A row is never written over: an id that is
/// taken is refused.
macro_rules! insert_events {
    () => {
        "INSERT INTO event $events RETURN NONE;\nINSERT INTO event_tag $tags RETURN NONE;\n"
    };
}
pub(crate) use insert_events;

/// A transaction of nothing else.
const INSERT: &str = concat!("BEGIN;\n", insert_events!(), "COMMIT;\n");

/// Events of one row at most: who reads a page of the trail reads whole rows.
pub(crate) const LONGEST: usize = 128;

pub(super) fn record(id: &str) -> Value {
    Value::RecordId(RecordId::new("event", id))
}

/// Rows of `event` and their tags, to be inserted together.
#[derive(Default)]
pub(crate) struct Rows {
    events: Array,
    tags: Tags,
}

/// Entries of tags, to be inserted.
#[derive(Default)]
pub(crate) struct Tags(Array);

impl Tags {
    /// Those of a row.
    pub(crate) fn add(&mut self, row: &str, lines: &[Line]) {
        for (tag, n) in Tag::count(lines) {
            self.0.push(tag.entry(row, n));
        }
    }

    pub(crate) fn value(self) -> Value {
        Value::Array(self.0)
    }
}

impl Rows {
    /// Rows of the events of one write, in the order of their ids.
    pub(crate) fn of(events: &[Event]) -> Result<Self, StoreError> {
        let mut lines = Line::of_all(events)?;
        lines.sort_by(|a, b| a.id.cmp(&b.id));
        let mut rows = Self::default();
        lines.chunks(LONGEST).for_each(|lines| rows.add(lines));
        Ok(rows)
    }

    /// One row of these events, ordered by id. None for none.
    pub(crate) fn add(&mut self, lines: &[Line]) {
        let Some(first) = lines.first() else { return };
        let mut text = String::with_capacity(lines.iter().map(Line::len).sum());
        lines.iter().for_each(|line| line.push_to(&mut text));
        let mut row = Object::new();
        row.insert("id", record(&first.id));
        row.insert("lines", text);
        self.events.push(Value::Object(row));
        self.tags.add(&first.id, lines);
    }

    /// `$events` and `$tags`.
    pub(crate) fn bind(self, variables: &mut Variables) {
        variables.insert("events", Value::Array(self.events));
        variables.insert("tags", self.tags.value());
    }

    pub(crate) async fn insert(self, engine: &Engine) -> Result<(), Failure> {
        let mut bound = variables([]);
        self.bind(&mut bound);
        engine.write(INSERT, bound).await.map(|_| ())
    }
}
