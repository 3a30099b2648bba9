use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::StoreError;

/// One record as a backup keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupRow {
    pub table: String,
    pub id: String,
    pub row: Map<String, Value>,
}

/// The whole store as rows. Sessions, leases and what else ends by itself within hours are left out.
#[async_trait]
pub trait BackupStore: Send + Sync {
    /// The number of the schema that the rows are of.
    fn schema(&self) -> u32;
    /// Everything but the events, as of one moment.
    async fn dump(&self) -> Result<Vec<BackupRow>, StoreError>;
    /// The next events after one (an id; empty: from the start).
    async fn dump_events(&self, after: &str, limit: u32) -> Result<Vec<BackupRow>, StoreError>;
    /// Whether nothing was ever kept here.
    async fn is_empty(&self) -> Result<bool, StoreError>;
    /// Marks the store as one that is being restored from `backup`, which is on the disk when this returns: until
    /// [`Self::finish_restore`] it opens for nothing else.
    async fn begin_restore(&self, backup: &str) -> Result<(), StoreError>;
    /// Takes the mark away: everything is there.
    async fn finish_restore(&self) -> Result<(), StoreError>;
    /// Writes rows as they were, all or nothing. For a store that nobody serves from.
    async fn load(&self, rows: Vec<BackupRow>) -> Result<(), StoreError>;
}
