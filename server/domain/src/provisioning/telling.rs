use std::collections::BTreeSet;

use model::EventKind;
use serde_json::{Value, json};

use super::{wanted::Failure, worker::Worker};
use crate::Error;

impl Worker {
    /// Tells of failed mappings, each failure of an object once.
    pub(super) async fn tell_failures(&mut self, failures: &[Failure]) -> Result<(), Error> {
        let key = |f: &Failure| format!("{} {} {}", f.name, f.mapping, f.message);
        let now: BTreeSet<String> = failures.iter().map(key).collect();
        let fresh = failures.iter().filter(|f| !self.state.reported.contains(&key(f)));
        let events: Vec<_> = fresh
            .map(|f| {
                let what = if f.mapping.starts_with("policy ") { "the" } else { "the mapping" };
                let message = format!("{what} {} failed for {}: {}", f.mapping, f.name, f.message);
                let detail = json!({ "object": f.object, "mapping": f.mapping, "message": f.message });
                self.services.scim_event(EventKind::MappingFailed, &self.provider, message, detail)
            })
            .collect();
        self.state.reported = now;
        Ok(self.services.store().append_events(events).await?)
    }

    pub(super) async fn tell(&self, kind: EventKind, message: String, detail: Value) -> Result<(), Error> {
        let event = self.services.scim_event(kind, &self.provider, message, detail);
        Ok(self.services.store().append_events(vec![event]).await?)
    }
}
