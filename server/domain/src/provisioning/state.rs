use std::collections::BTreeSet;

use model::{ScimHealth, ScimRun};
use serde::{Deserialize, Serialize};

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
    /// Removals that an administrator has approved and that are not done yet.
    pub approved: BTreeSet<String>,
    /// A fingerprint of address and tokens that were refused.
    pub stopped_for: String,
    /// The last request of each kind that was followed.
    pub sync_seen: u64,
    pub verify_seen: u64,
    /// Failures of mappings that were told, so that they are told once.
    pub reported: BTreeSet<String>,
    /// The last warning about each token's end: fingerprint and days.
    pub warned: BTreeSet<String>,
}

impl State {
    pub fn begin_run(&mut self, run: ScimRun) {
        self.health.runs.insert(0, run);
        self.health.runs.truncate(RUNS);
    }

    /// The run that is under way.
    pub fn run(&mut self) -> Option<&mut ScimRun> {
        self.health.runs.first_mut().filter(|run| run.ended.is_none())
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
