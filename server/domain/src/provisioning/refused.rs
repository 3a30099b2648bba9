use std::collections::HashSet;

use model::EventKind;
use scim::{
    id::Object,
    plan::{Plan, Refusal},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{view::word, worker::Worker};
use crate::Error;

/// The name of the note with what the last plan could not send.
pub(super) const REFUSED: &str = "refused";
/// Objects of it, at most.
const KEPT: usize = 10_000;

/// An object in scope that cannot be sent as it is: no request was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub object: Object,
    /// `userName` or `displayName`, as far as it is known.
    pub name: String,
    pub words: String,
    /// What an administrator can do.
    pub fix: String,
}

impl Refused {
    fn of(refusal: &Refusal) -> Self {
        let joined = |lines: Vec<String>| lines.join("; ");
        let words = refusal.notes.iter().map(|note| format!("{}: {}, {}", note.path, note.what, note.why));
        let (object, name) = (refusal.object.clone(), refusal.name.clone());
        let words = format!("not sent: {}", joined(words.collect()));
        Self { object, name, words, fix: joined(refusal.notes.iter().map(|note| note.fix.clone()).collect()) }
    }

    /// What people know it by: what has no name there has an identifier.
    fn called(&self) -> &str {
        if self.name.is_empty() { self.object.id.as_str() } else { &self.name }
    }
}

impl Worker {
    /// Keeps what a plan cannot send, for the list of objects, and tells of each that could be sent before.
    pub(super) async fn keep_refused(&mut self, plan: &Plan) -> Result<(), Error> {
        let parked = self.mirror()?.observed.parked.iter().map(|parked| &parked.step.object);
        let stuck: HashSet<&Object> = parked.chain(plan.refused.iter().map(|refusal| &refusal.object)).collect();
        let stuck = stuck.len() as u64;
        self.state.health.parked = stuck;
        let former: Vec<Refused> = self.services.scim_note(&self.provider, REFUSED).await?.unwrap_or_default();
        let now: Vec<Refused> = plan.refused.iter().take(KEPT).map(Refused::of).collect();
        if now == former {
            return Ok(());
        }
        let told: HashSet<&Object> = former.iter().map(|refused| &refused.object).collect();
        let fresh = now.iter().filter(|refused| !told.contains(&refused.object));
        let events = fresh.map(|refused| {
            let Refused { object, words, fix, .. } = refused;
            let (provider, kind, called) = (&self.provider, word(object.kind), refused.called());
            let message =
                format!("the {kind} {called} cannot be sent to {provider} as it is: {words}; what helps: {fix}");
            let detail = json!({ "object": object, "words": words, "fix": fix });
            self.services.scim_event(EventKind::ProvisioningFailed, provider, message, detail)
        });
        let events = events.collect();
        // Told before it is kept: what a round forgets is told again.
        self.services.store().append_events(events).await?;
        self.put_note(REFUSED, &now).await
    }
}
