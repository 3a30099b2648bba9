use model::{EventKind, ScimStatus};
use scim::plan::Plan;
use serde_json::json;

use super::{
    control::Control,
    removals::{pending, removals},
    settings,
    worker::Worker,
};
use crate::{Error, identifiers, port::ScimRecord};

impl Worker {
    /// Whether a plan may be carried out without asking; otherwise it is kept for an administrator.
    pub(super) async fn may_go(&mut self, plan: &Plan, record: &ScimRecord, control: &Control) -> Result<bool, Error> {
        let Some(hazard) = plan.hazard(&settings::threshold(&record.provider)) else {
            self.state.health.pending = None;
            return Ok(true);
        };
        let found = removals(plan);
        let former = self.state.health.pending.take();
        let since = identifiers::rfc3339(self.services.clock().now());
        let mut waiting = pending(plan, &hazard, &found, since);
        if control.approved == waiting.id {
            self.state.approved = found;
            return Ok(true);
        }
        if found.is_subset(&self.state.approved) {
            return Ok(true);
        }
        let words = format!("waits for approval: {}", waiting.why);
        match former.filter(|former| former.id == waiting.id) {
            Some(former) => waiting.since = former.since,
            None => {
                let message = format!("the plan for {} {words}", self.provider);
                let detail = json!({ "plan": waiting.id, "counts": waiting.counts });
                self.tell(EventKind::ProvisioningHeld, message, detail).await?;
            }
        }
        self.state.removals = found;
        self.state.health.status = ScimStatus::WaitsForApproval;
        self.state.health.queue = plan.steps.len() as u64;
        self.state.health.words = words;
        self.state.health.unsynced_since.get_or_insert_with(|| waiting.since.clone());
        self.state.health.pending = Some(waiting);
        self.keep_state().await?;
        Ok(false)
    }
}
