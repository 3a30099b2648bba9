use serde::{Deserialize, Serialize};

use crate::{Page, ScimStatus, ScimStepRow};

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

/// Which run is the newest, and whether it is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimNewestRun {
    pub id: u64,
    /// RFC 3339. None: it is under way.
    pub ended: Option<String>,
}

/// What became of one step of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimRunDetail {
    pub run: ScimRun,
    pub results: Page<ScimRunResult>,
}

/// How far the worker is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimProgress {
    pub status: ScimStatus,
    /// In a sentence.
    pub words: String,
    /// Steps that are not done yet.
    pub queue: u64,
    /// The run that is under way.
    pub run: Option<ScimRun>,
    /// What became of its last steps, newest first.
    #[serde(default)]
    pub recent: Vec<ScimRunResult>,
    /// Which run is the newest, also when it is over. None: there was none yet.
    #[serde(default)]
    pub newest: Option<ScimNewestRun>,
    /// RFC 3339. When both sides were last the same.
    #[serde(default)]
    pub last_synced: Option<String>,
    /// RFC 3339. When what is there was last compared with what we put there.
    #[serde(default)]
    pub last_verified: Option<String>,
    /// Differences that a comparison found and that wait for an administrator.
    #[serde(default)]
    pub drift: u64,
}
