//! What shows that the service of a provider has a key, beside an administrator's word: it fetched our metadata from an
//! address that nobody else was given, or it took a response that the key had signed. ADR 24.

use std::collections::BTreeMap;

use model::{EventKind, KeySeen, KeySeenBy, MetadataAddress, SamlProvider};
use saml::LogoutRequest;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Admin, Error, Origin, Services,
    events::Entry,
    identifiers, key_life,
    metadata::Metadata,
    port::{ChangeSet, Kind, Participant, Write},
    snapshot::Snapshot,
};

/// A fetch is written down again after so many seconds: an address that is asked every minute costs a write a day.
const AGAIN: i64 = 86_400;

/// The setting that holds what shows which keys the service of a provider has, by fingerprint.
fn seen_setting(provider: &str) -> String {
    format!("seen keys of {provider}")
}

/// The setting that holds the hash of the secret in the address for a provider's service.
fn address_setting(provider: &str) -> String {
    format!("metadata address of {provider}")
}

/// The names of all settings of a provider that are no part of its document.
pub(crate) fn settings(provider: &str) -> [String; 3] {
    [key_life::confirmations_setting(provider), seen_setting(provider), address_setting(provider)]
}

#[derive(Serialize, Deserialize)]
struct Issued {
    /// SHA-256 of the secret.
    secret: String,
    #[serde(flatten)]
    told: MetadataAddress,
}

pub(crate) fn seen(snapshot: &Snapshot, provider: &str) -> BTreeMap<String, KeySeen> {
    snapshot.setting(&seen_setting(provider)).unwrap_or_default()
}

pub(crate) fn address(snapshot: &Snapshot, provider: &str) -> Option<MetadataAddress> {
    snapshot.setting(&address_setting(provider)).map(|issued: Issued| issued.told)
}

/// Forgets what was seen of keys that the metadata of `after` shows no more. None: there is nothing to forget.
pub(crate) fn forget(snapshot: &Snapshot, after: &SamlProvider) -> Option<Write> {
    let shown = shown(snapshot, after);
    let (before, mut kept) = (seen(snapshot, &after.name), seen(snapshot, &after.name));
    kept.retain(|fingerprint, _| shown.iter().any(|(_, known)| known == fingerprint));
    if kept.len() == before.len() {
        return None;
    }
    snapshot.put_setting(seen_setting(&after.name), &kept).ok()
}

/// The keys that the metadata shows, with their fingerprints.
pub(crate) fn shown(snapshot: &Snapshot, provider: &SamlProvider) -> Vec<(String, String)> {
    let keys = key_life::shown(provider, snapshot.default_key()).into_iter();
    let keys = keys.filter_map(|(name, _)| {
        let fingerprint = snapshot.configuration.keys.get(&name)?.value.key.fingerprint.clone();
        Some((name, fingerprint))
    });
    keys.collect()
}

impl Services {
    /// Writes down that the service of an application has fetched this metadata of ours, where `secret` is the one that only
    /// it was given. Anybody may fetch the metadata; without the secret that says nothing of the service.
    pub async fn metadata_fetched(
        &self,
        slug: &str,
        secret: &str,
        fetched: &Metadata,
        origin: &Origin,
    ) -> Result<(), Error> {
        let snapshot = self.snapshot();
        let provider = snapshot.provider_of(snapshot.application(slug)?)?;
        let issued: Option<Issued> = snapshot.setting(&address_setting(&provider.name));
        if issued.is_none_or(|issued| issued.secret != identifiers::fingerprint(secret)) {
            return Ok(());
        }
        // What was changed since then was not in it, and what is shown no more is forgotten.
        let mut keys = shown(&snapshot, provider);
        keys.retain(|key| fetched.keys.contains(key));
        self.have_seen(&snapshot, provider, &keys, KeySeenBy::Fetch, origin).await
    }

    /// A logout request that the service signed, and that names the session of a response which a key had signed in a
    /// trial: it took that response, for the index is nowhere else.
    pub(crate) async fn trial_taken(
        &self,
        provider: &SamlProvider,
        request: &LogoutRequest,
        known: &[Participant],
        address: &str,
    ) -> Result<(), Error> {
        let snapshot = self.snapshot();
        let tried = known.iter().filter(|participant| request.session_indexes.contains(&participant.session_index));
        let tried: Vec<&str> = tried.map(|participant| participant.trial.as_str()).collect();
        let keys = shown(&snapshot, provider);
        let keys: Vec<_> = keys.into_iter().filter(|(_, fingerprint)| tried.contains(&fingerprint.as_str())).collect();
        let origin = Origin { address: address.to_owned(), ..Origin::default() };
        self.have_seen(&snapshot, provider, &keys, KeySeenBy::Trial, &origin).await
    }

