use std::collections::BTreeMap;
use std::ops::Bound;

use async_trait::async_trait;
use domain::port::{ResponseRecord, ResponseStore, StoreError};
use surrealdb::types::{Array, Number, Object, RecordId, RecordIdKey, RecordIdKeyRange, Value};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::SurrealStore;
use crate::engine::{Engine, variables};

/// Responses that wait to be written; past it they are let go, for nobody may run out of memory over them.
const QUEUE: usize = 1024;
/// Responses of one transaction at most.
const BATCH: usize = 128;

const KEEP: &str = "
BEGIN;
INSERT INTO kept_response $rows RETURN NONE;
FOR $limit IN $limits {
    LET $provider = $limit.provider;
    LET $most = $limit.most;
    LET $over = (SELECT id FROM kept_response WHERE provider = $provider ORDER BY id DESC LIMIT 100000 START $most).id;
    DELETE $over RETURN NONE;
};
COMMIT;
";
const OF_PROVIDER: &str = "SELECT id, text FROM kept_response WHERE provider = $provider ORDER BY id DESC LIMIT 1000";
const AFTER: &str = "SELECT id, text FROM $range ORDER BY id LIMIT $limit";
/// Makes no record where there is none.
const REPLACE: &str = "UPDATE $id SET text = $text RETURN NONE";
const ONE: &str = "SELECT text FROM ONLY $id";
const OVER: &str = "DELETE (SELECT VALUE id FROM kept_response WHERE expires < $now LIMIT 500) RETURN NONE";

enum Asked {
    Keep(Box<ResponseRecord>, u32),
    /// Nothing but the newest stay.
    Limit(String, u32),
    /// Answered once all that was asked before is done.
    Done(oneshot::Sender<()>),
}

/// Writes kept responses for all callers, behind their backs. What comes while one transaction is under way shares the
/// next.
pub(crate) struct ResponseLog(mpsc::Sender<Asked>);

impl ResponseLog {
    /// The log and its task, which ends when the log is dropped and everything queued is written.
    pub(crate) fn start(engine: Engine) -> (Self, JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        (Self(queue), tokio::spawn(run(engine, waiting)))
    }

    fn ask(&self, asked: Asked) {
        if self.0.try_send(asked).is_err() {
            tracing::warn!("a response that should have been kept was not: too many wait to be written");
        }
    }

    async fn settled(&self) -> Result<(), StoreError> {
        let closed = || StoreError::Unavailable("the store is closed".to_owned());
        let (done, answer) = oneshot::channel();
        self.0.send(Asked::Done(done)).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())
    }
}

async fn run(engine: Engine, mut waiting: mpsc::Receiver<Asked>) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let mut done = Vec::new();
        if let Err(error) = write(&engine, batch.drain(..), &mut done).await {
            tracing::error!(%error, "kept responses cannot be written");
        }
        for asked in done {
            // Nobody to tell: the caller has gone.
            let _ = asked.send(());
        }
    }
}

async fn write(
    engine: &Engine,
    batch: impl Iterator<Item = Asked>,
    done: &mut Vec<oneshot::Sender<()>>,
) -> Result<(), StoreError> {
    let (mut rows, mut limits) = (Array::new(), BTreeMap::new());
    for asked in batch {
        match asked {
            Asked::Keep(record, most) => {
                rows.push(row(&record)?);
                limits.insert(record.provider, most);
            }
            Asked::Limit(provider, most) => drop(limits.insert(provider, most)),
            Asked::Done(asked) => done.push(asked),
        }
    }
    if limits.is_empty() {
        return Ok(());
    }
    let limits = limits.into_iter().map(|(provider, most)| {
        let mut limit = Object::new();
        limit.insert("provider", provider);
        limit.insert("most", i64::from(most));
        Value::Object(limit)
    });
    let limits: Array = limits.collect();
    engine.write(KEEP, variables([("rows", Value::Array(rows)), ("limits", Value::Array(limits))])).await?;
    Ok(())
}

fn record(id: &str) -> Value {
    Value::RecordId(RecordId::new("kept_response", id))
}

fn row(kept: &ResponseRecord) -> Result<Value, StoreError> {
    let mut row = Object::new();
    row.insert("id", record(&kept.id));
    row.insert("provider", kept.provider.clone());
    row.insert("expires", kept.expires);
    row.insert("text", text(kept)?);
    Ok(Value::Object(row))
}

fn text(kept: &ResponseRecord) -> Result<String, StoreError> {
    serde_json::to_string(kept).map_err(|error| StoreError::Corrupt(error.to_string()))
}

fn read(row: Value) -> Result<ResponseRecord, StoreError> {
    let text = match row {
        Value::Object(mut row) => row.remove("text"),
        _ => None,
    };
    let Some(Value::String(text)) = text else {
        return Err(StoreError::Corrupt("a kept response that is no record".to_owned()));
    };
    serde_json::from_str(&text).map_err(|error| StoreError::Corrupt(format!("kept response: {error}")))
}

/// Removes what is over.
pub(crate) async fn sweep(engine: &Engine, now: i64) -> Result<(), StoreError> {
    engine.write(OVER, variables([("now", Value::Number(Number::Int(now)))])).await?;
    Ok(())
}

#[async_trait]
impl ResponseStore for SurrealStore {
    fn keep_response(&self, record: ResponseRecord, most: u32) {
        self.responses.ask(Asked::Keep(Box::new(record), most));
    }

    async fn limit_responses(&self, provider: &str, most: u32) -> Result<(), StoreError> {
        self.responses.ask(Asked::Limit(provider.to_owned(), most));
        self.responses.settled().await
    }

    async fn kept_responses(&self, provider: &str) -> Result<Vec<ResponseRecord>, StoreError> {
        self.responses.settled().await?;
        let bound = variables([("provider", Value::String(provider.to_owned()))]);
        self.engine.read(OF_PROVIDER, bound).await?.rows(0)?.into_iter().map(read).collect()
    }

    async fn kept_responses_after(&self, after: &str, limit: u32) -> Result<Vec<ResponseRecord>, StoreError> {
        self.responses.settled().await?;
        let start =
            if after.is_empty() { Bound::Unbounded } else { Bound::Excluded(RecordIdKey::String(after.to_owned())) };
        let key = RecordIdKey::Range(Box::new(RecordIdKeyRange { start, end: Bound::Unbounded }));
        let range = Value::RecordId(RecordId { table: "kept_response".into(), key });
        let bound = variables([("range", range), ("limit", Value::Number(Number::Int(i64::from(limit))))]);
        self.engine.read(AFTER, bound).await?.rows(0)?.into_iter().map(read).collect()
    }

    async fn replace_response(&self, kept: &ResponseRecord) -> Result<(), StoreError> {
        let bound = variables([("id", record(&kept.id)), ("text", Value::String(text(kept)?))]);
        self.engine.write(REPLACE, bound).await?;
        Ok(())
    }

    async fn kept_response(&self, provider: &str, id: &str) -> Result<Option<ResponseRecord>, StoreError> {
        self.responses.settled().await?;
        let found = self.engine.read(ONE, variables([("id", record(id))])).await?.rows(0)?.pop();
        let found = found.map(read).transpose()?;
        Ok(found.filter(|record| record.provider == provider))
    }
}
