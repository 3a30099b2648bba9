use std::collections::{HashMap, HashSet};

use model::EventKind;
use scim::{
    id::Object,
    plan::{Plan, Refusal},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{view::word, wanted::Failure, worker::Worker};
use crate::Error;

/// The name of the note with what the last plan could not send, or was not made.
pub(super) const REFUSED: &str = "refused";
/// Objects of it, at most.
const KEPT: usize = 10_000;

/// An object in scope that cannot be sent as it is, or of which nothing could be made: no request was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub object: Object,
    /// `userName` or `displayName`, as far as it is known.
    pub name: String,
    pub words: String,
    /// What an administrator can do.
    pub fix: String,
    /// The mapping or the policy that failed. None: something was made, and cannot be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<String>,
    /// Since when it stands in the list, in unix seconds; 0: it was not noted.
    #[serde(default)]
    pub since: i64,
}

impl Refused {
    fn of(refusal: &Refusal) -> Self {
        let joined = |lines: Vec<String>| lines.join("; ");
        let words = refusal.notes.iter().map(|note| format!("{}: {}, {}", note.path, note.what, note.why));
        let (object, name) = (refusal.object.clone(), refusal.name.clone());
        let words = format!("not sent: {}", joined(words.collect()));
        let fix = joined(refusal.notes.iter().map(|note| note.fix.clone()).collect());
        Self { object, name, words, fix, mapping: None, since: 0 }
    }

    fn unmade(failure: &Failure) -> Self {
        let (object, name) = (failure.object.clone(), failure.name.clone());
        let (words, mapping) = (format!("not sent: {}", failure.words()), Some(failure.mapping.clone()));
        Self { object, name, words, fix: failure.fix(), mapping, since: 0 }
    }

    /// What people know it by: what has no name there has an identifier.
    fn called(&self) -> &str {
        if self.name.is_empty() { self.object.id.as_str() } else { &self.name }
    }
}

impl Worker {
    /// Keeps what a plan cannot send, and what it was not made of, for the list of objects. Tells of each that could be sent
    /// before; failures were told of when they were found. Returns since when the oldest of it stands there, in unix seconds.
    pub(super) async fn keep_refused(&mut self, plan: &Plan, failures: &[Failure]) -> Result<Option<i64>, Error> {
        let parked = self.mirror()?.observed.parked.iter().map(|parked| &parked.step.object);
        let refused = plan.refused.iter().map(|refusal| &refusal.object);
        let stuck: HashSet<&Object> =
            parked.chain(refused).chain(failures.iter().map(|failure| &failure.object)).collect();
        let stuck = stuck.len() as u64;
        self.state.health.parked = stuck;
        let former: Vec<Refused> = self.services.scim_note(&self.provider, REFUSED).await?.unwrap_or_default();
        let refused = plan.refused.iter().map(Refused::of);
        let mut now: Vec<Refused> = refused.chain(failures.iter().map(Refused::unmade)).take(KEPT).collect();
        if !now.is_empty() {
            let stood: HashMap<&Object, i64> = former.iter().map(|refused| (&refused.object, refused.since)).collect();
            for refused in &mut now {
                refused.since = stood.get(&refused.object).copied().unwrap_or_default();
            }
            // The trail is asked only where something is new.
            if now.iter().any(|refused| refused.since <= 0) {
                let fresh = self.oldest_change().await?;
                for refused in now.iter_mut().filter(|refused| refused.since <= 0) {
                    refused.since = fresh;
                }
            }
        }
        let oldest = now.iter().map(|refused| refused.since).min();
        if now == former {
            return Ok(oldest);
        }
        let known = former.iter().filter(|refused| refused.mapping.is_none());
        let told: HashSet<&Object> = known.map(|refused| &refused.object).collect();
        let fresh = now.iter().filter(|refused| refused.mapping.is_none() && !told.contains(&refused.object));
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
        self.put_note(REFUSED, &now).await?;
        Ok(oldest)
    }
}
