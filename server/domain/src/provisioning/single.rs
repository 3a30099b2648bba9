use std::sync::Arc;

use model::{ScimLogLine, ScimObjectDetail, ScimObjectLog};
use scim::{
    apply::{Look, Outcome},
    id::{Kind, LocalId, Object},
    plan::Adopt,
    state::Effect,
    step::Step,
};

use super::{
    control::{Asked, Control},
    mirror::Entry,
    objects::GroupNames,
    run::Ran,
    sender::Sender,
    settings,
    trouble::Trouble,
    wanted::Wanted,
    worker::Worker,
};
use crate::{Auditor, Error, identifiers, port::ScimRecord};

/// The name of the note with an object's log.
fn note(object: &Object) -> String {
    let kind = if object.kind == Kind::User { "user" } else { "group" };
    format!("object/{kind}/{}", object.id)
}

/// What is said of an object whose plan is not decided about.
fn waiting(why: &str) -> String {
    format!("its plan waits for approval: {why}; nothing was sent")
}

/// The object that is meant. `kind` is `user` or `group`.
pub(super) fn object(kind: &str, local: &str) -> Result<Object, Error> {
    let id = LocalId(local.to_owned());
    match kind {
        "user" => Ok(Object::user(&id)),
        "group" => Ok(Object::group(&id)),
        _ => Err(Error::invalid("kind", "this is `user` or `group`")),
    }
}

impl Auditor<'_> {
    /// What the last synchronisation of a single object did; None: it was never asked for, or is not done yet.
    pub async fn scim_object_log(&self, name: &str, kind: &str, local: &str) -> Result<Option<ScimObjectLog>, Error> {
        let services = &self.0.services;
        services.scim_record(name)?;
        services.scim_note(name, &note(&object(kind, local)?)).await
    }

    /// One object: how it stands there, and what its last synchronisation by itself did.
    pub async fn scim_object(&self, name: &str, kind: &str, local: &str) -> Result<ScimObjectDetail, Error> {
        let services = &self.0.services;
        services.scim_record(name)?;
        let object = object(kind, local)?;
        let (rows, names) = (services.object_rows(name).await?, GroupNames::of(&services.snapshot()));
        let row = rows.iter().find(|row| row.kind == kind && row.local == local).map(|row| names.told(row));
        let asked = Control::of(&services.snapshot(), name).object.filter(|asked| asked.object == object);
        let seen = services.scim_state(name).await?.object_seen;
        let log = services.scim_note(name, &note(&object)).await?;
        Ok(ScimObjectDetail { row, log, waits: asked.is_some_and(|asked| asked.number != seen) })
    }
}

impl Worker {
    /// Synchronises the single object that was asked for, before everything else.
    pub(super) async fn single(
        &mut self,
        record: &ScimRecord,
        control: &Control,
        wanted: &Arc<Wanted>,
        sender: &Sender,
    ) -> Result<(), Trouble> {
        let Some(asked) = self.asked_alone(control) else { return Ok(()) };
        let logged = Arc::new(sender.logged());
        let result = self.bring(record, control, &asked.object, wanted, &logged).await;
        if result.is_err() && self.lease_ended() {
            // Whoever has the lease next does it.
            return result.map(|_| ());
        }
        let (good, outcome) = match &result {
            Ok(found) => found.clone(),
            Err(Trouble::Failing(words) | Trouble::Refused(words)) => (false, words.clone()),
            Err(Trouble::Broken(_)) => (false, "something here does not work; the server's log says what".to_owned()),
        };
        self.log_alone(asked, outcome, good, logged.lines()).await?;
        result.map(|_| ())
    }

    /// Says of the object that was asked for that it waits with everything else.
    pub(super) async fn single_waits(&mut self, control: &Control, why: &str) -> Result<(), Error> {
        match self.asked_alone(control) {
            Some(asked) => self.log_alone(asked, waiting(why), false, Vec::new()).await,
            None => Ok(()),
        }
    }

