//! A key that begins to sign in another way than by its promotion: by the form, the API, the default key or a file. The
//! service may not have it, and then every sign-on fails from that moment on. ADR 12.

use model::{EventKind, ExpiryWarning, ListQuery, SamlProvider};
use saml::aws::MAX_KEYS;

use crate::{
    Error, Services, key_life, key_seen,
    port::{ChangeSet, Document, Kind, Write},
    saml_providers::used_by,
    snapshot::{DEFAULT_KEY, Snapshot},
};

/// What is to be done in place of it.
const INSTEAD: &str =
    "name it as the next signing key, let the service take the metadata, say that it has, and promote it";

/// The fingerprint of the key that signs for a provider; None: there is no such key.
fn signs(snapshot: &Snapshot, provider: &SamlProvider) -> Option<String> {
    let name = provider.signing_key.as_deref().or(snapshot.default_key())?;
    Some(snapshot.configuration.keys.get(name)?.value.key.fingerprint.clone())
}

/// Whether something speaks for the service's having a key, while the metadata shows it.
fn vouched(snapshot: &Snapshot, provider: &SamlProvider, fingerprint: &str) -> bool {
    key_seen::shown(snapshot, provider).iter().any(|(_, shown)| shown == fingerprint)
        && key_life::vouched(snapshot, &provider.name).contains(fingerprint)
}

