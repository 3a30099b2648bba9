use domain::port::{ChangeSet, Document, Expect, Kind, StoreError, Write};
use surrealdb::types::{Array, Number, Object, Value, Variables};

use crate::document::{record, row};
use crate::engine::{Engine, variables};
use crate::event::{self, insert_events};
use crate::failure::Failure;

/// One text for all change sets. Two transactions that write the same record never both commit, and what a write
/// expects is said of the record it writes, so the checks hold when the transaction does. A `THROW` undoes all of it
/// and says which write failed by its place.
const COMMIT: &str = concat!(
    "
BEGIN;
FOR $write IN $writes {
    LET $id = $write.id;
    LET $was = (SELECT VALUE version FROM ONLY $id);
    IF $write.absent AND $was != NONE { THROW 'rolecall:exists:' + <string>$write.place };
    IF $write.version != NULL AND $was != $write.version { THROW 'rolecall:stale:' + <string>$write.place };
    IF $write.row = NULL {
        DELETE $id RETURN NONE
    } ELSE {
        UPSERT $id CONTENT object::extend($write.row, { version: ($was ?? 0) + 1 }) RETURN NONE
    };
};
FOR $username IN $ended {
    UPDATE session SET ended = true, body = NONE WHERE username = $username AND ended = false RETURN NONE;
};
",
    insert_events!(),
    "UPSERT ONLY epoch:main SET number += 1 RETURN VALUE number;
COMMIT;
"
);
/// Which statement of the text raises the epoch.
const EPOCH: usize = 5;

/// Carries a change set out and returns the new epoch.
pub(crate) async fn commit(engine: &Engine, change: &ChangeSet) -> Result<u64, StoreError> {
    let result = engine.write(COMMIT, bind(change)?).await;
    match result {
        Ok(mut answer) => answer.number(EPOCH),
        Err(Failure::Thrown(text)) => Err(refused(&text, &change.writes)),
        Err(failure) => Err(failure.into()),
    }
}

fn bind(change: &ChangeSet) -> Result<Variables, StoreError> {
    let writes = change.writes.iter().enumerate().map(|(place, write)| bind_write(place, write));
    let writes = writes.collect::<Result<Array, StoreError>>()?;
    let ended: Array = change.end_sessions_of.iter().map(|username| username.to_lowercase()).collect();
    let mut bound = variables([("writes", Value::Array(writes)), ("ended", Value::Array(ended))]);
    event::Rows::of(&change.events)?.bind(&mut bound);
    Ok(bound)
}

fn bind_write(place: usize, write: &Write) -> Result<Value, StoreError> {
    let (id, row, expect) = match write {
        Write::Put { document, expect } => {
            (record(document.kind(), &document.key()), Value::Object(row(document)?), *expect)
        }
        Write::Delete { kind, key, expect } => (record(*kind, &key_of(*kind, key)), Value::Null, *expect),
    };
    let version = match expect {
        // No document ever has a version past i64: what expects one is stale, not an error.
        Expect::Version(version) => Value::Number(Number::Int(i64::try_from(version).unwrap_or(-1))),
        Expect::Anything | Expect::Absent => Value::Null,
    };
    let mut bound = Object::new();
    bound.insert("place", i64::try_from(place).unwrap_or(-1));
    bound.insert("id", id);
    bound.insert("row", row);
    bound.insert("absent", expect == Expect::Absent);
    bound.insert("version", version);
    Ok(Value::Object(bound))
}

/// The key as [`Document::key`] makes it, for those who spell a username as its owner does.
pub(crate) fn key_of(kind: Kind, key: &str) -> String {
    if kind == Kind::User { key.to_lowercase() } else { key.to_owned() }
}

/// What a `THROW` of the text tells the caller.
fn refused(thrown: &str, writes: &[Write]) -> StoreError {
    let mut parts = thrown.split(':');
    let (Some("rolecall"), Some(reason), Some(place)) = (parts.next(), parts.next(), parts.next()) else {
        return StoreError::Unavailable(thrown.to_owned());
    };
    let write = place.parse::<usize>().ok().and_then(|place| writes.get(place));
    let (kind, key) = match write {
        Some(Write::Put { document, .. }) => (document.kind(), Document::key(document)),
        Some(Write::Delete { kind, key, .. }) => (*kind, key.clone()),
        None => return StoreError::Unavailable(thrown.to_owned()),
    };
    if reason == "exists" { StoreError::Exists { kind, key } } else { StoreError::Stale { kind, key } }
}
