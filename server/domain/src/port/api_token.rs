use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::StoreError;

/// A token of the API as it is kept: enough to know it again, not enough to use it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiTokenRecord {
    /// The public part of the token, and its natural key.
    pub id: String,
    /// Lower-case hexadecimal SHA-256 of the whole token. It has 256 unpredictable bits, so nothing slower is needed.
    pub hash: String,
    /// Username.
    pub owner: String,
    /// A user who comes later under the same name does not inherit the token.
    pub owner_uid: String,
    pub label: String,
    /// Unix seconds.
    pub created: i64,
    /// Unix seconds. None: it does not end by itself.
    #[serde(default)]
    pub expires: Option<i64>,
}

/// When tokens were last used. None of these raises the epoch.
#[async_trait]
pub trait ApiTokenStore: Send + Sync {
    /// `at` is in unix seconds; an earlier one than is kept changes nothing.
    async fn note_token_use(&self, id: &str, at: i64) -> Result<(), StoreError>;
    /// By id.
    async fn token_uses(&self) -> Result<BTreeMap<String, i64>, StoreError>;
    /// Forgets a token that is no more.
    async fn forget_token_use(&self, id: &str) -> Result<(), StoreError>;
}
