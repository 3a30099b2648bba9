use serde::{Deserialize, Serialize};

use crate::{ScimHealth, ScimProvider, ScimStatus};

/// A row of the list of SCIM providers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimProviderRow {
    pub name: String,
    pub url: String,
    pub status: ScimStatus,
    pub words: String,
    pub last_synced: Option<String>,
    pub queue: u64,
    pub parked: u64,
    /// Slugs of the applications that use it.
    pub applications: Vec<String>,
}

/// One SCIM provider with all that its page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimProviderDetail {
    pub version: u64,
    pub provider: ScimProvider,
    pub tokens: Vec<ScimTokenFacts>,
    /// Slugs of the applications that use it.
    pub used_by: Vec<String>,
    pub health: ScimHealth,
    /// What somebody should look at, a sentence each: people whom IAM Identity Center would not find.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// What is known of a token; the token itself is never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimTokenFacts {
    /// 1 is the current one; 2 is the next one, which takes over when the current one is refused.
    pub slot: u8,
    /// RFC 3339. None: not known.
    pub expires: Option<String>,
    /// Whole days until then; negative when it is over.
    pub days_left: Option<i64>,
    /// The mark that is passed: 60, 30 or 7 days before the end, or 0, the end. None: later, or not known.
    #[serde(default)]
    pub warning: Option<u32>,
}

/// The token slots of a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimTokens {
    /// Of the provider: what a change of its tokens is made from.
    pub version: u64,
    /// By slot; a slot without a token is not listed.
    pub tokens: Vec<ScimTokenFacts>,
}
