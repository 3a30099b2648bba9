use serde::{Deserialize, Serialize};

/// What a signed-in person may do. Ordered: each role may do all that the ones before it may read or do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Opens applications.
    #[default]
    Member,
    /// Reads everything, changes nothing.
    Auditor,
    Administrator,
}

/// Who is calling, as the browser may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignedIn {
    pub username: String,
    pub name: String,
    pub role: Role,
}

/// One live session of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// Handle for revoking it; not the secret.
    pub handle: String,
    pub username: String,
    /// RFC 3339.
    pub started: String,
    pub last_seen: String,
    pub address: String,
    pub user_agent: String,
    pub current: bool,
}
