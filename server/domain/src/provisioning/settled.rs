use model::{EventKind, ScimStatus};
use scim::{plan::Plan, state::Status};
use serde_json::json;

use super::{
    ending::Ending,
    round::LONGEST,
    run::Ran,
    sender::Sender,
    wanted::Failure,
    worker::{Next, Worker},
};
use crate::{Error, identifiers, port::ScimRecord};

impl Worker {
    /// Both sides are the same.
    pub(super) async fn synced(
        &mut self,
        record: &ScimRecord,
        epoch: u64,
        plan: &Plan,
        failures: &[Failure],
        ran: &mut Ran,
        sender: &Sender,
    ) -> Result<Next, Error> {
        let (services, provider) = (self.services.clone(), self.provider.clone());
        let now = services.clock().now();
        self.keep_unsynced(plan, failures).await?;
        self.sent(ran, sender).await?;
        self.mirror()?.tidy(&services, &provider).await?;
        self.failures = 0;
        self.silence.end();
        self.state.approved.clear();
        self.state.removals.clear();
        self.state.moved = false;
        let verification = self.next_verification(record);
        let observed = &self.mirror()?.observed;
        let memberships: usize = observed.rosters.values().map(|roster| roster.members.len()).sum();
        let (users, groups) = (observed.users.len(), observed.groups.len());
        let until = observed.parked.iter().map(|parked| parked.until);
        let grace = observed.users.values().filter_map(|held| match held.status {
            Status::Deactivated { since } => Some(since),
            Status::Active => None,
        });
        let seconds = record.provider.deprovision_grace.map(model::Span::as_seconds);
        let grace = grace.filter_map(|since| seconds.map(|seconds| since + seconds + 1)).filter(|at| *at > now);
        let soonest = until.chain(grace).chain(verification).min();
        self.due = soonest.unwrap_or(i64::MAX).clamp(now + 1, now + LONGEST);
        let left = plan.refused.len() + plan.waiting.len() + failures.len();
        let health = &mut self.state.health;
        (health.users, health.groups) = (users as u64, groups as u64);
        health.memberships = memberships as u64;
        (health.queue, health.pending) = (0, None);
        health.last_synced = Some(identifiers::rfc3339(now));
        let mut words = match left {
            0 => "everything is there".to_owned(),
            left => format!("everything is there but {left} objects that cannot be sent as they are"),
        };
        if self.state.health.drift > 0 {
            words.push_str(&format!(
                "; {} differences that others made wait for an administrator",
                self.state.health.drift
            ));
        }
        if let Some(why) = self.mirror()?.unfolded() {
            words.push_str(&format!("; the journal of what is there grows, as it cannot be folded: {why}"));
        }
        self.rest(epoch, ScimStatus::Synced, words).await
    }

    /// Nothing is left to send: tells what was sent and ends the run.
    pub(super) async fn sent(&mut self, ran: &mut Ran, sender: &Sender) -> Result<(), Error> {
        let Ran { settled, counts, .. } = std::mem::take(ran);
        if settled > 0 {
            let requests = sender.requests();
            let message = format!("{settled} changes are done at {}, in {requests} requests", self.provider);
            let detail = json!({ "counts": counts, "requests": requests });
            self.tell(EventKind::Provisioned, message, detail).await?;
        }
        self.end_run(sender, Ending::Done, "done").await
    }

    /// Nothing is left to send, and what is there is about to be compared: that may take long, and nobody waits for it.
    pub(super) async fn caught_up(
        &mut self,
        plan: &Plan,
        failures: &[Failure],
        ran: &mut Ran,
        sender: &Sender,
    ) -> Result<(), Error> {
        let before = self.state.health.unsynced_since.clone();
        self.keep_unsynced(plan, failures).await?;
        if ran.settled == 0 {
            // The service was not asked for anything: an outage is not over by that.
            return if self.state.health.unsynced_since == before { Ok(()) } else { self.keep_state().await };
        }
        self.sent(ran, sender).await?;
        self.state.outage.end();
        let health = &mut self.state.health;
        health.queue = 0;
        health.last_synced = Some(identifiers::rfc3339(self.services.clock().now()));
        health.status = ScimStatus::Synced;
        "everything is there; it is being compared".clone_into(&mut health.words);
        self.keep_state().await
    }

    pub(super) async fn end_run(&mut self, sender: &Sender, ending: Ending, outcome: &str) -> Result<(), Error> {
        let ended = identifiers::rfc3339(self.services.clock().now());
        self.keep_results().await?;
        if let Some(run) = self.state.run() {
            run.requests = sender.requests();
        }
        if self.state.end_run(ended, ending, outcome) { self.keep_state().await } else { Ok(()) }
    }

    /// Nothing more to do at this epoch.
    pub(super) async fn rest(&mut self, epoch: u64, status: ScimStatus, words: String) -> Result<Next, Error> {
        self.followed(epoch);
        self.state.outage.end();
        self.state.health.tried = self.asked;
        self.state.health.status = status;
        self.state.health.words = words;
        self.keep_state().await?;
        Ok(Next::Wait)
    }
}
