use std::ops::Bound;

use async_trait::async_trait;
use domain::port::{BackupRow, BackupStore, StoreError};
use surrealdb::types::{Number, Object, RecordId, RecordIdKey, RecordIdKeyRange, Value, Variables};

use crate::engine::variables;
use crate::event::{self, Tags};
use crate::restoring::{self, RestoreFile};
use crate::{SurrealStore, json};

/// What a backup holds beside the events, in the order of the statements.
pub(crate) const TABLES: [&str; 17] = [
    "epoch",
    "user",
    "group",
    "application",
    "saml_provider",
    "property_mapping",
    "policy",
    "key",
    "setting",
    "scim_provider",
    "scim_state",
    "scim_mirror",
    "scim_journal",
    "scim_note",
    "api_token",
    "api_token_use",
    "webhook",
];
/// What ends by itself: a session that was revoked after the backup must not come back with it.
#[cfg(test)]
pub(crate) const LEFT_OUT: [&str; 6] = ["session", "request", "participant", "logout", "scim_lease", "kept_response"];

/// What follows from other rows.
#[cfg(test)]
pub(crate) const DERIVED: [&str; 1] = ["event_tag"];

/// A transaction, so that all of it is of one moment.
pub(crate) const DUMP: &str = "
BEGIN;
SELECT * FROM epoch;
SELECT * FROM user;
SELECT * FROM `group`;
SELECT * FROM application;
SELECT * FROM saml_provider;
SELECT * FROM property_mapping;
SELECT * FROM policy;
SELECT * FROM key;
SELECT * FROM setting;
SELECT * FROM scim_provider;
SELECT * FROM scim_state;
SELECT * FROM scim_mirror;
SELECT * FROM scim_journal;
SELECT * FROM scim_note;
SELECT * FROM api_token;
SELECT * FROM api_token_use;
SELECT * FROM webhook;
COMMIT;
";
const EVENTS: &str = "SELECT * FROM $range ORDER BY id LIMIT $limit";
const SETTINGS: &str = "(SELECT count() FROM setting GROUP ALL)[0].count";
const SCHEMA: &str = "(SELECT VALUE number FROM migration ORDER BY number DESC LIMIT 1)[0]";
/// The schema since which events have tags. The migration to it gives them to those that were loaded before.
const TAGGED: u64 = 10;
const LOAD: &str = "
BEGIN;
FOR $row IN $rows {
    LET $id = $row.id;
    UPSERT $id CONTENT $row.row RETURN NONE;
};
FOR $tag IN $tags {
    LET $id = $tag.id;
    UPSERT $id CONTENT { n: $tag.n } RETURN NONE;
};
COMMIT;
";

#[async_trait]
impl BackupStore for SurrealStore {
    fn schema(&self) -> u32 {
        Self::newest_schema()
    }

    async fn dump(&self) -> Result<Vec<BackupRow>, StoreError> {
        self.responses.settled().await?;
        let mut answer = self.engine.read(DUMP, Variables::new()).await?;
        let mut rows = Vec::new();
        for (number, table) in (1..).zip(TABLES) {
            for value in answer.rows(number)? {
                rows.push(row(table, value)?);
            }
        }
        Ok(rows)
    }

    async fn dump_events(&self, after: &str, limit: u32) -> Result<Vec<BackupRow>, StoreError> {
        let start =
            if after.is_empty() { Bound::Unbounded } else { Bound::Excluded(RecordIdKey::String(after.to_owned())) };
        let key = RecordIdKey::Range(Box::new(RecordIdKeyRange { start, end: Bound::Unbounded }));
        let range = Value::RecordId(RecordId { table: "event".into(), key });
        let limit = Value::Number(Number::Int(i64::from(limit)));
        self.log.settle().await;
        let mut answer = self.engine.read(EVENTS, variables([("range", range), ("limit", limit)])).await?;
        answer.rows(0)?.into_iter().map(|value| row("event", value)).collect()
    }

    async fn is_empty(&self) -> Result<bool, StoreError> {
        // The first start of a server leaves settings; a restore that ended early may have left other rows.
        let settings = self.engine.read(SETTINGS, Variables::new()).await?.number(0)?;
        Ok(settings == 0 && restoring::found(&self.engine).await?.is_none())
    }

    async fn begin_restore(&self, backup: &str) -> Result<(), StoreError> {
        match &self.folder {
            Some(folder) => RestoreFile::of(folder).write(backup, None).map_err(|error| unmarked(&error)),
            None => restoring::begin(&self.engine, backup).await,
        }
    }

    async fn finish_restore(&self) -> Result<(), StoreError> {
        match &self.folder {
            Some(folder) => RestoreFile::of(folder).remove().map_err(|error| unmarked(&error)),
            None => restoring::finish(&self.engine).await,
        }
    }

    async fn load(&self, rows: Vec<BackupRow>) -> Result<(), StoreError> {
        let mut tags = Tags::default();
        if self.engine.read(SCHEMA, Variables::new()).await?.number(0)? >= TAGGED {
            for row in rows.iter().filter(|row| row.table == "event") {
                tags.add(&row.id, &event::lines_of(&row.row)?);
            }
        }
        let rows = rows.into_iter().map(|row| {
            if row.table != "event" && !TABLES.contains(&row.table.as_str()) {
                return Err(StoreError::Corrupt(format!("no table `{}` belongs into a backup", row.table)));
            }
            let mut bound = Object::new();
            bound.insert("id", Value::RecordId(RecordId::new(row.table, row.id)));
            bound.insert("row", json::encode(&row.row)?);
            Ok(Value::Object(bound))
        });
        let rows = Value::Array(rows.collect::<Result<_, StoreError>>()?);
        self.engine.write(LOAD, variables([("rows", rows), ("tags", tags.value())])).await?;
        Ok(())
    }
}

fn unmarked(error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("the mark of a restore: {error}"))
}

/// Fields without a value are left out, so that they come back without one.
fn row(table: &str, value: Value) -> Result<BackupRow, StoreError> {
    let corrupt = |what: &str| StoreError::Corrupt(format!("a {table} {what}"));
    let Value::Object(mut fields) = value else { return Err(corrupt("that is no record")) };
    let Some(Value::RecordId(RecordId { key: RecordIdKey::String(id), .. })) = fields.remove("id") else {
        return Err(corrupt("without an id"));
    };
    let row = json::decode(Value::Object(fields), table)?;
    Ok(BackupRow { table: table.to_owned(), id, row })
}
