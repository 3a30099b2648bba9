use model::{EventKind, FieldError, Key, KeyDetail, KeyGeneration, KeyRow, KeyState, ListQuery, Page};
use serde_json::Value;

use crate::{
    Admin, Auditor, BroughtKey, Error,
    applications::page,
    key_fit, key_life, key_making,
    port::{ChangeSet, Document, Expect, Kind, Setting, Write},
    snapshot::{DEFAULT_KEY, Snapshot},
    validate,
};

/// Names of the SAML providers that sign with a key, whether by its name or because it is the default.
pub(crate) fn signed_with(snapshot: &Snapshot, name: &str) -> Vec<String> {
    let default = snapshot.default_key();
    let providers = snapshot.configuration.saml_providers.values().map(|p| &p.value);
    providers.filter(|p| p.signing_key.as_deref().or(default) == Some(name)).map(|p| p.name.clone()).collect()
}

/// Names of the SAML providers that verify with a key's certificate or encrypt to it.
pub(crate) fn trusted_by(snapshot: &Snapshot, name: &str) -> Vec<String> {
    let providers = snapshot.configuration.saml_providers.values().map(|p| &p.value);
    let trusts = |p: &&model::SamlProvider| {
        p.verification_keys.iter().any(|key| key == name)
            || p.encryption.as_ref().and_then(|e| e.key.as_deref()) == Some(name)
    };
    providers.filter(trusts).map(|p| p.name.clone()).collect()
}

/// Names of the SAML providers whose services encrypt to a key.
pub(crate) fn decrypts_for(snapshot: &Snapshot, name: &str) -> Vec<String> {
    let providers = snapshot.configuration.saml_providers.values().map(|p| &p.value);
    providers.filter(|p| p.decryption_key.as_deref() == Some(name)).map(|p| p.name.clone()).collect()
}

/// Names of the SAML providers whose metadata shows a key beside the one that signs.
fn shown_by(snapshot: &Snapshot, name: &str) -> Vec<String> {
    let providers = snapshot.configuration.saml_providers.values().map(|p| &p.value);
    let beside = |p: &&model::SamlProvider| {
        let shown = key_life::shown(p, snapshot.default_key());
        shown.iter().any(|(key, state)| key == name && *state != KeyState::Current)
    };
    providers.filter(beside).map(|p| p.name.clone()).collect()
}

impl Auditor<'_> {
    /// Search in name and subject; sort by `name` (default) or `not_after`.
    pub async fn keys(&self, query: &ListQuery) -> Result<Page<KeyRow>, Error> {
        let snapshot = self.0.services.snapshot();
        let wanted = query.q.trim().to_lowercase();
        let keys = snapshot.configuration.keys.values().map(|k| &k.value.key);
        let now = self.0.services.clock().now();
        let mut rows: Vec<KeyRow> = keys
            .filter(|k| k.name.to_lowercase().contains(&wanted) || k.subject.to_lowercase().contains(&wanted))
            .map(|k| KeyRow {
                name: k.name.clone(),
                subject: k.subject.clone(),
                bits: k.bits,
                not_after: k.not_after.clone(),
                warning: key_life::warning(&k.not_after, now),
                is_default: snapshot.default_key() == Some(&k.name),
                certificate_only: k.certificate_only,
                providers: signed_with(&snapshot, &k.name).len().try_into().unwrap_or(u32::MAX),
            })
            .collect();
        match query.sort.trim_start_matches('-') {
            // RFC 3339 in UTC sorts as text.
            "not_after" => rows.sort_by(|a, b| a.not_after.cmp(&b.not_after)),
            _ => rows.sort_by_cached_key(|r| r.name.to_lowercase()),
        }
        if query.sort.starts_with('-') {
            rows.reverse();
        }
        Ok(page(rows, query))
    }

    /// The public half of a key, and who signs with it.
    pub async fn key(&self, name: &str) -> Result<KeyDetail, Error> {
        let snapshot = self.0.services.snapshot();
        let found = snapshot.configuration.keys.get(name).ok_or_else(|| Error::missing(Kind::Key, name))?;
        Ok(KeyDetail {
            version: found.version,
            key: found.value.key.clone(),
            warning: key_life::warning(&found.value.key.not_after, self.0.services.clock().now()),
            is_default: snapshot.default_key() == Some(name),
            used_by: signed_with(&snapshot, name),
            shown_by: shown_by(&snapshot, name),
            trusted_by: trusted_by(&snapshot, name),
            decrypts_for: decrypts_for(&snapshot, name),
        })
    }
}

