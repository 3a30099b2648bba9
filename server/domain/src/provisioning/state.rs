use std::collections::{BTreeMap, BTreeSet};

use model::{ScimHealth, ScimRun};
use serde::{Deserialize, Serialize};

use super::{ending::Ending, outage::Outage};
use crate::{
    Error, Services,
    port::{Lease, StoreError},
};

/// Runs that are remembered.
const RUNS: usize = 20;

/// How provisioning to a provider stands, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    pub health: ScimHealth,
    /// What the pending plan would take away.
    pub removals: BTreeSet<String>,
    /// The kept plan whose consent was used last.
    pub consent_seen: String,
    /// Removals that an administrator has approved and that are not done yet.
    pub approved: BTreeSet<String>,
    /// A fingerprint of address and tokens that were refused.
    pub stopped_for: String,
    /// The last request of each kind that was followed.
    pub sync_seen: u64,
    /// The last request to run again for which a service was asked that had refused the token.
    pub probe_seen: u64,
    pub verify_seen: u64,
    /// The repair that was followed last.
    pub repair_seen: String,
    /// Whether this is the first connection, and nothing is written before everything is decided.
    pub deciding: bool,
    /// Whether it was told that everything waits for that.
    pub decisions_told: bool,
    /// The number of the last run.
    pub last_run: u64,
    /// How many runs ended how.
    pub endings: BTreeMap<String, u64>,
    /// The last single object that was synchronised.
    pub object_seen: u64,
    /// When what is there was last compared with the mirror, in unix seconds.
    pub verified: i64,
    /// Failures of mappings that were told, so that they are told once.
    pub reported: BTreeSet<String>,
    /// Those of policies that were told and are over, with when they were, in unix seconds.
    pub over: BTreeMap<String, i64>,
    /// The last warning about each token's end: fingerprint and days.
    pub warned: BTreeSet<String>,
    /// The address of the service that the mirror is of; empty: there is none yet, or it was not noted.
    pub address: String,
    /// That service took the place of another, and its first plan was not approved yet.
    pub moved: bool,
    /// Since when the service gives no good answer.
    pub outage: Outage,
    /// When the round that is under way began, in microseconds of unix time. A change after it is one for the next round.
    #[serde(skip)]
    pub began: i64,
    /// When the round began that has followed everything; 0: none has yet, or it was not noted.
    pub followed_at: i64,
}

impl State {
    /// Begins a run at a time in RFC 3339; returns the runs that are forgotten for it.
    pub fn begin_run(&mut self, started: String) -> Vec<ScimRun> {
        self.last_run += 1;
        self.health.runs.insert(0, ScimRun { id: self.last_run, started, ..ScimRun::default() });
        self.health.runs.split_off(RUNS.min(self.health.runs.len()))
    }

    /// The run that is under way.
    pub fn run(&mut self) -> Option<&mut ScimRun> {
        self.health.runs.first_mut().filter(|run| run.ended.is_none())
    }

    /// Ends it at a time in RFC 3339, with a sentence. Returns whether there was one.
    pub fn end_run(&mut self, at: String, ending: Ending, outcome: &str) -> bool {
        let Some(run) = self.run() else { return false };
        run.ended = Some(at);
        run.seconds_left = None;
        outcome.clone_into(&mut run.outcome);
        *self.endings.entry(ending.code().to_owned()).or_default() += 1;
        true
    }
}

impl Services {
    pub(crate) async fn scim_state(&self, provider: &str) -> Result<State, Error> {
        let Some(text) = self.provisioning().state(provider).await? else { return Ok(State::default()) };
        serde_json::from_str(&text).map_err(|e| StoreError::Corrupt(format!("SCIM state of {provider}: {e}")).into())
    }

    pub(super) async fn keep_scim_state(&self, provider: &str, lease: Lease, state: &State) -> Result<(), Error> {
        let text = serde_json::to_string(state).map_err(|e| Error::Internal(format!("SCIM state: {e}")))?;
        Ok(self.provisioning().put_state(provider, lease, &text).await?)
    }
}
