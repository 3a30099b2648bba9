use std::collections::BTreeSet;

use model::WebhookState;
use serde::{Deserialize, Serialize};

use crate::{
    Error, Services,
    port::{Lease, StoreError},
};

/// How far a webhook has come, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    pub state: WebhookState,
    /// Microseconds of unix time: events from before are settled. None: it has not begun.
    pub from: Option<i64>,
    /// Events since then that are settled.
    pub settled: BTreeSet<String>,
    /// Unix seconds: nothing is sent before.
    pub next: i64,
}

/// Where a webhook's lease and state are kept, beside those of provisioning. No name of a provider has such a character.
pub fn place(name: &str) -> String {
    format!("webhook\u{3}{name}")
}

impl Services {
    pub(super) async fn webhook_progress(&self, name: &str) -> Result<Progress, Error> {
        let Some(text) = self.provisioning().state(&place(name)).await? else { return Ok(Progress::default()) };
        serde_json::from_str(&text).map_err(|e| StoreError::Corrupt(format!("state of the webhook {name}: {e}")).into())
    }

    pub(super) async fn keep_webhook_progress(
        &self,
        name: &str,
        lease: Lease,
        progress: &Progress,
    ) -> Result<(), Error> {
        let text = serde_json::to_string(progress).map_err(|e| Error::Internal(format!("webhook state: {e}")))?;
        Ok(self.provisioning().put_state(&place(name), lease, &text).await?)
    }
}
