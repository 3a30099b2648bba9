use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Sealed, StoreError};
use crate::Error;

/// A response that was issued, kept to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseRecord {
    /// Sorts by time.
    pub id: String,
    /// Name of the SAML provider.
    pub provider: String,
    /// Slug.
    pub application: String,
    pub username: String,
    pub destination: String,
    /// Unix seconds.
    pub at: i64,
    /// When it is removed, unix seconds.
    pub expires: i64,
    pub sealed: Sealed,
}

/// A response that was issued and is to be kept, not sealed yet: of many that are issued at once most are not among the
/// newest any more when they would be written, and those are worth no work.
pub trait IssuedResponse: Send {
    /// Name of the SAML provider.
    fn provider(&self) -> &str;
    /// As it is kept.
    fn sealed(self: Box<Self>) -> Result<ResponseRecord, Error>;
}

/// Where the responses issued last are, a few for each SAML provider.
#[async_trait]
pub trait ResponseStore: Send + Sync {
    /// Keeps a response, and of its provider no more than `most`. Returns before it is sealed and written: what is lost
    /// when the process is killed is worth no wait of a sign-on.
    fn keep_response(&self, response: Box<dyn IssuedResponse>, most: u32);
    /// Lets go of all but so many of the newest of each provider that is named; when it returns they are gone.
    async fn limit_responses(&self, limits: &[(String, u32)]) -> Result<(), StoreError>;
    /// Those of a provider, newest first, with all that was kept before the call.
    async fn kept_responses(&self, provider: &str) -> Result<Vec<ResponseRecord>, StoreError>;
    /// The next of all providers after one (an id; empty: from the start), in the order of ids.
    async fn kept_responses_after(&self, after: &str, limit: u32) -> Result<Vec<ResponseRecord>, StoreError>;
    /// Writes one anew that is still kept; one that has gone meanwhile stays gone.
    async fn replace_response(&self, record: &ResponseRecord) -> Result<(), StoreError>;
    async fn kept_response(&self, provider: &str, id: &str) -> Result<Option<ResponseRecord>, StoreError>;
}
