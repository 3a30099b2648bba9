use model::EventKind;
use serde_json::json;

use super::Backup;
use crate::{
    Error, Services,
    events::Entry,
    port::{ChangeSet, Expect, Write},
    provisioning::Control,
};

impl Services {
    /// Tells of a backup that was just loaded into this store, and ends the restore. What is at SCIM services has gone on since, so each is
    /// compared with before anything else is done there.
    pub async fn restored(&self, name: &str, backup: &Backup) -> Result<(), Error> {
        let snapshot = self.snapshot();
        let writes = snapshot.configuration.scim_providers.keys().map(|provider| {
            let mut control = Control::of(&snapshot, provider);
            control.verify += 1;
            Write::Put { document: control.document(provider), expect: Expect::Anything }
        });
        let event = self.event(Entry {
            kind: EventKind::Restored,
            actor: "command line",
            target: "the store".to_owned(),
            address: "",
            message: format!("the backup {name} of {} was restored", backup.header.created),
            detail: json!({ "created": backup.header.created, "rows": backup.rows, "schema": backup.header.schema }),
        });
        self.commit(ChangeSet { writes: writes.collect(), events: vec![event], ..ChangeSet::default() }).await?;
        Ok(self.backup_store().finish_restore().await?)
    }
}
