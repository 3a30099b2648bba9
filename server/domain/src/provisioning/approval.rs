use std::collections::BTreeSet;

use model::{EventKind, ScimStatus};
use scim::plan::Plan;
use serde_json::json;

use super::{
    control::Control,
    removals::{digest, pending, removals, why},
    settings,
    worker::Worker,
};
use crate::{Error, identifiers, port::ScimRecord};

/// So long the consent to a kept plan holds, in seconds: it is for what is about to be done.
const CONSENT: i64 = 900;

impl Worker {
    /// Whether somebody has let go, just now, a plan that takes away exactly this. It is asked once for each plan.
    fn consented(&mut self, control: &Control, found: &BTreeSet<String>) -> bool {
        let Some(consent) = control.consent.as_ref().filter(|c| c.plan != self.state.consent_seen) else {
            return false;
        };
        self.state.consent_seen.clone_from(&consent.plan);
        self.services.clock().now() - consent.at < CONSENT && consent.removals == digest(found)
    }

    /// Whether a plan may be carried out without asking; otherwise it is kept for an administrator.
    pub(super) async fn may_go(&mut self, plan: &Plan, record: &ScimRecord, control: &Control) -> Result<bool, Error> {
        let found = removals(plan);
        if self.consented(control, &found) {
            (self.state.approved, self.state.moved, self.state.health.pending) = (found, false, None);
            return Ok(true);
        }
        let hazard = plan.hazard(&settings::threshold(&record.provider));
        let moved = self.state.moved.then(|| first_at(&record.provider.url));
        let reasons: Vec<String> = moved.into_iter().chain(hazard.as_ref().map(why)).collect();
        if reasons.is_empty() {
            self.state.health.pending = None;
            return Ok(true);
        }
        // The same plan as before, and not one like it of some other day.
        let former = self.state.health.pending.take().filter(|_| self.state.removals == found);
        if former.as_ref().is_some_and(|former| former.id == control.approved) {
            self.state.approved = found;
            self.state.moved = false;
            return Ok(true);
        }
        if !self.state.moved && found.is_subset(&self.state.approved) {
            return Ok(true);
        }
        let clock = self.services.clock();
        let mut waiting =
            pending(plan, reasons.join("; "), &found, identifiers::rfc3339(clock.now()), clock.now_micros());
        let words = format!("waits for approval: {}", waiting.why);
        match former {
            Some(former) => (waiting.id, waiting.since) = (former.id, former.since),
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

/// Why a plan waits that takes nothing away.
pub(super) fn first_at(url: &str) -> String {
    format!("the first plan for another address, {url}")
}