impl Admin<'_> {
    /// Makes a self-signed pair.
    pub async fn generate_key(&self, name: &str, how: &KeyGeneration) -> Result<(), Error> {
        self.name_is_free(name)?;
        let record = key_making::generate(&self.caller().services, name, how).await?;
        self.add_key(record).await
    }

    /// Takes a key made elsewhere. A pair is refused unless its halves belong together.
    pub async fn import_key(&self, name: &str, brought: BroughtKey) -> Result<(), Error> {
        let missing = |field, text: &str, what| {
            text.trim().is_empty().then(|| FieldError::new(field, format!("paste the {what} or choose its file")))
        };
        let faults: Vec<_> = match &brought {
            BroughtKey::Pair { certificate, private_key } => {
                vec![
                    missing("certificate", certificate, "certificate"),
                    missing("private_key", private_key, "private key"),
                ]
            }
            BroughtKey::Certificate(certificate) => vec![missing("certificate", certificate, "certificate")],
            BroughtKey::Pkcs12 { .. } => Vec::new(),
        }
        .into_iter()
        .flatten()
        .collect();
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        self.name_is_free(name)?;
        let record = key_making::import(&self.caller().services, name, brought).await?;
        self.add_key(record).await
    }

    /// Providers that name no key sign with this one from now on. Refused while services rely on the former one and nothing
    /// says that they have this one, unless `anyway`.
    pub async fn make_key_default(&self, name: &str, anyway: bool) -> Result<(), Error> {
        if self.key(name).await?.key.certificate_only {
            return Err(Error::Conflict("it is a certificate alone, and signs nothing".to_owned()));
        }
        let snapshot = self.caller().services.snapshot();
        let before = snapshot.default_key();
        if before == Some(name) {
            return Ok(());
        }
        key_fit::check_default(&snapshot, name)?;
        key_life::check_default(&snapshot, name, self.caller().services.clock().now())?;
        if !anyway && let Some(why) = self.caller().services.default_strands(&snapshot, name).await? {
            return Err(Error::Conflict(why));
        }
        let event = self.changed(EventKind::Updated, Kind::Key, name, before.as_ref(), Some(&name));
        let setting = Setting { name: DEFAULT_KEY.to_owned(), value: Value::from(name) };
        let expect =
            snapshot.configuration.settings.get(DEFAULT_KEY).map_or(Expect::Absent, |s| Expect::Version(s.version));
        let writes = vec![Write::Put { document: Document::Setting(setting), expect }];
        let mut change = ChangeSet { writes, events: vec![event], ..ChangeSet::default() };
        let caller = self.caller();
        let retired = caller.services.retired_by(&change, caller.username(), &caller.origin.address);
        change.events.extend(retired);
        caller.services.commit(change).await
    }

    /// Refused while somebody signs, verifies, encrypts or decrypts with it. `version` is the one that was looked at.
    pub async fn delete_key(&self, name: &str, version: u64) -> Result<(), Error> {
        let KeyDetail { key, is_default, used_by, shown_by, trusted_by, decrypts_for, .. } = self.key(name).await?;
        if is_default {
            return Err(Error::Conflict("this is the default key; make another one the default first".to_owned()));
        }
        if !used_by.is_empty() {
            let why = format!("these SAML providers sign with it: {}; give them another key first", used_by.join(", "));
            return Err(Error::Conflict(why));
        }
        if !shown_by.is_empty() {
            let why = format!(
                "the metadata of these SAML providers shows it: {}; take it out there first",
                shown_by.join(", ")
            );
            return Err(Error::Conflict(why));
        }
        if !trusted_by.is_empty() {
            let why = format!(
                "these SAML providers verify with it or encrypt to it: {}; change them first",
                trusted_by.join(", ")
            );
            return Err(Error::Conflict(why));
        }
        if !decrypts_for.is_empty() {
            let why = format!(
                "these SAML providers decrypt with it what their services send: {}; give them another decryption key first",
                decrypts_for.join(", ")
            );
            return Err(Error::Conflict(why));
        }
        let event = self.changed(EventKind::Deleted, Kind::Key, name, Some(&key), None);
        let write = Write::Delete { kind: Kind::Key, key: name.to_owned(), expect: Expect::Version(version) };
        self.write(write, event).await
    }

    fn name_is_free(&self, name: &str) -> Result<(), Error> {
        let faults = validate::object_name(name);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        if self.caller().services.snapshot().configuration.keys.contains_key(name) {
            return Err(Error::invalid("name", "there is a key of this name already"));
        }
        Ok(())
    }

    async fn add_key(&self, record: crate::port::KeyRecord) -> Result<(), Error> {
        let key: Key = record.key.clone();
        let event = self.changed(EventKind::Created, Kind::Key, &key.name, None, Some(&key));
        self.write(Write::Put { document: Document::Key(record), expect: Expect::Absent }, event).await
    }
}
