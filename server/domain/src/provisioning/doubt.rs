use std::sync::Arc;

use scim::{
    apply::{Answer, Everybody, Outcome, doubted, lost, reading_pays},
    id::{Kind, LocalId},
    plan::Adopt,
    state::Effect,
    step::{Action, Step},
};

use super::{
    mirror::Entry,
    reading,
    run::Ran,
    sender::{Sender, of},
    silence::PATIENCE,
    trouble::Trouble,
    wanted::Wanted,
    worker::Worker,
};
use crate::port::ScimRecord;

impl Worker {
    /// Finds out what became of steps whose answer was never recorded: this worker, or the one before it, ended between
    /// the request and the answer, or the service gave none. A plan knows nothing of them, so they come first: what was
    /// done and is not wanted any more would otherwise stay. Many creations are found out by one reading of everything, which
    /// takes fewer requests than a question for each. Returns how many were done, and why some are still open.
    pub(super) async fn resume(
        &mut self,
        wanted: &Arc<Wanted>,
        record: &ScimRecord,
        now: i64,
        sender: &Arc<Sender>,
        adopt: Adopt,
    ) -> Result<(u64, Option<String>), Trouble> {
        let mut open = self.mirror()?.observed.in_flight.clone();
        open.retain(|step| !self.silence.is_missed(&step.object));
        if open.is_empty() {
            return Ok((0, None));
        }
        let known = match self.readings(&open, sender).await {
            Ok(known) => known,
            Err(Trouble::Failing(words)) if !self.lease_ended() => return Ok((0, Some(words))),
            Err(trouble) => return Err(trouble),
        };
        // Those that nobody could say anything of come last.
        open.sort_by_key(|step| self.silence.times(&step.object));
        let (plan, _) = self.plan(wanted, record, now, sender).await?;
        let (mut ran, mut unanswered, mut said) = (Ran::default(), 0, None);
        for step in open {
            let planned = plan.steps.iter().any(|planned| planned.repeats(&step));
            let object = step.object.clone();
            let result = if planned && may_repeat(&step) {
                self.repeat(step, sender, adopt, &mut ran).await
            } else {
                self.ask(step, sender, adopt, &known, &mut ran).await
            };
            // One object that cannot be asked for holds up no other.
            let words = match result {
                Ok(()) => ran.gave_up.take(),
                // It stays open for whoever has the lease next.
                Err(trouble) if self.lease_ended() => return Err(trouble),
                Err(Trouble::Failing(words)) => Some(words),
                Err(trouble) => return Err(trouble),
            };
            if let Some(words) = words {
                unanswered += 1;
                self.silence.missed(&object, &words);
                said = Some(words);
            }
            if unanswered >= PATIENCE || sender.is_stopped() {
                break;
            }
        }
        Ok((ran.settled, said))
    }

    /// Everything that is there, of each kind of which so many creations are open that one reading pays.
    async fn readings(&mut self, open: &[Step], sender: &Sender) -> Result<Vec<Everybody>, Trouble> {
        let mut known = Vec::new();
        for kind in [Kind::User, Kind::Group] {
            let created = |step: &&Step| step.object.kind == kind && matches!(step.action, Action::Create { .. });
            let questions = open.iter().filter(created).count();
            if reading_pays(questions, kind, &self.mirror()?.observed, &sender.dialect) {
                known.push(Everybody::new(kind, reading::all(sender, kind).await?, &sender.dialect));
            }
        }
        Ok(known)
    }

    /// Sends a step that may have been done once more: it leaves the same behind, and then it is known.
    async fn repeat(&mut self, step: Step, sender: &Arc<Sender>, adopt: Adopt, ran: &mut Ran) -> Result<(), Trouble> {
        let Ok(ready) = step.prepare(&self.mirror()?.observed, &sender.dialect) else {
            return Ok(self.write(vec![Entry::Finish { step }]).await?);
        };
        let (outcome, _) = sender.step(&ready, false).await;
        match outcome {
            Outcome::TokenRefused { words } => return Err(Trouble::Refused(words)),
            Outcome::Retry { words, .. } if self.lease_ended() => return Err(Trouble::Failing(words)),
            _ => {}
        }
        self.settle(step, outcome, true, sender, adopt, ran).await
    }

    /// Looks what became of a step that is not sent again: nobody wants it any more, or it must not be done twice.
    async fn ask(
        &mut self,
        step: Step,
        sender: &Arc<Sender>,
        adopt: Adopt,
        known: &[Everybody],
        ran: &mut Ran,
    ) -> Result<(), Trouble> {
        let effects = self.doubt(&step, sender, adopt, known).await?;
        if effects.iter().any(|effect| matches!(effect, Effect::Adopted { .. })) {
            ran.settled += 1;
            self.result(&step, "done", "").await?;
        }
        let mut entries: Vec<Entry> = effects.into_iter().map(|effect| Entry::Record { effect }).collect();
        entries.push(Entry::Finish { step });
        Ok(self.write(entries).await?)
    }

