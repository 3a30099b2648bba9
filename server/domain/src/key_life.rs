//! The keys that a SAML provider's metadata shows, and their way from the next one to one that is gone.

use std::collections::{BTreeMap, BTreeSet};

use model::{EventKind, ExpiryWarning, FieldError, KeyConfirmation, KeyState, ProviderKey, SamlProvider, Verdict};
use saml::aws::{MetadataFacts, ShownCertificate, lint_metadata};
use serde_json::json;

use crate::{
    Admin, Error,
    events::Entry,
    identifiers, key_fit, key_seen,
    port::{ChangeSet, Document, Expect, Kind, Write},
    sign_on::verdict,
    snapshot::Snapshot,
};

/// The setting that holds which keys the service of a provider is said to have, by fingerprint.
pub(crate) fn confirmations_setting(provider: &str) -> String {
    format!("confirmed keys of {provider}")
}

/// The names of the keys that the metadata shows, each once: the one that signs, the next one, those that go.
pub(crate) fn shown(provider: &SamlProvider, default: Option<&str>) -> Vec<(String, KeyState)> {
    let current = provider.signing_key.as_deref().or(default).unwrap_or_default();
    let next = provider.next_signing_key.iter().map(|name| (name.as_str(), KeyState::Next));
    let retiring = provider.retiring_keys.iter().map(|name| (name.as_str(), KeyState::Retiring));
    let mut found: Vec<(String, KeyState)> = Vec::new();
    for (name, state) in std::iter::once((current, KeyState::Current)).chain(next).chain(retiring) {
        if !found.iter().any(|(known, _)| known == name) {
            found.push((name.to_owned(), state));
        }
    }
    found
}

fn confirmations(snapshot: &Snapshot, provider: &str) -> BTreeMap<String, KeyConfirmation> {
    snapshot.setting(&confirmations_setting(provider)).unwrap_or_default()
}

/// The fingerprints of the keys of which something speaks for their service's having them.
pub(crate) fn vouched(snapshot: &Snapshot, provider: &str) -> BTreeSet<String> {
    confirmations(snapshot, provider).into_keys().chain(key_seen::seen(snapshot, provider).into_keys()).collect()
}

/// Forgets what was said of keys that the metadata of `after` shows no more: when it shows one again, the service may
/// have lost it. None: there is nothing to forget.
pub(crate) fn forget(snapshot: &Snapshot, after: &SamlProvider) -> Option<Write> {
    let said = confirmations(snapshot, &after.name);
    let shown = shown(after, snapshot.default_key());
    let is_shown = |fingerprint: &String| {
        let keys = shown.iter().filter_map(|(name, _)| snapshot.configuration.keys.get(name));
        keys.into_iter().any(|key| key.value.key.fingerprint == *fingerprint)
    };
    let count = said.len();
    let kept: BTreeMap<_, _> = said.into_iter().filter(|(fingerprint, _)| is_shown(fingerprint)).collect();
    if kept.len() == count {
        return None;
    }
    snapshot.put_setting(confirmations_setting(&after.name), &kept).ok()
}

/// How near a key's end is.
pub(crate) fn warning(not_after: &str, now: i64) -> Option<ExpiryWarning> {
    ExpiryWarning::of(identifiers::unix(not_after)? - now)
}

/// The keys of a provider as an administrator sees them.
pub(crate) fn provider_keys(snapshot: &Snapshot, provider: &SamlProvider, now: i64) -> Vec<ProviderKey> {
    let mut confirmed = confirmations(snapshot, &provider.name);
    let mut seen = key_seen::seen(snapshot, &provider.name);
    let keys = shown(provider, snapshot.default_key()).into_iter().filter_map(|(name, state)| {
        let key = &snapshot.configuration.keys.get(&name)?.value.key;
        Some(ProviderKey {
            name,
            state,
            fingerprint: key.fingerprint.clone(),
            not_after: key.not_after.clone(),
            warning: warning(&key.not_after, now),
            confirmed: confirmed.remove(&key.fingerprint),
            seen: seen.remove(&key.fingerprint),
        })
    });
    keys.collect()
}