impl Services {
    /// Whether the service of a provider relies on the key that signs now: something was issued to it, or something speaks
    /// for its having one of our keys.
    async fn relies(&self, snapshot: &Snapshot, provider: &str) -> Result<bool, Error> {
        let slugs = used_by(snapshot, provider);
        if slugs.is_empty() {
            return Ok(false);
        }
        if !key_life::vouched(snapshot, provider).is_empty() {
            return Ok(true);
        }
        for slug in slugs {
            let filter = EventKind::ResponseIssued.code().to_owned();
            let issued = ListQuery { filter, target: format!("application {slug}"), ..ListQuery::default() };
            if self.store().events(&issued).await?.total > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether sign-ons that succeed now would fail if a provider, as it is stored, signed with the key of this fingerprint.
    pub(crate) async fn strands(
        &self,
        snapshot: &Snapshot,
        stored: &SamlProvider,
        fingerprint: &str,
    ) -> Result<bool, Error> {
        let stays = signs(snapshot, stored).is_none_or(|current| current == fingerprint);
        if stays || vouched(snapshot, stored, fingerprint) {
            return Ok(false);
        }
        self.relies(snapshot, &stored.name).await
    }

    /// Shows the key that signed until now as one that goes, where a change makes another one sign and the service relies
    /// on it: it is the way back. Tells why the change strands people, where it does.
    pub(crate) async fn moves_key(
        &self,
        snapshot: &Snapshot,
        stored: &SamlProvider,
        changed: &mut SamlProvider,
    ) -> Result<Option<String>, Error> {
        let (Some(before), Some(after)) = (signs(snapshot, stored), signs(snapshot, changed)) else { return Ok(None) };
        if before == after || !self.relies(snapshot, &stored.name).await? {
            return Ok(None);
        }
        let default = snapshot.default_key();
        let former = stored.signing_key.as_deref().or(default).unwrap_or_default();
        let shown = key_life::shown(changed, default);
        let ended = |name: &str| {
            let key = snapshot.configuration.keys.get(name);
            let warning = key.and_then(|key| key_life::warning(&key.value.key.not_after, self.clock().now()));
            warning == Some(ExpiryWarning::Expired)
        };
        let decrypts = changed.decryption_key.as_deref() == Some(former);
        let room = shown.len() + usize::from(changed.decryption_key.is_some()) < MAX_KEYS;
        if room && shown.iter().all(|(name, _)| name != former) && !decrypts && !ended(former) {
            let mut with_former = changed.clone();
            with_former.retiring_keys.insert(0, former.to_owned());
            // Who changes the key is not to be refused for what was added to the wish.
            let certificate = |name: &str| {
                let key = snapshot.configuration.keys.get(name);
                key.map(|key| key.value.key.certificate.clone())
            };
            let now = self.clock().now();
            let without = key_life::faults(changed, default, certificate, now);
            let with = key_life::faults(&with_former, default, certificate, now);
            if with.iter().all(|fault| without.contains(fault)) {
                *changed = with_former;
            }
        }
        if vouched(snapshot, stored, &after) {
            return Ok(None);
        }
        let key = changed.signing_key.as_deref().or(default).unwrap_or_default();
        Ok(Some(format!(
            "nothing says that the service has `{key}`, and it refuses what a key that it does not know has signed: {INSTEAD}; \
             or say that it is to sign anyway"
        )))
    }

    /// Why a change is not to take a key that goes out of the metadata: it is the way back while nothing speaks for the
    /// service's having the key that signs. None: it takes none, or none that matters.
    pub(crate) async fn drops_way_back(
        &self,
        snapshot: &Snapshot,
        stored: &SamlProvider,
        changed: &SamlProvider,
    ) -> Result<Option<String>, Error> {
        let shown = key_life::shown(changed, snapshot.default_key());
        let gone = stored.retiring_keys.iter().filter(|key| shown.iter().all(|(name, _)| name != *key));
        let gone: Vec<&str> = gone.map(String::as_str).collect();
        let Some(after) = signs(snapshot, changed) else { return Ok(None) };
        if gone.is_empty() || vouched(snapshot, stored, &after) || !self.relies(snapshot, &stored.name).await? {
            return Ok(None);
        }
        Ok(Some(format!(
            "nothing says that the service has the key that signs, and until it has, the way back is {}: leave it among the \
             retiring keys, or say that it is to go anyway",
            gone.join(", ")
        )))
    }

    /// Why no key becomes the default one without a word, where services would not know it. None: none of them.
    pub(crate) async fn default_strands(&self, snapshot: &Snapshot, key: &str) -> Result<Option<String>, Error> {
        let Some(found) = snapshot.configuration.keys.get(key) else { return Ok(None) };
        let providers = snapshot.configuration.saml_providers.values().map(|p| &p.value);
        let silent: Vec<&SamlProvider> = providers.filter(|p| p.signing_key.is_none()).collect();
        let mut stranded = Vec::new();
        for provider in silent {
            if self.strands(snapshot, provider, &found.value.key.fingerprint).await? {
                stranded.push(provider.name.as_str());
            }
        }
        Ok((!stranded.is_empty()).then(|| {
            format!(
                "nothing says that the services of these SAML providers have `{key}`, and they would sign with it at once: {}; \
                 at each of them {INSTEAD}, or say that it is to sign anyway",
                stranded.join(", ")
            )
        }))
    }

    /// What a reader of a plan should know of the keys that it makes sign: a file does what it says without asking.
    pub(crate) async fn moved_by(&self, change: &ChangeSet) -> Result<Vec<String>, Error> {
        let snapshot = self.snapshot();
        // A file may make another key the default one, too.
        let made_default = change.writes.iter().find_map(|write| match write {
            Write::Put { document: Document::Setting(setting), .. } if setting.name == DEFAULT_KEY => {
                setting.value.as_str()
            }
            _ => None,
        });
        let default = made_default.or(snapshot.default_key());
        let mut warnings = Vec::new();
        for stored in snapshot.configuration.saml_providers.values() {
            let stored = &stored.value;
            let after = change.writes.iter().find_map(|write| match write {
                Write::Put { document: Document::SamlProvider(after), .. } if after.name == stored.name => Some(after),
                _ => None,
            });
            let gone = change.writes.iter().any(
                |write| matches!(write, Write::Delete { kind: Kind::SamlProvider, key, .. } if *key == stored.name),
            );
            let name = after.unwrap_or(stored).signing_key.as_deref().or(default);
            let Some(name) = name.filter(|_| !gone) else { continue };
            let made = change.writes.iter().find_map(|write| match write {
                Write::Put { document: Document::Key(made), .. } if made.key.name == name => Some(&made.key),
                _ => None,
            });
            let key = made.or_else(|| snapshot.configuration.keys.get(name).map(|k| &k.value.key));
            let Some(key) = key else { continue };
            if self.strands(&snapshot, stored, &key.fingerprint).await? {
                warnings.push(format!(
                    "SAML provider {} signs with {name} from now on, and nothing says that its service has it: until it has, it \
                     refuses every sign-on. To lose none, {INSTEAD}",
                    stored.name
                ));
            }
        }
        Ok(warnings)
    }
}
