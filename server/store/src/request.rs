use domain::port::StoreError;
use surrealdb::types::{Number, RecordId, Value};

use crate::engine::{Engine, variables};
use crate::failure::Failure;

/// Requests that one transaction of a sweep removes.
const SWEEP: usize = 2_000;

fn bound(key: &str, now: i64, expires: i64) -> surrealdb::types::Variables {
    let number = |n| Value::Number(Number::Int(n));
    let id = Value::RecordId(RecordId::new("request", key));
    variables([("id", id), ("now", number(now)), ("expires", number(expires))])
}

const NOTE: &str = "
UPSERT ONLY $id SET first_seen = first_seen ?? $now, answered = answered ?? false, expires = expires ?? $expires
    RETURN VALUE first_seen;
";

/// Notes that a request is there; tells when it was first.
pub(crate) async fn note(engine: &Engine, key: &str, now: i64, expires: i64) -> Result<i64, StoreError> {
    let first = engine.write(NOTE, bound(key, now, expires)).await?.number(0)?;
    i64::try_from(first).map_err(|_| StoreError::Corrupt("a request first seen at no time".to_owned()))
}

const SEEN: &str = "SELECT VALUE first_seen FROM ONLY $id";

/// When a request was first seen; None: it never was, or that is forgotten.
pub(crate) async fn seen(engine: &Engine, key: &str) -> Result<Option<i64>, StoreError> {
    let id = Value::RecordId(RecordId::new("request", key));
    match engine.read(SEEN, variables([("id", id)])).await?.rows(0)?.pop() {
        Some(Value::Number(Number::Int(first))) => Ok(Some(first)),
        Some(Value::None | Value::Null) | None => Ok(None),
        Some(_) => Err(StoreError::Corrupt("a request first seen at no time".to_owned())),
    }
}

/// Of two that take the same request at once, the database lets one commit; the other runs again and finds it taken.
const TAKE: &str = "
BEGIN;
IF (SELECT VALUE answered FROM ONLY $id) = true { THROW 'rolecall:answered' };
UPSERT $id SET first_seen = first_seen ?? $now, answered = true, expires = expires ?? $expires RETURN NONE;
COMMIT;
";

/// Takes a request for answering; false: it was taken before.
pub(crate) async fn take(engine: &Engine, key: &str, now: i64, expires: i64) -> Result<bool, StoreError> {
    match engine.write(TAKE, bound(key, now, expires)).await {
        Ok(_) => Ok(true),
        Err(Failure::Thrown(text)) if text == "rolecall:answered" => Ok(false),
        Err(failure) => Err(failure.into()),
    }
}

const OVER: &str = "DELETE (SELECT VALUE id FROM request WHERE expires < $now LIMIT $limit) RETURN BEFORE";

/// Removes requests that nobody can send again: all of them, for anybody may send as many as they like.
pub(crate) async fn sweep(engine: &Engine, now: i64) -> Result<(), StoreError> {
    let number = |n| Value::Number(Number::Int(n));
    let limit = i64::try_from(SWEEP).unwrap_or(i64::MAX);
    loop {
        let bound = variables([("now", number(now)), ("limit", number(limit))]);
        if engine.write(OVER, bound).await?.rows(0)?.len() < SWEEP {
            return Ok(());
        }
    }
}
