use std::{collections::HashSet, sync::Arc};

use model::{EventKind, ScimCounts};
use scim::{
    apply::{Look, Outcome, can_wait},
    id::{Kind, Object},
    plan::Adopt,
    state::Effect,
    step::{Action, Ready, Step},
    wire::ServiceProviderConfig,
};
use serde_json::json;
use tokio::task::JoinSet;

use super::{
    accounts,
    batch::together,
    control::Control,
    doubt::leaves_doubt,
    mirror::{Entry, Mirror},
    reading,
    sender::Sender,
    trouble::Trouble,
    unique::is_contested,
    worker::Worker,
};
use crate::{Error, port::NoAnswer};

/// Requests that are under way at once.
const WIDTH: usize = 16;
/// How often the progress is written down, in milliseconds.
const PROGRESS: u64 = 1_000;
/// A run or a reading that began less than so many milliseconds ago is not broken off for a new plan.
const PATIENCE: u64 = 1_000;

/// How a run over a plan ended.
#[derive(Debug, Default)]
pub(super) struct Ran {
    /// Steps that were sent and whose outcome is known.
    pub settled: u64,
    /// Steps that the service refused.
    pub parked: u64,
    /// Why a step is not done though it was repeated.
    pub gave_up: Option<String>,
    /// What the first plan of the run was to do.
    pub counts: Option<ScimCounts>,
    /// Something changed here meanwhile: the rest is planned anew.
    pub moved: bool,
    /// Creations of which nobody knows whether they were done. They stay open, and are found out together.
    pub doubts: usize,
    /// Of which kind they are.
    pub doubted: Option<Kind>,
    /// Steps that got no answer. They are not tried again in this round.
    pub silent: usize,
}

/// The mirror, which is open from the beginning of a round on.
fn opened<M>(mirror: Option<M>) -> Result<M, Error> {
    mirror.ok_or_else(|| Error::Internal("the SCIM mirror is not there".into()))
}

/// What a step creates.
fn creates(step: &Step) -> Option<Kind> {
    matches!(step.action, Action::Create { .. }).then_some(step.object.kind)
}

impl Worker {
    pub(super) fn mirror(&mut self) -> Result<&mut Mirror, Error> {
        opened(self.mirror.as_mut())
    }

    pub(super) async fn write(&mut self, entries: Vec<Entry>) -> Result<(), Error> {
        let (services, provider) = (self.services.clone(), self.provider.clone());
        self.gathered.outdate(&entries, &opened(self.mirror.as_ref())?.observed);
        let renames = entries.iter().any(accounts::renames);
        let written = self.mirror()?.write(&services, &provider, entries).await;
        if renames {
            // A round may last for hours; whoever signs on meanwhile goes by who is called what now.
            services.known_accounts().stale(&provider);
        }
        written
    }

    /// Sends the steps of a plan made at `epoch`. `before`: what the same run did for earlier plans.
    pub(super) async fn run(
        &mut self,
        steps: &[Step],
        sender: &Arc<Sender>,
        adopt: Adopt,
        epoch: u64,
        before: &Ran,
    ) -> Result<Ran, Trouble> {
        let mut ran = Ran::default();
        let began = self.services.pace().millis();
        let mut steps = steps.to_vec();
        self.put_last(&mut steps)?;
        let (mut shown, mut rest) = (began, &*steps);
        while !rest.is_empty() {
            // A service that did not answer is asked carefully first.
            let careful = self.silence.is_quiet() || (self.failures > 0 && ran.settled == 0);
            let width = if careful { 1 } else { WIDTH };
            let together = together(rest, width, sender.memberships_per_second());
            if ran.doubts > 0 && rest.first().is_none_or(|step| creates(step) != ran.doubted) {
                // What follows may have to know whom it is about.
                break;
            }
            if self.silence.has_turn() && !rest.iter().any(|step| creates(step) == Some(Kind::User)) {
                // A group is filled once, with everybody.
                break;
            }
            let (batch, later) = rest.split_at(together);
            rest = later;
            let (settled, doubts, silent) = (ran.settled, ran.doubts, ran.silent);
            self.batch(batch, sender, adopt, &mut ran).await?;
            let unanswered = ran.silent > silent && ran.settled == settled;
            if unanswered {
                self.silence.grow();
            }
            if ran.doubts > doubts && ran.settled == settled {
                // Nothing of it was answered: more of the same would only be more to find out.
                break;
            }
            if ran.moved || self.silence.is_over() || sender.sent_away().is_some() {
                break;
            }
            if unanswered {
                // Another kind of request may well be answered.
                let mut more = rest.to_vec();
                self.put_last(&mut more)?;
                steps = more;
                rest = &steps;
            }
            let now = self.services.pace().millis();
            if now.saturating_sub(shown) >= PROGRESS {
                shown = now;
                let (settled, parked) = (before.settled + ran.settled, before.parked + ran.parked);
                self.progress(settled, rest.len() as u64, sender, parked).await?;
            }
            if self.breaks_off(epoch, began) {
                ran.moved = true;
                break;
            }
        }
        if ran.settled == 0 && ran.doubts == 0 && ran.gave_up.is_none() {
            // What is left waits for something that got no answer.
            ran.gave_up = self.silence.words();
        }
        Ok(ran)
    }

