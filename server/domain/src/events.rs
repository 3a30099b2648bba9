use model::{Event, EventKind};
use serde_json::Value;

use crate::{Services, identifiers};

/// Where a call came from, for the audit trail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Client address.
    pub address: String,
    pub user_agent: String,
}

/// What an event says, before it has an id and a time.
pub struct Entry<'a> {
    pub kind: EventKind,
    pub actor: &'a str,
    pub target: String,
    pub address: &'a str,
    pub message: String,
    pub detail: Value,
}

impl Services {
    pub(crate) fn event(&self, entry: Entry<'_>) -> Event {
        self.counters().event(entry.kind);
        let micros = self.clock().now_micros();
        Event {
            id: identifiers::event_id(micros, self.entropy()),
            at: identifiers::rfc3339(micros.div_euclid(1_000_000)),
            kind: entry.kind,
            actor: entry.actor.to_owned(),
            target: entry.target,
            address: entry.address.to_owned(),
            message: entry.message,
            detail: entry.detail,
        }
    }
}
