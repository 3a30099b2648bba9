use serde::{Deserialize, Serialize};

use crate::{ScimCounts, ScimNewestRun, ScimRun};

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
    /// Objects that were there have the names of ours: an administrator must say which become ours.
    WaitsForAdoption,
    /// An administrator broke it off. It goes on when a synchronisation is asked for.
    Cancelled,
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
    /// The first of it, a line each: whole groups and users before memberships.
    #[serde(default)]
    pub taken: Vec<String>,
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
    /// RFC 3339. When the oldest change was made that is not there yet, or, of what is parked, when it was parked.
    pub unsynced_since: Option<String>,
    /// Steps that are not done yet.
    pub queue: u64,
    /// Objects that the service refused, that cannot be sent as they are, or for which a mapping or a policy fails.
    pub parked: u64,
    pub users: u64,
    pub groups: u64,
    pub memberships: u64,
    pub pending: Option<ScimPending>,
    /// Newest first.
    pub runs: Vec<ScimRun>,
    /// The change of the configuration that was followed last.
    pub followed: u64,
    /// How many synchronisations were asked for.
    pub requested: u64,
    /// The last of them that a round has taken up, whether or not it got anywhere.
    pub tried: u64,
    /// RFC 3339. When what is there was last compared with what we put there.
    pub last_verified: Option<String>,
    /// Differences that a comparison found and that wait for an administrator.
    pub drift: u64,
    /// Objects there with the names of ours about which nobody has decided; only where that is asked for.
    pub undecided: u64,
    /// What needs somebody soon, a sentence each: tokens that end.
    pub warnings: Vec<String>,
}

impl ScimHealth {
    /// Which run is the newest. None: there was none yet.
    pub fn newest_run(&self) -> Option<ScimNewestRun> {
        self.runs.first().map(|run| ScimNewestRun { id: run.id, ended: run.ended.clone() })
    }
}
