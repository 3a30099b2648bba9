use std::sync::Arc;

use model::ScimStatus;

use super::{
    cancelled::CANCELLED,
    control::Control,
    ending::Ending,
    mirror::Entry,
    removals::counts,
    run::Ran,
    sender::Sender,
    settings,
    trouble::Trouble,
    verification::Compared,
    worker::{Next, Worker},
};
use crate::{Error, identifiers, port::ScimRecord, snapshot::Snapshot};

/// How often in a row everybody is read anew because something was changed during the reading.
const READINGS: u32 = 3;
/// Plans made in one round before the worker looks up.
const PLANS: usize = 50;

impl Worker {
    /// Whether people were read as they are after a change that the snapshot does not know yet. Where a group or a user was
    /// renamed by it, they would seem to be in no group and under no binding, and be taken away.
    async fn is_torn(&mut self, snapshot: &Snapshot) -> Result<bool, Error> {
        self.services.refresh().await?;
        let now = self.services.snapshot();
        let (then, now_at) = (snapshot.configuration.epoch, now.configuration.epoch);
        let lost = || self.lasting.has_lost(self.services.touched().between(then, now_at).as_ref());
        // Something is changed all the time in a large house, so that alone is no reason for ever.
        let again = then != now_at && (self.readings < READINGS || now.group_ids != snapshot.group_ids || lost());
        self.readings = if again { self.readings + 1 } else { 0 };
        Ok(again)
    }

