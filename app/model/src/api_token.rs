use serde::{Deserialize, Serialize};

/// A token of the API as it may be shown. The token itself is shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApiToken {
    /// Names it, for revoking it.
    pub id: String,
    pub version: u64,
    /// What every copy of it begins with.
    pub prefix: String,
    /// What its maker called it.
    pub label: String,
    /// The user that it acts as, with that user's role at the time.
    pub owner: String,
    /// RFC 3339.
    pub created: String,
    /// RFC 3339. None: it does not end by itself.
    pub expires: Option<String>,
    /// RFC 3339, to the minute. None: never used.
    pub last_used: Option<String>,
}

/// A token as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ApiTokenDraft {
    /// Username of who it acts as.
    pub owner: String,
    /// What it is for: 1 to 100 characters.
    pub label: String,
    /// Days until it ends, 1 to 3650. None: it does not end by itself.
    #[serde(default)]
    pub valid_days: Option<u32>,
}

/// A token that was just made: the only time that it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewApiToken {
    pub secret: String,
    pub token: ApiToken,
}
