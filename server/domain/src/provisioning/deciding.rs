use model::{Adoption, EventKind, ScimAdoptionDecision};
use scim::{
    apply::{Outcome, interpret},
    dialect::Dialect,
    id::{Kind, LocalId, Object, RemoteId},
    state::Observed,
    step::{Action, Reason, Step},
    wire::name_of,
};

use super::{
    control::Control,
    first_look::FirstSight,
    people::Cache,
    sender::{Sender, of},
    settings,
};
use crate::{Admin, Error, port::ScimRecord};

/// What was read less than so many seconds ago is not asked for once more.
const FRESH: i64 = 5;

impl Admin<'_> {
    /// Decides about objects that have the names of ours, also before the first run. Only where the provider's settings ask
    /// for it; what has become ours stays ours. What is to become ours is looked at first, if the list is not of this moment:
    /// what has gone, or has another name by now, is refused with that, and nothing is decided.
    pub async fn decide_scim_adoption(&self, name: &str, decisions: &[ScimAdoptionDecision]) -> Result<(), Error> {
        let services = &self.caller().services;
        let record = services.scim_record(name)?;
        if record.provider.adopt != Adoption::Ask {
            return Err(Error::Conflict(format!("the settings of {name} decide by rule; set `adopt` to `ask` first")));
        }
        let (observed, dialect, at) = match services.mirror_at(&record).await? {
            Some(mirror) => (mirror.observed, settings::dialect(&record.provider, None), None),
            None => {
                let snapshot = services.snapshot();
                let (wanted, _) = services.wanted(&snapshot, &record.provider, Cache::default()).await?;
                let FirstSight { observed, dialect, at } = services.first_sight(&record, &wanted).await?;
                (observed, dialect, Some(at))
            }
        };
        let mut chosen = Vec::new();
        for decision in decisions {
            let step = known(decision, &observed)?;
            chosen.extend(decision.adopt.then_some(step));
        }
        if at.is_none_or(|at| services.clock().now() - at >= FRESH) {
            self.look_once_more(&record, &dialect, &observed, &chosen).await?;
        }
        let taken = chosen.len();
        let message = format!(
            "{} decided about {} objects at {name}: {taken} become ours",
            self.caller().username(),
            decisions.len()
        );
        let decide = |control: &mut Control| {
            let decisions = decisions.iter().map(|decision| (decision.remote.clone(), decision.adopt));
            control.decide(&record.provider.url, decisions);
            Ok(())
        };
        self.ask(name, EventKind::Updated, message, decide).await
    }

    /// Whether what is to become ours is there still, under its name. Where the service does not say so now, the worker asks
    /// once more before it takes anything over.
    async fn look_once_more(
        &self,
        record: &ScimRecord,
        dialect: &Dialect,
        observed: &Observed,
        chosen: &[Step],
    ) -> Result<(), Error> {
        let sender = self.caller().services.looker(record, dialect).map(Sender::careful).map(Sender::impatient);
        let Ok(sender) = sender else { return Ok(()) };
        for step in chosen {
            let Ok(ready) = step.prepare(observed, dialect) else { continue };
            let Ok(answer) = sender.read(&ready.request).await else { return Ok(()) };
            if let Outcome::Parked { words, .. } = interpret(&ready.step, &of(&answer), dialect) {
                return Err(Error::Conflict(format!("{words}; look at the list again")));
            }
        }
        Ok(())
    }
}

/// What would be done for a decision; refused where it is about nothing that is known to be there.
fn known(decision: &ScimAdoptionDecision, observed: &Observed) -> Result<Step, Error> {
    let remote = RemoteId::from(decision.remote.as_str());
    let there = [Kind::User, Kind::Group].into_iter().find_map(|kind| {
        let resource = observed.foreign(kind).get(&remote)?;
        Some((kind, name_of(kind, resource).to_owned()))
    });
    let Some((kind, name)) = there else {
        return Err(Error::Conflict(format!("{remote} is not there any more, or ours by now; look at the list again")));
    };
    if !decision.name.is_empty() && decision.name != name {
        let (was, is) = (&decision.name, &name);
        return Err(Error::Conflict(format!("{remote} is called {is} by now, not {was}; look at the list again")));
    }
    // Whose it becomes is found out when it is planned.
    let object = Object { kind, id: LocalId::from("") };
    Ok(Step { object, name, why: Reason::Decided, action: Action::Adopt { remote } })
}
