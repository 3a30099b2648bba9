use std::collections::BTreeMap;

use model::{Event, EventKind, ExpiringKey, ExpiryWarning};
use serde_json::json;

use crate::{
    Error, Services,
    events::Entry,
    key_life::warning,
    keys::signed_with,
    port::{ChangeSet, Document, Expect, Kind, Setting, Write},
    snapshot::Snapshot,
};

/// The setting that holds which warning of which certificate has been told.
const TOLD: &str = "told expiries";

/// Keys to replace soon, the soonest first.
pub(crate) fn expiring(snapshot: &Snapshot, now: i64) -> Vec<ExpiringKey> {
    let keys = snapshot.configuration.keys.values().map(|k| &k.value.key);
    let mut found: Vec<ExpiringKey> = keys
        .filter_map(|key| {
            Some(ExpiringKey {
                name: key.name.clone(),
                not_after: key.not_after.clone(),
                warning: warning(&key.not_after, now)?,
                providers: signed_with(snapshot, &key.name),
            })
        })
        .collect();
    // RFC 3339 in UTC sorts as text.
    found.sort_by(|a, b| a.not_after.cmp(&b.not_after));
    found
}

impl Services {
    /// Tells of keys whose end is near: once when 90, 30 and 7 days are left, and once when it has come. Returns how many
    /// events that were. Of several servers one tells.
    pub async fn warn_of_expiring_keys(&self) -> Result<usize, Error> {
        let snapshot = self.snapshot();
        let setting = snapshot.configuration.settings.get(TOLD);
        let told: BTreeMap<String, ExpiryWarning> =
            setting.and_then(|s| serde_json::from_value(s.value.value.clone()).ok()).unwrap_or_default();
        let (mut now_told, mut events) = (BTreeMap::new(), Vec::new());
        for key in expiring(&snapshot, self.clock().now()) {
            let Some(record) = snapshot.configuration.keys.get(&key.name) else { continue };
            let fingerprint = &record.value.key.fingerprint;
            if told.get(fingerprint).is_none_or(|before| *before < key.warning) {
                events.push(self.expiry_event(&key, fingerprint));
            }
            now_told.insert(fingerprint.clone(), key.warning);
        }
        if events.is_empty() {
            return Ok(0);
        }
        let count = events.len();
        let value = serde_json::to_value(now_told).map_err(|e| Error::Internal(e.to_string()))?;
        let document = Document::Setting(Setting { name: TOLD.to_owned(), value });
        let expect = setting.map_or(Expect::Absent, |s| Expect::Version(s.version));
        let writes = vec![Write::Put { document, expect }];
        match self.commit(ChangeSet { writes, events, ..ChangeSet::default() }).await {
            Ok(()) => Ok(count),
            // Another server was first.
            Err(Error::Conflict(_)) => Ok(0),
            Err(error) => Err(error),
        }
    }

    fn expiry_event(&self, key: &ExpiringKey, fingerprint: &str) -> Event {
        let users = match key.providers.as_slice() {
            [] => "no SAML provider signs with it".to_owned(),
            names => format!("these SAML providers sign with it: {}; give them a next key", names.join(", ")),
        };
        self.event(Entry {
            kind: EventKind::KeyExpires,
            actor: "",
            target: format!("{} {}", Kind::Key.word(), key.name),
            address: "",
            message: format!("the key {} {}; {users}", key.name, key.warning.words()),
            detail: json!({ "fingerprint": fingerprint, "not_after": key.not_after, "providers": key.providers }),
        })
    }
}
