use std::collections::BTreeMap;
use std::ops::Bound;

use async_trait::async_trait;
use domain::port::{IssuedResponse, ResponseRecord, ResponseStore, StoreError};
use surrealdb::types::{Array, Number, Object, RecordId, RecordIdKey, RecordIdKeyRange, Value};

use crate::SurrealStore;
use crate::engine::{Engine, variables};
use crate::response_log::Newest;

/// Once there are so many responses or providers in a transaction, the next provider's go into another.
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

/// What goes into one transaction.
#[derive(Default)]
struct Batch {
    rows: Array,
    limits: Array,
}

/// Writes the newest of each provider, and lets go of what they take the place of.
pub(crate) async fn write(engine: &Engine, newest: BTreeMap<String, Newest>) -> Result<(), StoreError> {
    if newest.is_empty() {
        return Ok(());
    }
    // To seal one is work for a processor, and of one that was encrypted a signature.
    let batches = tokio::task::spawn_blocking(move || batches(newest)).await;
    let batches = batches.map_err(|error| StoreError::Unavailable(error.to_string()))??;
    for Batch { rows, limits } in batches {
        let bound = variables([("rows", Value::Array(rows)), ("limits", Value::Array(limits))]);
        engine.write(KEEP, bound).await?;
    }
    Ok(())
}

fn batches(newest: BTreeMap<String, Newest>) -> Result<Vec<Batch>, StoreError> {
    let (mut batches, mut batch) = (Vec::new(), Batch::default());
    for (provider, newest) in newest {
        for response in newest.responses {
            match response.sealed() {
                Ok(kept) => batch.rows.push(row(&kept)?),
                Err(error) => tracing::error!(%error, %provider, "a response cannot be kept"),
            }
        }
        let mut limit = Object::new();
        limit.insert("provider", provider);
        limit.insert("most", i64::from(newest.most));
        batch.limits.push(Value::Object(limit));
        if batch.rows.len().max(batch.limits.len()) >= BATCH {
            batches.push(std::mem::take(&mut batch));
        }
    }
    if !batch.limits.is_empty() {
        batches.push(batch);
    }
    Ok(batches)
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
    fn keep_response(&self, response: Box<dyn IssuedResponse>, most: u32) {
        self.responses.keep(response, most);
    }

    async fn limit_responses(&self, limits: &[(String, u32)]) -> Result<(), StoreError> {
        self.responses.limit(limits).await
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
