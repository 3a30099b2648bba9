use std::collections::BTreeSet;

use model::{EventKind, ScimStatus};
use scim::{id::Object, plan::Plan, step::Step};
use serde_json::json;

use super::{
    control::Control,
    lately::Lately,
    removals::{digest, pending, removals, why},
    settings,
    taken::taken,
    worker::Worker,
};
use crate::{Error, identifiers, port::ScimRecord};

/// So long the consent to a kept plan holds, in seconds: it is for what is about to be done.
const CONSENT: i64 = 900;

impl Worker {
    /// Whether somebody has let go, just now, a plan that takes away exactly this. It is asked once for each plan.
    fn lets_go(&mut self, control: &Control, found: &BTreeSet<String>) -> bool {
        let Some(consent) = control.consent.as_ref().filter(|c| c.plan != self.state.consent_seen) else {
            return false;
        };
        self.state.consent_seen.clone_from(&consent.plan);
        self.services.clock().now() - consent.at < CONSENT && consent.removals == digest(found)
    }

    /// Whether a plan may be carried out without asking; otherwise it is kept for an administrator.
    pub(super) async fn may_go(&mut self, plan: &Plan, record: &ScimRecord, control: &Control) -> Result<bool, Error> {
        let found = removals(&plan.steps, &self.mirror()?.observed);
        let lately = self.lately().await?;
        let reasons = self.reasons(plan, record, &lately)?;
        if self.lets_go(control, &found) {
            if reasons.is_some() {
                self.forget_taken().await?;
            }
            (self.state.approved, self.state.moved, self.state.health.pending) = (found, false, None);
            return Ok(true);
        }
        // The same plan as before, and not one like it of some other day.
        let former = self.state.health.pending.take().filter(|_| self.state.removals == found);
        if former.as_ref().is_some_and(|former| former.id == control.approved) {
            self.forget_taken().await?;
            self.state.approved = found;
            self.state.moved = false;
            return Ok(true);
        }
        let Some(reasons) = reasons else {
            self.note_taken(&plan.steps, lately).await?;
            return Ok(true);
        };
        if !self.state.moved && found.is_subset(&self.state.approved) {
            return Ok(true);
        }
        let clock = self.services.clock();
        let (since, moment) = (identifiers::rfc3339(clock.now()), clock.now_micros());
        let mut waiting = pending(plan, reasons, &found, since, moment);
        waiting.taken = taken(&plan.steps, &self.mirror()?.observed, record.provider.dialect);
        let words = format!("waits for approval: {}", waiting.why);
        match former {
            Some(former) => (waiting.id, waiting.since) = (former.id, former.since),
            None => {
                let message = format!("the plan for {} {words}", self.provider);
                let detail = json!({ "plan": waiting.id, "counts": waiting.counts, "taken": waiting.taken });
                self.tell(EventKind::ProvisioningHeld, message, detail).await?;
            }
        }
        self.state.removals = found;
        self.state.health.status = ScimStatus::WaitsForApproval;
        self.state.health.queue = plan.steps.len() as u64;
        self.state.health.words = words;
        self.unsynced().await?;
        self.state.health.pending = Some(waiting);
        self.state.health.tried = self.asked;
        // With a part of the day's removals gone the plan may go by itself.
        let end = lately.next_end(self.services.clock().now());
        self.due = end.map_or(self.due, |end| self.due.min(end));
        self.keep_state().await?;
        Ok(false)
    }

    /// Why a plan is for an administrator to decide about; None: it goes ahead.
    fn reasons(&mut self, plan: &Plan, record: &ScimRecord, lately: &Lately) -> Result<Option<String>, Error> {
        let now = self.services.clock().now();
        let (earlier, since) = lately.before(&plan.steps, &self.mirror()?.observed, now);
        let hazard = plan.hazard_after(&settings::threshold(&record.provider), earlier);
        let moved = self.state.moved.then(|| first_at(&record.provider.url));
        let hazard = hazard.map(|hazard| why(&hazard, since, record.provider.dialect));
        let reasons: Vec<String> = moved.into_iter().chain(hazard).collect();
        Ok((!reasons.is_empty()).then(|| reasons.join("; ")))
    }

    /// Why what a plan does to one object may not be done by itself: it is part of what waits, and nobody has consented.
    /// What takes nothing away may go before the rest of a plan that takes too much; of what goes, note is taken.
    pub(super) async fn waits(
        &mut self,
        plan: &Plan,
        object: &Object,
        record: &ScimRecord,
        control: &Control,
    ) -> Result<Option<String>, Error> {
        let lately = self.lately().await?;
        let own: Vec<Step> = plan.steps.iter().filter(|step| step.object == *object).cloned().collect();
        let Some(reasons) = self.reasons(plan, record, &lately)? else {
            self.note_taken(&own, lately).await?;
            return Ok(None);
        };
        let observed = &self.mirror()?.observed;
        let (all, own) = (removals(&plan.steps, observed), removals(&own, observed));
        Ok((!self.consented(&all, &own, control)).then_some(reasons))
    }

    fn consented(&self, all: &BTreeSet<String>, own: &BTreeSet<String>, control: &Control) -> bool {
        let pending = self.state.health.pending.as_ref().filter(|_| self.state.removals == *all);
        pending.is_some_and(|pending| pending.id == control.approved)
            || (!self.state.moved && own.is_subset(&self.state.approved))
    }
}

/// Why a plan waits that takes nothing away.
pub(super) fn first_at(url: &str) -> String {
    format!("the first plan for another address, {url}")
}