/// AWS's limits on the metadata of a provider, whose length is `characters`. Empty where the provider is not AWS.
pub(crate) fn limits(
    provider: &SamlProvider,
    default: Option<&str>,
    certificate: impl Fn(&str) -> Option<String>,
    characters: Option<usize>,
    now: i64,
) -> Vec<Verdict> {
    if !provider.is_aws() && !provider.is_identity_center() {
        return Vec::new();
    }
    let names = shown(provider, default).into_iter().map(|(name, _)| name).chain(provider.decryption_key.clone());
    let shown: Vec<(String, saml::Certificate)> = names
        .filter_map(|name| Some((name.clone(), saml::Certificate::from_pem(&certificate(&name)?).ok()?)))
        .collect();
    let certificates: Vec<ShownCertificate<'_>> = shown
        .iter()
        .map(|(name, certificate)| ShownCertificate {
            name,
            characters: certificate.pem().len(),
            elliptic: !matches!(certificate.kind(), saml::KeyKind::Rsa(_)),
            seconds_left: certificate.facts().not_after_unix - now,
        })
        .collect();
    let facts =
        MetadataFacts { identity_center: provider.is_identity_center(), certificates: &certificates, characters };
    lint_metadata(&facts).iter().map(verdict).collect()
}

/// What of AWS's limits a provider would break, and which of its keys cannot sign as it demands or decrypt, as faults of its
/// fields.
pub(crate) fn faults(
    provider: &SamlProvider,
    default: Option<&str>,
    certificate: impl Fn(&str) -> Option<String>,
    now: i64,
) -> Vec<FieldError> {
    let misfits = key_fit::faults(provider, default, &certificate);
    let broken = |provider: &SamlProvider| -> Vec<String> {
        let verdicts = limits(provider, default, &certificate, None, now).into_iter();
        verdicts.filter(|v| v.status == model::VerdictStatus::Failed).map(|v| v.found).collect()
    };
    let signing = broken(&SamlProvider { decryption_key: None, ..provider.clone() });
    let broken = broken(provider).into_iter().map(|found| {
        let field = if signing.contains(&found) { "signing_key" } else { "decryption_key" };
        FieldError::new(field, format!("AWS's limit: {found}"))
    });
    misfits.into_iter().chain(broken).collect()
}

/// Refuses a default key with which AWS would not take the metadata of a provider that names none, and takes it now.
pub(crate) fn check_default(snapshot: &Snapshot, key: &str, now: i64) -> Result<(), Error> {
    let certificate = |name: &str| snapshot.configuration.keys.get(name).map(|k| k.value.key.certificate.clone());
    let providers = snapshot.configuration.saml_providers.values().map(|p| &p.value);
    for provider in providers.filter(|p| p.signing_key.is_none()) {
        let before = faults(provider, snapshot.default_key(), certificate, now);
        let after = faults(provider, Some(key), certificate, now);
        if let Some(fault) = after.iter().find(|fault| !before.contains(fault)) {
            let why = format!("the SAML provider `{}` cannot sign with `{key}`: {}", provider.name, fault.message);
            return Err(Error::Conflict(why));
        }
    }
    Ok(())
}