    /// Whether what began at a moment of the pace, and as of an epoch, is broken off: a change goes first, and whoever cancels
    /// waits for nothing.
    fn breaks_off(&self, epoch: u64, began: u64) -> bool {
        let snapshot = self.services.snapshot();
        let long = self.services.pace().millis().saturating_sub(began) >= PATIENCE;
        snapshot.configuration.epoch != epoch && (long || Control::of(&snapshot, &self.provider).is_cancelled())
    }

    /// Steps that got no answer come after the others.
    fn put_last(&mut self, steps: &mut Vec<Step>) -> Result<(), Error> {
        self.silence.sort(steps, &opened(self.mirror.as_ref())?.observed);
        Ok(())
    }

    async fn batch(
        &mut self,
        steps: &[Step],
        sender: &Arc<Sender>,
        adopt: Adopt,
        ran: &mut Ran,
    ) -> Result<(), Trouble> {
        // What got no answer in this round waits for the next, with what depends on it.
        let steps = self.tried(steps)?;
        let observed = &self.mirror()?.observed;
        // What cannot be sent now is not there, or there already: the next plan knows.
        let ready: Vec<Ready> = steps.iter().filter_map(|step| step.prepare(observed, &sender.dialect).ok()).collect();
        self.write(ready.iter().map(|ready| Entry::Begin { step: ready.step.clone() }).collect()).await?;
        let mut sent = JoinSet::new();
        for ready in ready {
            let sender = Arc::clone(sender);
            // The others do not wait for the attempts of one that had several before.
            let once = self.silence.is_quiet() || self.silence.times(&ready.step.object) > 0;
            sent.spawn(async move {
                let (outcome, maybe) = sender.step(&ready, once).await;
                (ready.step, outcome, maybe)
            });
        }
        let (mut entries, mut looks, mut refused) = (Vec::new(), Vec::new(), None);
        while let Some(joined) = sent.join_next().await {
            let (step, outcome, maybe) = joined.map_err(|e| Error::Internal(format!("a request broke off: {e}")))?;
            match outcome {
                // That says nothing of the object, so it is not taken for one that got no answer.
                Outcome::Retry { .. } if self.lease_ended() => {
                    entries.extend((!maybe).then_some(Entry::Finish { step }));
                }
                outcome if can_wait(&step, &outcome, maybe) => {
                    ran.doubts += 1;
                    ran.doubted = Some(step.object.kind);
                    self.unanswered(&step, "no answer", ran)?;
                }
                Outcome::Unknown { .. } | Outcome::Conflict { .. } => looks.push((step, outcome, maybe)),
                Outcome::TokenRefused { words } => {
                    // What an earlier attempt did is found out when there is a good token again.
                    entries.extend((!maybe).then_some(Entry::Finish { step }));
                    refused = Some(words);
                }
                outcome if maybe && leaves_doubt(&step, &outcome) => looks.push((step, outcome, maybe)),
                outcome => self.understood(step, outcome, maybe, &mut entries, ran).await?,
            }
        }
        self.write(entries).await?;
        let adopted = steps.iter().filter(|step| step.is_read() && step.object.kind == Kind::Group);
        let read = self.mirror()?.observed.read_before(adopted.map(|step| &step.object.id));
        self.write(read.into_iter().map(|effect| Entry::Record { effect }).collect()).await?;
        if let Some(words) = refused {
            return Err(Trouble::Refused(words));
        }
        if self.lease_ended() {
            // What needs a look stays open for whoever has the lease next.
            return Err(Trouble::Failing(NoAnswer::LeaseEnded.to_string()));
        }
        for (step, outcome, maybe) in looks {
            match self.settle(step.clone(), outcome, maybe, sender, adopt, ran).await {
                // It stays open; one that cannot be asked for holds up no other.
                Err(Trouble::Failing(words)) if !self.lease_ended() => {
                    self.unanswered(&step, &words, ran)?;
                    self.silence.leave(&step.object);
                    ran.gave_up = Some(words);
                }
                settled => settled?,
            }
        }
        Ok(())
    }

    /// The steps of a batch that are tried in this round.
    fn tried(&mut self, steps: &[Step]) -> Result<Vec<Step>, Error> {
        let observed = &opened(self.mirror.as_ref())?.observed;
        Ok(steps.iter().filter(|step| !self.silence.skips(step, observed)).cloned().collect())
    }