    async fn have_seen(
        &self,
        snapshot: &Snapshot,
        provider: &SamlProvider,
        keys: &[(String, String)],
        by: KeySeenBy,
        origin: &Origin,
    ) -> Result<(), Error> {
        let now = self.clock().now();
        let before = seen(snapshot, &provider.name);
        let stale = |known: &KeySeen| {
            known.by == by && identifiers::unix(&known.at).is_none_or(|at| now.saturating_sub(at) >= AGAIN)
        };
        // A trial says more than a fetch, and is not overwritten by one.
        let due = |known: &KeySeen| stale(known) || known.by < by;
        let due: Vec<_> = keys.iter().filter(|(_, fingerprint)| before.get(fingerprint).is_none_or(due)).collect();
        if due.is_empty() {
            return Ok(());
        }
        let plain: String = origin.user_agent.chars().filter(|c| !c.is_control()).take(200).collect();
        let mut after = before.clone();
        for (_, fingerprint) in &due {
            let (at, address) = (identifiers::rfc3339(now), origin.address.clone());
            after.insert(fingerprint.clone(), KeySeen { at, by, address, user_agent: plain.clone() });
        }
        let told = match by {
            KeySeenBy::Fetch => "fetched the metadata with the key",
            KeySeenBy::Trial => "took a response that was signed with the key",
        };
        let first = due.iter().filter(|(_, fingerprint)| before.get(fingerprint).is_none_or(|known| known.by < by));
        let events = first.map(|(name, fingerprint)| {
            self.event(Entry {
                kind: EventKind::KeyConfirmed,
                actor: "",
                target: format!("{} {}", Kind::SamlProvider.word(), provider.name),
                address: &origin.address,
                message: format!("the service of {} {told} {name}", provider.name),
                detail: json!({ "key": name, "fingerprint": fingerprint, "user_agent": plain }),
            })
        });
        let events = events.collect();
        let writes = vec![snapshot.put_setting(seen_setting(&provider.name), &after)?];
        // Where another request was first, it wrote the same.
        self.commit_if_first(ChangeSet { writes, events, ..ChangeSet::default() }).await.map(drop)
    }
}

impl Admin<'_> {
    /// An address of our metadata that only the service of a provider is to be given, for each application that uses the
    /// provider; it is told once. The one before tells nothing any more, and what it told is forgotten.
    pub async fn make_metadata_address(&self, name: &str) -> Result<Vec<String>, Error> {
        let caller = self.caller();
        let services = &caller.services;
        let used_by = self.saml_provider(name).await?.used_by;
        if used_by.is_empty() {
            return Err(Error::Conflict("no application uses the provider, so it has no metadata yet".to_owned()));
        }
        let snapshot = services.snapshot();
        let secret = identifiers::secret(services.entropy());
        let at = identifiers::rfc3339(services.clock().now());
        let told = MetadataAddress { at, by: caller.username().to_owned() };
        let issued = Issued { secret: identifiers::fingerprint(&secret), told };
        let mut writes = vec![snapshot.put_setting(address_setting(name), &issued)?];
        // Written also where nothing is forgotten: a fetch from the former address that is under way then finds it changed.
        let mut kept = seen(&snapshot, name);
        kept.retain(|_, seen| seen.by != KeySeenBy::Fetch);
        writes.push(snapshot.put_setting(seen_setting(name), &kept)?);
        let event = services.event(Entry {
            kind: EventKind::Updated,
            actor: caller.username(),
            target: format!("{} {name}", Kind::SamlProvider.word()),
            address: &caller.origin.address,
            message: format!("{} made an address of the metadata for the service of {name}", caller.username()),
            detail: json!({}),
        });
        services.commit(ChangeSet { writes, events: vec![event], ..ChangeSet::default() }).await?;
        let url = |slug: &String| format!("{}/application/saml/{slug}/metadata/?for={secret}", services.public_url());
        Ok(used_by.iter().map(url).collect())
    }
}
