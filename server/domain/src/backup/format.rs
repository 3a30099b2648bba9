use serde::{Deserialize, Serialize};

use crate::{Error, port::StoreError};

/// What the first line calls itself.
pub const FORMAT: &str = "rolecall-backup";
/// Of the lines, not of the rows in them.
pub const VERSION: u32 = 1;

/// The first line of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub format: String,
    pub version: u32,
    /// The schema that the rows are of.
    pub schema: u32,
    /// RFC 3339.
    pub created: String,
    /// The master key that new secrets were sealed under.
    pub master_key: String,
}

/// The last line of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    pub rows: u64,
    /// Hexadecimal, of all bytes before this line.
    pub sha256: String,
}

/// Why a backup cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0}")]
    File(#[from] std::io::Error),
    #[error("this is no backup of Rolecall: {0}")]
    NotOne(String),
    #[error("the backup is damaged: {0}; take another copy of it")]
    Damaged(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Domain(#[from] Error),
}
