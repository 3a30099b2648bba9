use serde::{Deserialize, Serialize};

use crate::{Page, ScimProvider};

/// How provisioning to a service stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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
    /// Objects that were there have the names of ours: an administrator must say which become ours.
    WaitsForAdoption,
    /// An administrator broke it off. It goes on when a synchronisation is asked for.
    Cancelled,
}

/// What is known of a token; the token itself is never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// How many steps of a plan do what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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
#[serde(default)]
pub struct ScimRun {
    /// Counts from 1 for each provider.
    pub id: u64,
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
    /// Steps settled in a minute, at the rate so far; 0: not known yet.
    pub per_minute: u64,
    /// At this rate, until the end. None: not known yet, or over.
    pub seconds_left: Option<u64>,
    /// Results that were written down, one for each step that was sent.
    pub results: u64,
}

/// What became of one step of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimRunResult {
    pub step: ScimStepRow,
    /// Our identifier of the object.
    pub local: String,
    /// `done`, `refused` by the service, or `open`: it is tried again.
    pub outcome: String,
    /// What the service said, and what helps; empty where it is done.
    pub words: String,
}

/// A run with what became of each step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimRunDetail {
    pub run: ScimRun,
    pub results: Page<ScimRunResult>,
}

/// How far the worker is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ScimProgress {
    pub status: ScimStatus,
    /// In a sentence.
    pub words: String,
    /// Steps that are not done yet.
    pub queue: u64,
    /// The run that is under way.
    pub run: Option<ScimRun>,
}

/// One request of a synchronisation of a single object, and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimLogLine {
    /// RFC 3339.
    pub at: String,
    /// Method and path below the address of the endpoint.
    pub request: String,
    /// What was sent, as JSON, cut at some length; empty: nothing.
    pub body: String,
    /// The status, or why there is no answer.
    pub answer: String,
    /// The answer's body, cut at some length.
    pub answer_body: String,
}

/// What the last synchronisation of a single object did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ScimObjectLog {
    /// RFC 3339.
    pub at: String,
    /// How it ended, in a sentence.
    pub outcome: String,
    /// Whether the object is there as it should be.
    pub good: bool,
    pub lines: Vec<ScimLogLine>,
}

/// A plan that waits for an administrator.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
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
    /// RFC 3339. When what is there was last compared with what we put there.
    pub last_verified: Option<String>,
    /// Differences that a comparison found and that wait for an administrator.
    pub drift: u64,
    /// Objects there with the names of ours about which nobody has decided; only where that is asked for.
    pub undecided: u64,
    /// What needs somebody soon, a sentence each: tokens that end.
    pub warnings: Vec<String>,
}

/// One difference between what we put there and what a comparison found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimDriftRow {
    /// `user` or `group`.
    pub kind: String,
    /// `userName` or `displayName`, as we know it.
    pub name: String,
    /// Our identifier.
    pub local: String,
    /// `missing`: deleted there; `attribute`: changed there; `member_added`, `member_removed`: by others; `strangers`:
    /// members who are not ours; `forgotten`: there with our identifier, and not in scope.
    pub what: String,
    /// The attribute, or the member's name; otherwise empty.
    pub path: String,
    /// The value here, as JSON; empty: none.
    pub ours: String,
    /// The value there, as JSON; empty: none.
    pub theirs: String,
}

/// What the last comparison found of ours that others changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ScimDrift {
    /// What a repair names, so that it cannot mean anything else; empty where nothing was found.
    pub id: String,
    /// RFC 3339. When it was found; empty: never compared, or nothing found yet.
    pub found: String,
    /// Whether it is put right, at once or after an administrator said so; otherwise it waits.
    pub repaired: bool,
    /// The first ones.
    pub rows: Vec<ScimDriftRow>,
    /// All of them.
    pub total: u64,
}

/// An object at the service and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// What becomes of an object that has the name of one of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimAdoptionDecision {
    /// Its identifier there.
    pub remote: String,
    /// Whether it becomes ours; otherwise it is left alone and ours is reported.
    pub adopt: bool,
}

/// A row of the list of SCIM providers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
pub struct ScimMembership {
    pub group: String,
    /// From a group that the user is in directly to this one, each a parent of the one before. The service knows no groups
    /// in groups, so whoever is in the first is sent as a member of all.
    pub path: Vec<String>,
}
