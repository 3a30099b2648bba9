use domain::port::{SessionRecord, StoreError};
use model::Event;
use surrealdb::types::{Number, Object, RecordId, Value};

use crate::engine::{Engine, variables};
use crate::event::{self, insert_events};
use crate::json;

/// How many sessions one transaction of a sweep removes.
const SWEEP_BATCH: u32 = 500;

fn record(id_hash: &str) -> Value {
    Value::RecordId(RecordId::new("session", id_hash))
}

/// One statement, so one transaction. A session that was ended stays ended: the request that wanted to note its last
/// use was overtaken, and finds no session the next time.
const PUT: &str = "
IF (SELECT VALUE ended FROM ONLY $id) != true { UPSERT $id CONTENT $row RETURN NONE };
";

pub(crate) async fn put(engine: &Engine, session: &SessionRecord) -> Result<(), StoreError> {
    let mut row = Object::new();
    row.insert("username", session.username.to_lowercase());
    row.insert("expires", session.expires);
    row.insert("ended", false);
    row.insert("body", json::encode(session)?);
    engine.write(PUT, variables([("id", record(&session.id_hash)), ("row", Value::Object(row))])).await?;
    Ok(())
}

const BY_HASH: &str = "SELECT VALUE body FROM ONLY $id";

pub(crate) async fn session(engine: &Engine, id_hash: &str) -> Result<Option<SessionRecord>, StoreError> {
    let mut answer = engine.read(BY_HASH, variables([("id", record(id_hash))])).await?;
    answer.rows(0)?.pop().map(|body| json::decode(body, "session")).transpose()
}

const BY_USERNAME: &str = "SELECT VALUE body FROM session WHERE username = $username AND ended = false";

/// Oldest first.
pub(crate) async fn sessions_of(engine: &Engine, username: &str) -> Result<Vec<SessionRecord>, StoreError> {
    let username = Value::String(username.to_lowercase());
    let mut answer = engine.read(BY_USERNAME, variables([("username", username)])).await?;
    let bodies = answer.rows(0)?.into_iter();
    let mut sessions =
        bodies.map(|body| json::decode(body, "session")).collect::<Result<Vec<SessionRecord>, StoreError>>()?;
    sessions.sort_by(|a, b| (a.started, &a.id_hash).cmp(&(b.started, &b.id_hash)));
    Ok(sessions)
}

const END: &str = concat!(
    "
BEGIN;
UPDATE $id SET ended = true, body = NONE RETURN NONE;
",
    insert_events!(),
    "UPSERT ONLY epoch:main SET number += 1 RETURN VALUE number;
COMMIT;
"
);
/// Which statement of the text raises the epoch.
const EPOCH: usize = 4;

/// Returns the new epoch.
pub(crate) async fn end(engine: &Engine, id_hash: &str, events: &[Event]) -> Result<u64, StoreError> {
    let mut bound = variables([("id", record(id_hash))]);
    event::Rows::of(events)?.bind(&mut bound);
    engine.write(END, bound).await?.number(EPOCH)
}

const LIVE: &str = "
(SELECT count() FROM session WHERE ended = false AND expires > $now AND body.last_seen > $seen GROUP ALL)[0].count
";

/// A scan of the sessions that are kept, which are few beside users and events.
pub(crate) async fn count(engine: &Engine, now: i64, seen: i64) -> Result<u64, StoreError> {
    let number = |value| Value::Number(Number::Int(value));
    engine.read(LIVE, variables([("now", number(now)), ("seen", number(seen))])).await?.number(0)
}

const SWEEP: &str = "
RETURN {
    LET $over = (SELECT VALUE id FROM session WHERE expires < $now LIMIT $limit);
    DELETE $over RETURN NONE;
    RETURN array::len($over);
};
";

/// In batches, so that no transaction is long however many sessions there are.
pub(crate) async fn sweep(engine: &Engine, now: i64, limit: u32) -> Result<u32, StoreError> {
    let mut swept = 0;
    while swept < limit {
        let batch = SWEEP_BATCH.min(limit - swept);
        let bound = variables([
            ("now", Value::Number(Number::Int(now))),
            ("limit", Value::Number(Number::Int(i64::from(batch)))),
        ]);
        let count = engine.write(SWEEP, bound).await?.number(0)?;
        let count = u32::try_from(count).unwrap_or(batch);
        swept += count;
        if count < batch {
            break;
        }
    }
    Ok(swept)
}
