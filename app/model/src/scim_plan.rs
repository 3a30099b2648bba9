use serde::{Deserialize, Serialize};

use crate::ScimCounts;

/// One step of a plan, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimStepRow {
    /// `create`, `change`, `deactivate`, `delete`, `adopt`, `members`.
    pub action: String,
    /// `user` or `group`.
    pub kind: String,
    pub name: String,
    pub why: String,
    /// The values or members that change, in a line each; of a deletion, what is lost with it.
    pub details: Vec<String>,
}

/// What would be done, without anything being done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimPlanView {
    /// The first ones, in order.
    pub steps: Vec<ScimStepRow>,
    /// All of them.
    pub total: u64,
    pub counts: ScimCounts,
    /// Requests, when every one succeeds.
    pub requests: u64,
    /// At the service's rates.
    pub seconds: u64,
    /// Objects that cannot be sent as they are: name and reason.
    pub refused: Vec<(String, String)>,
    /// Mappings that failed: name of the object and message.
    pub failed: Vec<(String, String)>,
    /// How often each attribute is left out, because the service does not take it.
    pub dropped: Vec<(String, u64)>,
    /// Why the plan would wait for approval. None: it would not.
    pub hazard: Option<String>,
    /// Users and groups there that are not ours.
    pub foreign: u64,
}