    /// Plans and sends until nothing is left to do.
    #[expect(
        clippy::too_many_lines,
        reason = "a round from its beginning to its end, in the order in which it must happen"
    )]
    pub(super) async fn sync(
        &mut self,
        snapshot: &Arc<Snapshot>,
        record: &ScimRecord,
        control: &Control,
        sender: &Arc<Sender>,
    ) -> Result<Next, Trouble> {
        let epoch = snapshot.configuration.epoch;
        let now = self.services.clock().now();
        // Where nothing has changed it is time for something, and a comparison is of everything.
        if self.done_epoch == Some(epoch) || self.is_to_compare(record, control) {
            self.lasting.outdate();
        }
        let former = std::mem::take(&mut self.lasting);
        self.lasting = self.services.wanted_since(snapshot, &record.provider, former).await?;
        let wanted = self.lasting.wanted();
        if self.is_torn(snapshot).await? {
            return Ok(Next::After(0));
        }
        if !wanted.connected {
            let words = "no application has it as a backchannel provider; nothing is sent or taken away".to_owned();
            return Ok(self.rest(epoch, ScimStatus::NotConnected, words).await?);
        }
        if self.state.run().is_some() {
            self.end_run(sender, Ending::Interrupted, "broken off; the worker began anew").await?;
        }
        let options = settings::options(&record.provider, now);
        self.silence.begin();
        if self.state.health.last_synced.is_none() {
            // The first reading may take long, and wait for an administrator after that.
            self.unsynced().await?;
            self.keep_state().await?;
        }
        self.follow_address(record).await?;
        if !self.open_mirror(record, &wanted, sender, options.adopt).await? {
            return Ok(Next::After(0));
        }
        self.begin_plans(record)?;
        if control.sync != self.state.sync_seen {
            self.state.sync_seen = control.sync;
            let parked = self.mirror()?.observed.parked.clone();
            self.write(parked.into_iter().map(|p| Entry::Unpark { object: p.step.object }).collect()).await?;
        }
        if let Some(words) = self.undecided(record, control, &wanted, sender)? {
            return match self.verify(record, control, &wanted, sender, epoch).await? {
                Compared::Done | Compared::Moved => Ok(Next::After(0)),
                _ => Ok(self.wait_for_decisions(control, epoch, words).await?),
            };
        }
        self.single(record, control, &wanted, sender).await?;
        let (mut before, mut not_compared) = (Ran::default(), None);
        for _ in 0..PLANS {
            // Before it is asked what became of them: one whose last attempt may have been done is asked for, and tried again.
            self.silence.turn();
            let (found, open) = self.resume(&wanted, record, now, sender, options.adopt).await?;
            before.settled += found;
            let (mut plan, failures) = self.plan(&wanted, record, now, sender).await?;
            self.tell_failures(&failures).await?;
            if open.is_some() {
                self.silence.doubt();
            }
            // Nothing else is done to an object while it is not known what was.
            self.put_off(&mut plan.steps)?;
            if plan.steps.is_empty() {
                if let Some(words) = open {
                    return Err(Trouble::Failing(words));
                }
                if self.silence.words().is_none() && !self.mirror()?.observed.in_flight.is_empty() {
                    return Err(Trouble::Failing("what became of a request is not known yet".to_owned()));
                }
                match self.read_members(sender, epoch).await? {
                    Some(0) => {}
                    Some(_) => continue,
                    None => break,
                }
                // Nothing waits for a comparison: it takes long, and somebody may have to leave.
                if self.is_to_compare(record, control) && self.silence.words().is_none() {
                    self.caught_up(&plan, &failures, &mut before, sender).await?;
                }
                match self.verify(record, control, &wanted, sender, epoch).await? {
                    Compared::NotNow => {}
                    Compared::Done => continue,
                    Compared::Moved => return Ok(Next::After(0)),
                    Compared::Failed(words) => not_compared = words,
                }
                if let Some(words) = self.silence.words().or(not_compared) {
                    return Err(Trouble::Failing(words));
                }
                return Ok(self.synced(record, epoch, &plan, &failures, &mut before, sender).await?);
            }
            if !self.may_go(&plan, record, control).await? {
                // What waits for an administrator may wait for days.
                match self.verify(record, control, &wanted, sender, epoch).await? {
                    Compared::Done => continue,
                    Compared::Moved => return Ok(Next::After(0)),
                    Compared::NotNow | Compared::Failed(_) => {}
                }
                self.keep_refused(&plan, &failures).await?;
                self.followed(epoch);
                // Nothing is asked until somebody has decided.
                self.state.outage.end();
                self.keep_state().await?;
                self.end_run(sender, Ending::Held, "it waits for approval").await?;
                return Ok(Next::Wait);
            }
            before.counts.get_or_insert_with(|| counts(&plan.counts()));
            if self.state.run().is_none() {
                self.begin_run(identifiers::rfc3339(self.services.clock().now())).await?;
                self.unsynced().await?;
                if self.failures == 0 {
                    self.state.health.status = ScimStatus::Running;
                    self.state.health.words = format!("{} steps to go", plan.steps.len());
                }
            }
            self.state.health.queue = plan.steps.len() as u64;
            if let Some(run) = self.state.run() {
                run.steps = run.steps.max(before.settled + plan.steps.len() as u64);
            }
            self.keep_state().await?;
            let ran = self.run(&plan.steps, sender, options.adopt, epoch, &before).await?;
            before.settled += ran.settled;
            before.parked += ran.parked;
            if let Some(run) = self.state.run() {
                run.settled = before.settled;
                run.requests = sender.requests();
                run.parked = before.parked;
            }
            if ran.settled > 0 {
                self.failures = 0;
                self.state.outage.eased();
            }
            if (self.silence.is_over() || sender.sent_away().is_some())
                && let Some(words) = self.silence.words()
            {
                return Err(Trouble::Failing(words));
            }
            if ran.settled == 0 && ran.doubts == 0 && ran.silent == 0 && !ran.moved {
                // Nothing could be sent: what it waits for is not there yet.
                if let Some(words) = ran.gave_up {
                    return Err(Trouble::Failing(words));
                }
                self.end_run(sender, Ending::Interrupted, "some steps wait for others").await?;
                self.due = now;
                return Ok(Next::After(5_000));
            }
            if ran.moved {
                break;
            }
        }
        let (services, provider) = (self.services.clone(), self.provider.clone());
        self.mirror()?.tidy(&services, &provider).await?;
        let cancelled = Control::of(&services.snapshot(), &provider).is_cancelled();
        let (ending, outcome) = if cancelled {
            (Ending::Cancelled, CANCELLED)
        } else {
            (Ending::Interrupted, "something changed meanwhile; the rest is planned anew")
        };
        self.end_run(sender, ending, outcome).await?;
        Ok(Next::After(0))
    }
}