    fn unanswered(&mut self, step: &Step, words: &str, ran: &mut Ran) -> Result<(), Error> {
        ran.silent += 1;
        self.silence.unanswered(step, words, &opened(self.mirror.as_ref())?.observed);
        Ok(())
    }

    /// Takes out of a plan what waits for another round: what is in doubt, and what got no answer.
    pub(super) fn put_off(&mut self, steps: &mut Vec<Step>) -> Result<(), Error> {
        let busy: HashSet<Object> = self.mirror()?.observed.in_flight.iter().map(|step| step.object.clone()).collect();
        steps.retain(|step| !busy.contains(&step.object));
        *steps = self.tried(steps)?;
        Ok(())
    }

    /// What an outcome means for the mirror. `maybe`: a step that is to be repeated may have been done; it stays open.
    pub(super) async fn understood(
        &mut self,
        step: Step,
        outcome: Outcome,
        maybe: bool,
        entries: &mut Vec<Entry>,
        ran: &mut Ran,
    ) -> Result<(), Error> {
        match outcome {
            Outcome::Done { effect } => {
                ran.settled += 1;
                self.silence.answered(&step);
                self.result(&step, "done", "").await?;
                entries.push(Entry::Record { effect });
            }
            // Asked for again when it is known who has what it wants; that comes first in every round.
            Outcome::Parked { words, .. } if is_contested(&step, &self.mirror()?.observed) => {
                let words =
                    format!("{words}; whose that is nobody knows, for a request about somebody else got no answer yet");
                self.result(&step, "open", &words).await?;
                self.silence.defer(&step, &words, &opened(self.mirror.as_ref())?.observed);
                ran.gave_up = Some(words);
            }
            Outcome::Parked { words, fix, effect } => {
                ran.settled += 1;
                ran.parked += 1;
                self.silence.answered(&step);
                entries.extend(effect.map(|effect| Entry::Record { effect }));
                let now = self.services.clock().now();
                self.result(&step, "refused", &format!("{words}; {fix}")).await?;
                let again = self.mirror()?.observed.parked.iter().any(|parked| parked.step.repeats(&step));
                if !again {
                    self.tell_refusal(&step, &words, &fix).await?;
                }
                entries.push(Entry::Park { step: step.clone(), words, fix, now });
            }
            Outcome::Retry { words, .. } => {
                if !words.is_empty() {
                    self.result(&step, "open", &words).await?;
                    self.unanswered(&step, &words, ran)?;
                    self.silence.leave(&step.object);
                    ran.gave_up = Some(words);
                }
                if maybe {
                    return Ok(());
                }
            }
            // The next plan is made for a service without it.
            Outcome::NoPatch { .. } => {
                self.config = Some(ServiceProviderConfig { patch: false, ..self.config.clone().unwrap_or_default() });
                ran.moved = true;
            }
            _ => {}
        }
        entries.push(Entry::Finish { step });
        Ok(())
    }

    async fn tell_refusal(&self, step: &Step, words: &str, fix: &str) -> Result<(), Error> {
        let provider = &self.provider;
        let kind = if step.object.kind == Kind::User { "user" } else { "group" };
        let message = format!("{provider} refused the {kind} {}: {words}; what helps: {fix}", step.name);
        let detail = json!({ "object": step.object, "action": step.action, "words": words, "fix": fix });
        let event = self.services.scim_event(EventKind::ProvisioningFailed, provider, message, detail);
        Ok(self.services.store().append_events(vec![event]).await?)
    }

    /// Reads who is in the groups that were adopted; returns how many there were. None: something changed here after `epoch`,
    /// and the rest is read another time.
    pub(super) async fn read_members(&mut self, sender: &Arc<Sender>, epoch: u64) -> Result<Option<usize>, Trouble> {
        let began = self.services.pace().millis();
        let unread: Vec<_> = self.mirror()?.observed.unread_groups().cloned().collect();
        for group in &unread {
            let Some(held) = self.mirror()?.observed.groups.get(group) else { continue };
            let remote = held.remote.clone();
            let effect = if let Some(members) = reading::members(sender, &remote).await? {
                let roster = self.mirror()?.observed.owners(Kind::User).roster(&members);
                Some(Effect::MembersRead { group: group.clone(), roster })
            } else {
                // Somebody deleted it meanwhile, or the whole tenant.
                let look = Look::Whole { object: Object::group(group) };
                match self.look(Outcome::Unknown { look }, sender, Adopt::Never).await? {
                    Outcome::Done { effect: effect @ Effect::Gone { .. } } => Some(effect),
                    _ => self.members_now(group, sender).await?,
                }
            };
            self.write(effect.into_iter().map(|effect| Entry::Record { effect }).collect()).await?;
            if self.breaks_off(epoch, began) {
                return Ok(None);
            }
        }
        Ok(Some(unread.len()))
    }
}