impl Admin<'_> {
    /// Writes down that the service of a provider has a key, or that it has it no more.
    pub async fn confirm_provider_key(&self, name: &str, key: &str, has: bool) -> Result<(), Error> {
        let snapshot = self.caller().services.snapshot();
        let detail = self.saml_provider(name).await?;
        let Some(found) = detail.keys.iter().find(|k| k.name == key) else {
            return Err(Error::missing(Kind::Key, key));
        };
        if found.confirmed.is_some() == has {
            return Ok(());
        }
        let now = identifiers::rfc3339(self.caller().services.clock().now());
        let by = self.caller().username().to_owned();
        // What the metadata shows no longer is forgotten.
        let mut kept: BTreeMap<String, KeyConfirmation> = detail
            .keys
            .iter()
            .filter(|k| k.name != key)
            .filter_map(|k| Some((k.fingerprint.clone(), k.confirmed.clone()?)))
            .collect();
        if has {
            kept.insert(found.fingerprint.clone(), KeyConfirmation { at: now, by });
        }
        let write = snapshot.put_setting(confirmations_setting(name), &kept)?;
        let told = if has { "said that the service has" } else { "took back that the service has" };
        let event = self.key_event(EventKind::KeyConfirmed, name, &format!("{told} the key {key}"), found);
        self.write(write, event).await
    }

    /// Signs with the next key from now on, or again with one that goes; the one that signed until now goes. `version` is
    /// the one that was looked at. Refused while nothing speaks for the service's having the key, unless `anyway`;
    /// and always for a key that the provider's algorithm does not fit, which would end every sign-on.
    pub async fn promote_provider_key(&self, name: &str, version: u64, key: &str, anyway: bool) -> Result<(), Error> {
        let detail = self.saml_provider(name).await?;
        let found = detail.keys.iter().find(|k| k.name == key).ok_or_else(|| Error::missing(Kind::Key, key))?;
        let current = detail.keys.iter().find(|k| k.state == KeyState::Current);
        if found.state == KeyState::Current {
            return Err(Error::Conflict(format!("{key} signs already")));
        }
        if !found.vouched() && !anyway {
            return Err(Error::Conflict(format!(
                "nobody has said that the service has {key}, it did not fetch it from an address of its own, and it refuses \
                 what a key that it does not know has signed: give it the metadata first and say so"
            )));
        }
        key_fit::check(&self.caller().services.snapshot(), &detail.provider, key)?;
        let mut provider = detail.provider.clone();
        provider.retiring_keys.retain(|retiring| retiring != key);
        if provider.next_signing_key.as_deref() == Some(key) {
            provider.next_signing_key = None;
        }
        if let Some(current) = current {
            provider.retiring_keys.insert(0, current.name.clone());
        }
        provider.signing_key = Some(key.to_owned());
        self.change_keys(EventKind::KeyPromoted, &format!("promoted the key {key}"), version, provider, found).await
    }

    /// Takes a key that goes out of the metadata. `version` is the one that was looked at. Refused while nothing
    /// speaks for the service's having the key that signs, unless `anyway`.
    pub async fn retire_provider_key(&self, name: &str, version: u64, key: &str, anyway: bool) -> Result<(), Error> {
        let detail = self.saml_provider(name).await?;
        let found = detail.keys.iter().find(|k| k.name == key).ok_or_else(|| Error::missing(Kind::Key, key))?;
        if found.state != KeyState::Retiring {
            return Err(Error::Conflict(format!("{key} is not one that goes: promote another one first")));
        }
        let proven = detail.keys.iter().any(|k| k.state == KeyState::Current && k.vouched());
        if !proven && !anyway {
            let why = "nobody has said that the service has the key that signs, and it did not fetch it; until then the former one is the way back";
            return Err(Error::Conflict(why.to_owned()));
        }
        let mut provider = detail.provider.clone();
        provider.retiring_keys.retain(|retiring| retiring != key);
        self.change_keys(EventKind::KeyRetired, &format!("retired the key {key}"), version, provider, found).await
    }

    async fn change_keys(
        &self,
        kind: EventKind,
        told: &str,
        version: u64,
        provider: SamlProvider,
        key: &ProviderKey,
    ) -> Result<(), Error> {
        let event = self.key_event(kind, &provider.name, told, key);
        let snapshot = self.caller().services.snapshot();
        let forgotten = forget(&snapshot, &provider).into_iter().chain(key_seen::forget(&snapshot, &provider));
        let write = Write::Put { document: Document::SamlProvider(provider), expect: Expect::Version(version) };
        let writes = std::iter::once(write).chain(forgotten).collect();
        let change = ChangeSet { writes, events: vec![event], ..ChangeSet::default() };
        self.caller().services.commit(change).await
    }

    fn key_event(&self, kind: EventKind, provider: &str, told: &str, key: &ProviderKey) -> model::Event {
        let caller = self.caller();
        caller.services.event(Entry {
            kind,
            actor: caller.username(),
            target: format!("{} {provider}", Kind::SamlProvider.word()),
            address: &caller.origin.address,
            message: format!("{} {told} ({provider})", caller.username()),
            detail: json!({ "key": key.name, "fingerprint": key.fingerprint, "confirmed": key.confirmed, "seen": key.seen }),
        })
    }
}
