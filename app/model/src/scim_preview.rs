use serde::{Deserialize, Serialize};

/// What would be sent for one user or group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ScimPreview {
    /// Whether it is pushed at all.
    pub in_scope: bool,
    /// The resource as JSON with indentation; empty where a mapping failed or left the object out.
    pub json: String,
    /// What is left out since the service does not take it, a line each.
    pub dropped: Vec<String>,
    /// Why the service would refuse the object, a line each; it is not sent then.
    pub refused: Vec<String>,
    /// What went wrong in a mapping.
    pub failed: Option<String>,
    /// Slugs of the applications that bring a user into the scope, before the provider's own filters.
    pub applications: Vec<String>,
    /// Of a user: the groups there that the user is a member of.
    pub memberships: Vec<ScimMembership>,
}

/// Why a user is in a group at the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimMembership {
    pub group: String,
    /// From a group that the user is in directly to this one, each a parent of the one before. The service knows no groups
    /// in groups, so whoever is in the first is sent as a member of all.
    pub path: Vec<String>,
}
