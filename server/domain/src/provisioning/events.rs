use model::{Event, EventKind};
use serde_json::Value;

use crate::{Services, events::Entry};

impl Services {
    /// An event that the worker of a provider tells.
    pub(super) fn scim_event(&self, kind: EventKind, provider: &str, message: String, detail: Value) -> Event {
        self.event(Entry { kind, actor: "", target: format!("SCIM provider {provider}"), address: "", message, detail })
    }
}
