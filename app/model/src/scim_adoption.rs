use serde::{Deserialize, Serialize};

use crate::Page;

/// An object at the service and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimAdoptionRow {
    /// `user` or `group`.
    pub kind: String,
    /// `userName` or `displayName` there.
    pub name: String,
    /// Its identifier there, which a decision names.
    pub remote: String,
    /// Our identifier; empty where nothing of ours is like it.
    pub local: String,
    /// `matched`: ours; `conflict`: it has the name of one of ours; `foreign`: nothing of ours is like it.
    pub state: String,
    /// Of a conflict: `adopt`, `leave`, or empty while nobody has decided.
    pub decision: String,
    /// What becomes of it by the present rule: `keep`: it is ours already; `adopt`: it becomes ours; `leave`: it is left
    /// alone, and of a conflict ours is reported; `wait`: somebody has to decide.
    #[serde(default)]
    pub outcome: String,
}

/// A page of what is at the service and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimAdoptionList {
    #[serde(flatten)]
    pub found: Page<ScimAdoptionRow>,
    /// When everything was last read at the service, RFC 3339. None: that was not noted.
    #[serde(default)]
    pub read_at: Option<String>,
    /// Whether nothing was sent yet, so that the list was read for those who look at it. Otherwise it is what provisioning
    /// knows, which a comparison brings up to date.
    #[serde(default)]
    pub first: bool,
}

/// What becomes of an object that has the name of one of ours.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimAdoptionDecision {
    /// Its identifier there.
    pub remote: String,
    /// Whether it becomes ours; otherwise it is left alone and ours is reported.
    pub adopt: bool,
    /// What it is called in the list that the decision was made from; where it is called something else by now, the decision
    /// is refused. Empty: not said.
    #[serde(default)]
    pub name: String,
}
