use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::port::{ApiTokenStore, StoreError};
use surrealdb::types::{Number, RecordId, RecordIdKey, Value, Variables};

use crate::SurrealStore;
use crate::engine::variables;

fn record(id: &str) -> Value {
    Value::RecordId(RecordId::new("api_token_use", id))
}

/// One statement, so one transaction.
const NOTE: &str = "UPSERT $id SET at = IF at != NONE AND at > $at { at } ELSE { $at } RETURN NONE";
const USES: &str = "SELECT id, at FROM api_token_use";
const FORGET: &str = "DELETE $id RETURN NONE";

#[async_trait]
impl ApiTokenStore for SurrealStore {
    async fn note_token_use(&self, id: &str, at: i64) -> Result<(), StoreError> {
        let at = Value::Number(Number::Int(at));
        self.engine.write(NOTE, variables([("id", record(id)), ("at", at)])).await?;
        Ok(())
    }

    async fn token_uses(&self) -> Result<BTreeMap<String, i64>, StoreError> {
        let rows = self.engine.read(USES, Variables::new()).await?.rows(0)?;
        let pairs = rows.into_iter().map(|row| {
            let Value::Object(mut row) = row else { return None };
            match (row.remove("id"), row.remove("at")) {
                (Some(Value::RecordId(RecordId { key: RecordIdKey::String(id), .. })), Some(Value::Number(at))) => {
                    Some((id, at.to_int()?))
                }
                _ => None,
            }
        });
        let corrupt = || StoreError::Corrupt("a use of an API token that cannot be read".to_owned());
        pairs.map(|pair| pair.ok_or_else(corrupt)).collect()
    }

    async fn forget_token_use(&self, id: &str) -> Result<(), StoreError> {
        self.engine.write(FORGET, variables([("id", record(id))])).await?;
        Ok(())
    }
}
