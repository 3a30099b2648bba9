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
    /// What is left out since the service does not take it.
    pub dropped: Vec<ScimRemark>,
    /// Why the service would refuse the object, or what another object has already; it is not sent then.
    pub refused: Vec<ScimRemark>,
    /// What the service would answer if the object were sent now. None: it is there and nothing is in its way, nothing could
    /// be made, or what the service would say is not known.
    pub answer: Option<ScimAnswer>,
    /// What went wrong in a mapping.
    pub failed: Option<String>,
    /// Slugs of the applications that bring a user into the scope, before the provider's own filters.
    pub applications: Vec<String>,
    /// Of a user: the groups there that the user is a member of.
    pub memberships: Vec<ScimMembership>,
}

/// What a service would answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The service's own words; empty where it has nothing to say.
    pub words: String,
}

/// What stands between an attribute and the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimRemark {
    /// The attribute, such as `name.givenName`.
    pub path: String,
    /// What was found or done.
    pub what: String,
    /// The rule behind it.
    pub why: String,
    /// What helps.
    pub fix: String,
    /// What the service would answer if this alone were sent as it is. None: it is not known, or the rule is ours.
    pub answer: Option<ScimAnswer>,
}

impl std::fmt::Display for ScimAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.words.is_empty() { write!(f, "{}", self.status) } else { write!(f, "{}: {}", self.status, self.words) }
    }
}

/// Without the answer.
impl std::fmt::Display for ScimRemark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { path, what, why, fix, .. } = self;
        write!(f, "{path}: {what}; {why}; {fix}")
    }
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
