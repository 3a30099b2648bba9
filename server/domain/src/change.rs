use model::{Event, EventKind};
use serde::Serialize;
use serde_json::json;

use crate::{
    Admin, Error,
    events::Entry,
    port::{ChangeSet, Kind, Write},
};

impl Admin<'_> {
    /// The event of a change, with what was before and after. Nothing secret may be in either.
    pub(crate) fn changed<T: Serialize>(
        &self,
        what: EventKind,
        kind: Kind,
        key: &str,
        before: Option<&T>,
        after: Option<&T>,
    ) -> Event {
        let caller = self.caller();
        let verb = match what {
            EventKind::Created => "created",
            EventKind::Deleted => "deleted",
            _ => "changed",
        };
        let target = format!("{} {key}", kind.word());
        caller.services.event(Entry {
            kind: what,
            actor: caller.username(),
            message: format!("{} {verb} the {target}", caller.username()),
            target,
            address: &caller.origin.address,
            detail: match &caller.token {
                Some(token) => json!({ "before": before, "after": after, "token": token }),
                None => json!({ "before": before, "after": after }),
            },
        })
    }

    /// A write together with the event that tells of it.
    pub(crate) async fn write(&self, write: Write, event: Event) -> Result<(), Error> {
        let change = ChangeSet { writes: vec![write], events: vec![event], ..ChangeSet::default() };
        self.caller().services.commit(change).await
    }
}