    fn asked_alone<'a>(&self, control: &'a Control) -> Option<&'a Asked> {
        control.object.as_ref().filter(|asked| asked.number != self.state.object_seen)
    }

    async fn log_alone(
        &mut self,
        asked: &Asked,
        outcome: String,
        good: bool,
        lines: Vec<ScimLogLine>,
    ) -> Result<(), Error> {
        let at = identifiers::rfc3339(self.services.clock().now());
        self.put_note(&note(&asked.object), &ScimObjectLog { at, outcome, good, lines }).await?;
        self.state.object_seen = asked.number;
        self.keep_state().await
    }

    /// Looks at the object, plans it and sends what there is to send. Returns whether it is as it should be, in words too.
    async fn bring(
        &mut self,
        record: &ScimRecord,
        control: &Control,
        object: &Object,
        wanted: &Arc<Wanted>,
        sender: &Arc<Sender>,
    ) -> Result<(bool, String), Trouble> {
        let now = self.services.clock().now();
        let options = settings::options(&record.provider, now);
        self.resume(wanted, record, now, sender, options.adopt).await?;
        self.write(vec![Entry::Unpark { object: object.clone() }]).await?;
        let effects = self.seen(object, sender, options.adopt).await?;
        self.write(effects.into_iter().map(|effect| Entry::Record { effect }).collect()).await?;
        let mut ran = Ran::default();
        // What is adopted or recreated is compared once more.
        for _ in 0..3 {
            let (plan, failures) = self.plan(wanted, record, now, sender).await?;
            if let Some(failure) = failures.iter().find(|failure| failure.object == *object) {
                return Ok((false, format!("{}: {}", failure.mapping, failure.message)));
            }
            if let Some(refusal) = plan.refused.iter().find(|refusal| refusal.object == *object) {
                let notes: Vec<_> =
                    refusal.notes.iter().map(|n| format!("{}: {}; {}", n.path, n.what, n.fix)).collect();
                return Ok((false, notes.join("; ")));
            }
            if plan.steps.iter().any(|step| step.object == *object)
                && let Some(why) = self.waits(&plan, object, record, control).await?
            {
                return Ok((false, waiting(&why)));
            }
            let steps: Vec<Step> = plan.steps.into_iter().filter(|step| step.object == *object).collect();
            if steps.is_empty() {
                break;
            }
            let epoch = self.services.snapshot().configuration.epoch;
            let more = self.run(&steps, sender, options.adopt, epoch, &ran).await?;
            if let Some(words) = more.gave_up {
                return Err(Trouble::Failing(words));
            }
            if more.doubts > 0 {
                self.resume(wanted, record, now, sender, options.adopt).await?;
            }
            ran.settled += more.settled;
            if let Some(parked) = self.mirror()?.observed.parked.iter().find(|parked| parked.step.object == *object) {
                return Ok((false, format!("{}; {}", parked.words, parked.fix)));
            }
        }
        let there = self.mirror()?.observed.held(object.kind).contains_key(&object.id);
        let words = match (there, ran.settled) {
            (true, 0) => "it is there as it should be".to_owned(),
            (true, steps) => format!("it is there as it should be, after {steps} steps"),
            (false, 0) => "it is not in scope and not there".to_owned(),
            (false, _) => "it is not in scope and not there any more".to_owned(),
        };
        Ok((true, words))
    }

    /// What an object of ours looks like now; nothing where it is not there.
    async fn seen(&mut self, object: &Object, sender: &Arc<Sender>, adopt: Adopt) -> Result<Vec<Effect>, Trouble> {
        if !self.mirror()?.observed.held(object.kind).contains_key(&object.id) {
            return Ok(Vec::new());
        }
        let look = Look::Whole { object: object.clone() };
        let Outcome::Done { effect } = self.look(Outcome::Unknown { look }, sender, adopt).await? else {
            return Ok(Vec::new());
        };
        let is_there = matches!(effect, Effect::Seen { .. });
        let mut effects = vec![effect];
        if is_there && object.kind == Kind::Group {
            effects.extend(self.members_now(&object.id, sender).await?);
        }
        Ok(effects)
    }
}
