//! Keys that signed for a SAML provider and that its metadata shows no more. The trail has them: an event is kept as long as
//! there is a store, so nothing else needs to remember. ADR 12.

use std::collections::BTreeSet;

use model::{Event, EventKind, KeyState, ListQuery, RetiredKey, SamlProvider};
use serde_json::{Value, json};

use crate::{
    Error, Services,
    events::Entry,
    key_life, key_seen,
    port::{ChangeSet, Document, Kind, Write},
    snapshot::{DEFAULT_KEY, Snapshot},
};

fn target(provider: &str) -> String {
    format!("{} {provider}", Kind::SamlProvider.word())
}

/// The fingerprint that the key of a name has after a change. None: there is no such key.
fn fingerprint_after<'a>(snapshot: &'a Snapshot, change: &'a ChangeSet, name: &str) -> Option<&'a str> {
    let made = change.writes.iter().find_map(|write| match write {
        Write::Put { document: Document::Key(made), .. } if made.key.name == name => Some(&made.key),
        _ => None,
    });
    let key = made.or_else(|| snapshot.configuration.keys.get(name).map(|k| &k.value.key))?;
    Some(key.fingerprint.as_str())
}

/// The key that is the default one after a change.
fn default_after<'a>(snapshot: &'a Snapshot, change: &'a ChangeSet) -> Option<&'a str> {
    let made = change.writes.iter().find_map(|write| match write {
        Write::Put { document: Document::Setting(setting), .. } if setting.name == DEFAULT_KEY => {
            setting.value.as_str()
        }
        _ => None,
    });
    made.or(snapshot.default_key())
}

/// A SAML provider as it is after a change. None: it is deleted.
fn provider_after<'a>(stored: &'a SamlProvider, change: &'a ChangeSet) -> Option<&'a SamlProvider> {
    for write in &change.writes {
        match write {
            Write::Put { document: Document::SamlProvider(after), .. } if after.name == stored.name => {
                return Some(after);
            }
            Write::Delete { kind: Kind::SamlProvider, key, .. } if *key == stored.name => return None,
            _ => {}
        }
    }
    Some(stored)
}

impl Services {
    /// The keys of a provider that were retired, the last one first: each once, and none that the metadata shows again. One
    /// page of the trail is read, so of those long ago only the history tells.
    pub(crate) async fn retired_keys(
        &self,
        snapshot: &Snapshot,
        provider: &SamlProvider,
    ) -> Result<Vec<RetiredKey>, Error> {
        let filter = EventKind::KeyRetired.code().to_owned();
        let asked = ListQuery { filter, target: target(&provider.name), ..ListQuery::default() };
        let told = self.store().events(&asked).await?;
        let shown = key_seen::shown(snapshot, provider).into_iter();
        let mut passed: BTreeSet<String> = shown.map(|(_, fingerprint)| fingerprint).collect();
        let mut retired = Vec::new();
        for event in told.rows {
            let text = |field: &str| event.detail.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
            let (name, fingerprint) = (text("key"), text("fingerprint"));
            if !passed.insert(fingerprint.clone()) {
                continue;
            }
            let known = snapshot.configuration.keys.get(&name);
            retired.push(RetiredKey {
                kept: known.is_some_and(|key| key.value.key.fingerprint == fingerprint),
                name,
                fingerprint,
                at: event.at,
                by: event.actor,
            });
        }
        Ok(retired)
    }

    /// What tells of the keys that signed for a provider and that a change takes out of its metadata in another way than by
    /// retiring them there: the form, the API, the default key or a file.
    pub(crate) fn retired_by(&self, change: &ChangeSet, actor: &str, address: &str) -> Vec<Event> {
        let snapshot = self.snapshot();
        let (before, after) = (snapshot.default_key(), default_after(&snapshot, change));
        let mut events = Vec::new();
        for stored in snapshot.configuration.saml_providers.values() {
            let stored = &stored.value;
            let Some(changed) = provider_after(stored, change) else { continue };
            let shown: BTreeSet<&str> = key_life::shown(changed, after)
                .iter()
                .filter_map(|(name, _)| fingerprint_after(&snapshot, change, name))
                .collect();
            let signed = key_life::shown(stored, before).into_iter().filter(|(_, state)| *state != KeyState::Next);
            for (name, _) in signed {
                let Some(known) = snapshot.configuration.keys.get(&name) else { continue };
                let fingerprint = known.value.key.fingerprint.as_str();
                if shown.contains(fingerprint) {
                    continue;
                }
                events.push(self.event(Entry {
                    kind: EventKind::KeyRetired,
                    actor,
                    target: target(&stored.name),
                    address,
                    message: format!("the key {name} is retired: the metadata of {} shows it no more", stored.name),
                    detail: json!({ "key": name, "fingerprint": fingerprint }),
                }));
            }
        }
        events
    }
}
