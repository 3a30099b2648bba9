use std::collections::BTreeMap;

use model::{Event, EventKind, ExpiringKey, ExpiryWarning, ServiceEnd};
use serde_json::json;

use crate::{
    Error, Services,
    events::Entry,
    key_life::warning,
    keys::{decrypts_for, signed_with, trusted_by},
    port::{ChangeSet, Kind},
    service_expiry,
    snapshot::Snapshot,
};

/// The setting that holds which warning of what has been told.
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
                trusted_by: trusted_by(snapshot, &key.name),
                decrypts_for: decrypts_for(snapshot, &key.name),
            })
        })
        .collect();
    // RFC 3339 in UTC sorts as text.
    found.sort_by(|a, b| a.not_after.cmp(&b.not_after));
    found
}

impl Services {
    /// Tells of keys, and of what service providers gave, whose end is near: once when 90, 30 and 7 days are left, and once
    /// when it has come. Returns how many events that were. Of several servers one tells.
    pub async fn warn_of_expiries(&self) -> Result<usize, Error> {
        let (snapshot, now) = (self.snapshot(), self.clock().now());
        let told: BTreeMap<String, ExpiryWarning> = snapshot.setting(TOLD).unwrap_or_default();
        let (mut now_told, mut events) = (BTreeMap::new(), Vec::new());
        let mut tell = |what: String, warning: ExpiryWarning, event: &dyn Fn() -> Event| {
            if told.get(&what).is_none_or(|before| *before < warning) {
                events.push(event());
            }
            now_told.insert(what, warning);
        };
        for key in expiring(&snapshot, now) {
            let Some(record) = snapshot.configuration.keys.get(&key.name) else { continue };
            let fingerprint = &record.value.key.fingerprint;
            tell(fingerprint.clone(), key.warning, &|| self.expiry_event(&key, fingerprint));
        }
        for (provider, end) in service_expiry::near(&snapshot, now) {
            let Some(warning) = end.warning else { continue };
            // Two providers may have the same certificate, and each is to be renewed.
            let what = format!("{} {} {}", provider.name, end.what.code(), end.fingerprint);
            tell(what, warning, &|| self.service_event(&provider.name, &end, warning));
        }
        if events.is_empty() {
            return Ok(0);
        }
        let count = events.len();
        let writes = vec![snapshot.put_setting(TOLD.to_owned(), &now_told)?];
        let first = self.commit_if_first(ChangeSet { writes, events, ..ChangeSet::default() }).await?;
        Ok(if first { count } else { 0 })
    }

    fn expiry_event(&self, key: &ExpiringKey, fingerprint: &str) -> Event {
        let signs = match key.providers.as_slice() {
            [] => "no SAML provider signs with it".to_owned(),
            names => format!("these SAML providers sign with it: {}; give them a next key", names.join(", ")),
        };
        let trusted = match key.trusted_by.as_slice() {
            [] => String::new(),
            names => format!("; these trust its certificate: {}; bring their new one", names.join(", ")),
        };
        let decrypts = match key.decrypts_for.as_slice() {
            [] => String::new(),
            names => format!("; these decrypt with it: {}; give them another decryption key", names.join(", ")),
        };
        self.event(Entry {
            kind: EventKind::KeyExpires,
            actor: "",
            target: format!("{} {}", Kind::Key.word(), key.name),
            address: "",
            message: format!("the key {} {}; {signs}{trusted}{decrypts}", key.name, key.warning.words()),
            detail: json!({
                "fingerprint": fingerprint,
                "not_after": key.not_after,
                "providers": key.providers,
                "trusted_by": key.trusted_by,
                "decrypts_for": key.decrypts_for,
            }),
        })
    }

    fn service_event(&self, provider: &str, end: &ServiceEnd, warning: ExpiryWarning) -> Event {
        let subject = if end.subject.is_empty() { String::new() } else { format!(" ({})", end.subject) };
        self.event(Entry {
            kind: EventKind::ServiceExpires,
            actor: "",
            target: format!("{} {provider}", Kind::SamlProvider.word()),
            address: "",
            message: format!(
                "the {}{subject} that the service of {provider} gave {}; ask it for new metadata and read that",
                end.what.words(),
                warning.words()
            ),
            detail: json!({ "what": end.what, "fingerprint": end.fingerprint, "not_after": end.not_after }),
        })
    }
}
