use serde::{Deserialize, Serialize};

use crate::ScimProvider;

/// How provisioning to a service stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ScimStatus {
    /// Nothing has been done yet.
    #[default]
    New,
    /// Switched off.
    Disabled,
    /// There is no token, or no application uses the provider.
    NotConnected,
    /// What is there is what should be there, as far as it can be sent.
    Synced,
    /// Requests are being sent.
    Running,
    /// The plan takes away more than the threshold: an administrator must approve it.
    WaitsForApproval,
    /// The service does not answer, or not well; it is tried again.
    Failing,
    /// The service does not accept the token or the address. It goes on when either is changed.
    Stopped,
}

/// What is known of a token; the token itself is never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimTokenFacts {
    /// The first one is used; the second takes over when the first is refused.
    pub slot: u8,
    /// RFC 3339. None: not known.
    pub expires: Option<String>,
    /// Whole days until then; negative when it is over.
    pub days_left: Option<i64>,
}

/// How many steps of a plan do what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ScimCounts {
    pub adopted: u64,
    pub users_created: u64,
    pub users_changed: u64,
    pub users_deactivated: u64,
    pub users_deleted: u64,
    pub groups_created: u64,
    pub groups_changed: u64,
    pub groups_deleted: u64,
    pub members_added: u64,
    pub members_removed: u64,
}

/// One run over a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimRun {
    /// RFC 3339.
    pub started: String,
    /// RFC 3339. None: it is under way.
    pub ended: Option<String>,
    /// Steps of the plan.
    pub steps: u64,
    /// Steps that are settled.
    pub settled: u64,
    /// Requests that were sent, reads and repetitions among them.
    pub requests: u64,
    /// Steps that the service refused.
    pub parked: u64,
    /// How it ended, in a sentence.
    pub outcome: String,
}

/// A plan that waits for an administrator.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimPending {
    /// What an approval names, so that it cannot mean another plan.
    pub id: String,
    /// RFC 3339.
    pub since: String,
    /// Why it waits.
    pub why: String,
    pub counts: ScimCounts,
    /// What it would take away, one object or membership each.
    pub removals: u64,
}

/// The health of a provider.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ScimHealth {
    pub status: ScimStatus,
    /// In a sentence.
    pub words: String,
    /// RFC 3339. When both sides were last the same.
    pub last_synced: Option<String>,
    /// RFC 3339. Since when something is not there yet.
    pub unsynced_since: Option<String>,
    /// Steps that are not done yet.
    pub queue: u64,
    pub parked: u64,
    pub users: u64,
    pub groups: u64,
    pub memberships: u64,
    pub pending: Option<ScimPending>,
    /// Newest first.
    pub runs: Vec<ScimRun>,
    /// The change of the configuration that was followed last.
    pub followed: u64,
}

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
}

/// An object at the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimObjectRow {
    /// `user` or `group`.
    pub kind: String,
    /// `userName` or `displayName` there.
    pub name: String,
    /// Our identifier; empty for what is not ours.
    pub local: String,
    /// Its identifier there; empty while it is not there.
    pub remote: String,
    /// `active`, `deactivated`, `foreign`, `parked`.
    pub state: String,
    /// What the service said last, and what helps; empty where nothing is wrong.
    pub words: String,
    pub fix: String,
    /// Of groups.
    pub members: u64,
}

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
    /// The values or members that change, in a line each.
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

/// What would be sent for one user or group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
}
