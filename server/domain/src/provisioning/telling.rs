use std::collections::{BTreeMap, BTreeSet};

use model::{Event, EventKind};
use serde_json::{Value, json};

use super::{view::word, wanted::Failure, worker::Worker};
use crate::Error;

/// Failures of one mapping that are told one by one. Of more at once there is one event: whoever is woken by it needs to
/// hear of the mapping, and finds the objects in the list.
const EACH: usize = 10;

impl Failure {
    fn is_of_policy(&self) -> bool {
        self.mapping.starts_with("policy ")
    }

    fn what(&self) -> String {
        let what = if self.is_of_policy() { "the" } else { "the mapping" };
        format!("{what} {}", self.mapping)
    }

    /// What failed, and how.
    pub(super) fn words(&self) -> String {
        format!("{} failed: {}", self.what(), self.message)
    }

    /// What an administrator can do.
    pub(super) fn fix(&self) -> String {
        let fix = if self.is_of_policy() {
            "make the policy quicker, and try it on its page; until then everybody keeps the access there that they have"
        } else {
            "correct the mapping or what it reads of the object, and try it in the preview; until then what is there stays as it is"
        };
        fix.to_owned()
    }
}

impl Worker {
    /// Tells of failed mappings, each failure of an object once.
    pub(super) async fn tell_failures(&mut self, failures: &[Failure]) -> Result<(), Error> {
        // The words may differ from one round to the next, as where the time ran out: it is the same failure.
        let key = |f: &Failure| format!("{} {} {}", word(f.object.kind), f.object.id, f.mapping);
        let now: BTreeSet<String> = failures.iter().map(key).collect();
        let mut fresh: BTreeMap<&str, Vec<&Failure>> = BTreeMap::new();
        for failure in failures.iter().filter(|f| !self.state.reported.contains(&key(f))) {
            fresh.entry(failure.mapping.as_str()).or_default().push(failure);
        }
        let events: Vec<Event> = fresh.values().flat_map(|failed| self.failed(failed)).collect();
        self.services.store().append_events(events).await?;
        // Written down at once: what a round forgets is told again.
        let before = std::mem::replace(&mut self.state.reported, now);
        if self.state.reported == before { Ok(()) } else { self.keep_state().await }
    }

    /// The events of what one mapping failed for. They are alarms: what should be there is not.
    fn failed(&self, failed: &[&Failure]) -> Vec<Event> {
        let event =
            |message, detail| self.services.scim_event(EventKind::ProvisioningFailed, &self.provider, message, detail);
        if let Some(first) = failed.first().filter(|_| failed.len() > EACH) {
            let names: Vec<&str> = failed.iter().take(EACH).map(|f| f.name.as_str()).collect();
            let (what, some) = (first.what(), names.join(", "));
            let message = format!(
                "{what} failed for {} objects, {some} and others: {}; {}",
                failed.len(),
                first.message,
                first.fix()
            );
            let detail = json!({ "mapping": first.mapping, "objects": failed.len(), "message": first.message });
            return vec![event(message, detail)];
        }
        let one = |f: &&Failure| {
            let message = format!("{} failed for {}: {}; {}", f.what(), f.name, f.message, f.fix());
            event(message, json!({ "object": f.object, "mapping": f.mapping, "message": f.message }))
        };
        failed.iter().map(one).collect()
    }

    pub(super) async fn tell(&self, kind: EventKind, message: String, detail: Value) -> Result<(), Error> {
        let event = self.services.scim_event(kind, &self.provider, message, detail);
        Ok(self.services.store().append_events(vec![event]).await?)
    }
}