    /// Follows an outcome to its end. `maybe`: an attempt before the last may have been done. A refusal of the last one
    /// says nothing of it, so what is there is read.
    pub(super) async fn settle(
        &mut self,
        step: Step,
        outcome: Outcome,
        maybe: bool,
        sender: &Arc<Sender>,
        adopt: Adopt,
        ran: &mut Ran,
    ) -> Result<(), Trouble> {
        let looked = matches!(outcome, Outcome::Unknown { .. } | Outcome::Conflict { .. });
        let outcome = self.look(outcome, sender, adopt).await?;
        let mut entries = Vec::new();
        if maybe && leaves_doubt(&step, &outcome) {
            let effects = self.doubt(&step, sender, adopt, &[]).await?;
            let found = effects.iter().any(|effect| matches!(effect, Effect::Adopted { .. }));
            entries.extend(effects.into_iter().map(|effect| Entry::Record { effect }));
            if found {
                ran.settled += 1;
                self.result(&step, "done", "").await?;
                entries.push(Entry::Finish { step });
                return Ok(self.write(entries).await?);
            }
        }
        self.understood(step, outcome, maybe && !looked, &mut entries, ran).await?;
        Ok(self.write(entries).await?)
    }

    /// What is there of a step that may have been done.
    async fn doubt(
        &mut self,
        step: &Step,
        sender: &Arc<Sender>,
        adopt: Adopt,
        known: &[Everybody],
    ) -> Result<Vec<Effect>, Trouble> {
        let Some(look) = doubted(step) else { return Ok(Vec::new()) };
        let mut effects: Vec<Effect> = match self.look_in(known, Outcome::Unknown { look }, sender, adopt).await? {
            Outcome::Done { effect } => vec![effect],
            Outcome::Parked { effect, .. } => effect.into_iter().collect(),
            // It was not done.
            _ => Vec::new(),
        };
        let is_there = effects.iter().any(|effect| matches!(effect, Effect::Seen { .. }));
        if is_there && step.object.kind == Kind::Group && changes_members(step) {
            effects.extend(self.members_now(&step.object.id, sender).await?);
        }
        Ok(effects)
    }

    /// Who is in a group of ours now.
    pub(super) async fn members_now(&mut self, group: &LocalId, sender: &Sender) -> Result<Option<Effect>, Trouble> {
        let Some(held) = self.mirror()?.observed.groups.get(group) else { return Ok(None) };
        let remote = held.remote.clone();
        let Some(members) = reading::members(sender, &remote).await? else {
            let words = "the service shows a group and knows nothing of its members".to_owned();
            return Err(Trouble::Failing(words));
        };
        let roster = self.mirror()?.observed.owners(Kind::User).roster(&members);
        Ok(Some(Effect::MembersRead { group: group.clone(), roster }))
    }

    /// Asks until an outcome leaves no question.
    pub(super) async fn look(
        &mut self,
        outcome: Outcome,
        sender: &Arc<Sender>,
        adopt: Adopt,
    ) -> Result<Outcome, Trouble> {
        self.look_in(&[], outcome, sender, adopt).await
    }

    /// The same, where everything of some kinds was read just now.
    async fn look_in(
        &mut self,
        known: &[Everybody],
        mut outcome: Outcome,
        sender: &Arc<Sender>,
        adopt: Adopt,
    ) -> Result<Outcome, Trouble> {
        while let Outcome::Unknown { look } | Outcome::Conflict { look } = &outcome {
            let Ok(request) = look.request(&self.mirror()?.observed, &sender.dialect) else {
                // What is asked for is not in the mirror any more: the next plan knows.
                return Ok(Outcome::Retry { after: None, words: String::new() });
            };
            let read = known.iter().find_map(|everybody| everybody.answer(look, &sender.dialect));
            outcome = if let Some(body) = read {
                look.interpret(&Answer::new(200, &body), &self.mirror()?.observed, &sender.dialect, adopt)
            } else {
                let answer = sender.read(&request).await.map_err(Trouble::Failing)?;
                look.interpret(&of(&answer), &self.mirror()?.observed, &sender.dialect, adopt)
            };
        }
        match outcome {
            Outcome::TokenRefused { words } => Err(Trouble::Refused(words)),
            outcome => Ok(outcome),
        }
    }
}

/// Whether a step that is wanted may be sent once more without a look. What takes something away may not: it may never
/// have been done, and be wanted for another reason.
fn may_repeat(step: &Step) -> bool {
    let repeats = matches!(lost(step), Outcome::Retry { .. });
    repeats && !matches!(step.action, Action::Delete | Action::Deactivate { .. })
}

fn changes_members(step: &Step) -> bool {
    matches!(step.action, Action::ChangeMembers { .. } | Action::Replace { members: Some(_), .. })
}

/// Whether an outcome says nothing of the attempts before it.
pub(super) fn leaves_doubt(step: &Step, outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Parked { .. } => true,
        // A member turned out to be gone; whether the others were let in is not said.
        Outcome::Done { effect } => effect.object().is_some_and(|object| object != step.object),
        _ => false,
    }
}
