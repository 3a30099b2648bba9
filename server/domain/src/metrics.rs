use std::collections::{BTreeMap, BTreeSet};

use model::{EventKind, KeyState, SamlProvider, ScimHealth, ServiceGift};

use crate::{
    Auditor, Error, Services, identifiers::unix, key_life, provisioning::token_warnings, service_expiry, sign_in::IDLE,
    snapshot::Snapshot,
};

/// Figures for a monitor: what this process has counted, and how the store stands.
pub struct Metrics {
    /// Events since the start of this process, every kind.
    pub events: Vec<(EventKind, u64)>,
    pub sessions: u64,
    /// Events that wait to be written.
    pub waiting_events: u64,
    pub scim: Vec<ScimMetrics>,
    pub keys: Vec<KeyMetrics>,
    pub key_roles: Vec<KeyRoleMetrics>,
    pub service_ends: Vec<ServiceEndMetrics>,
}

/// Of one SCIM provider.
pub struct ScimMetrics {
    pub provider: String,
    pub health: ScimHealth,
    /// Seconds since the oldest change that is not there yet was made, or was refused; 0: everything is there.
    pub unsynced_seconds: i64,
    /// By slot, from 1: when each token ends, in unix seconds. Of a token whose end is not known there is none.
    pub token_ends: Vec<(&'static str, i64)>,
    /// Unix seconds. None: never.
    pub last_success: Option<i64>,
    /// Requests of this process, by class of the answer's status.
    pub requests: BTreeMap<&'static str, u64>,
    /// Runs that have ended, by how.
    pub runs: BTreeMap<String, u64>,
}

/// Of one key.
pub struct KeyMetrics {
    pub name: String,
    /// Unix seconds.
    pub not_after: i64,
}

/// Of one key in what it does for one SAML provider.
pub struct KeyRoleMetrics {
    /// Name of the SAML provider.
    pub provider: String,
    pub key: String,
    pub role: &'static str,
    /// Unix seconds.
    pub not_after: i64,
}

/// Of what one service provider gave of one kind: where there are several, the one that ends last, for it is the one that
/// signatures verify with to the end.
pub struct ServiceEndMetrics {
    /// Name of the SAML provider.
    pub provider: String,
    pub what: ServiceGift,
    /// Unix seconds.
    pub not_after: i64,
}

/// What the keys of a provider do for it, each once: those that its metadata shows, by their state; the one that it decrypts
/// with; and those whose certificates are the service's, to verify with and to encrypt to.
fn roles(snapshot: &Snapshot, provider: &SamlProvider) -> BTreeSet<(&'static str, String)> {
    let shown = key_life::shown(provider, snapshot.default_key()).into_iter().map(|(name, state)| {
        let role = match state {
            KeyState::Current => "current",
            KeyState::Next => "next",
            KeyState::Retiring => "retiring",
        };
        (role, name)
    });
    let decrypts = provider.decryption_key.iter().map(|name| ("decryption", name.clone()));
    let verifies = provider.verification_keys.iter().map(|name| ("verification", name.clone()));
    let encrypts = provider.encryption.iter().filter_map(|e| Some(("encryption", e.key.clone()?)));
    shown.chain(decrypts).chain(verifies).chain(encrypts).collect()
}

impl Services {
    /// For the operator of the machine.
    pub async fn metrics(&self) -> Result<Metrics, Error> {
        let (snapshot, now) = (self.snapshot(), self.clock().now());
        let mut scim = Vec::new();
        for (name, record) in &snapshot.configuration.scim_providers {
            let state = self.scim_state(name).await?;
            let mut health = state.health;
            let tokens = &record.value.tokens;
            health.warnings = token_warnings(tokens, now);
            let since = health.unsynced_since.as_deref().and_then(unix);
            scim.push(ScimMetrics {
                provider: name.clone(),
                unsynced_seconds: since.map_or(0, |since| (now - since).max(0)),
                token_ends: ["1", "2"]
                    .into_iter()
                    .zip(tokens)
                    .filter_map(|(slot, t)| Some((slot, t.expires?)))
                    .collect(),
                last_success: health.last_synced.as_deref().and_then(unix),
                requests: self.counters().scim_requests(record.value.provider.url.trim_end_matches('/')),
                runs: state.endings,
                health,
            });
        }
        let keys = snapshot.configuration.keys.values().map(|k| &k.value.key);
        let providers = snapshot.configuration.saml_providers.values().map(|p| &p.value);
        let service_ends = providers.flat_map(|provider| {
            let mut last = BTreeMap::new();
            for end in service_expiry::ends(provider, now) {
                let Some(not_after) = unix(&end.not_after) else { continue };
                let known = last.entry(end.what.code()).or_insert((end.what, not_after));
                known.1 = known.1.max(not_after);
            }
            last.into_values().map(|(what, not_after)| ServiceEndMetrics {
                provider: provider.name.clone(),
                what,
                not_after,
            })
        });
        let mut key_roles = Vec::new();
        for provider in snapshot.configuration.saml_providers.values().map(|p| &p.value) {
            for (role, key) in roles(&snapshot, provider) {
                let known = snapshot.configuration.keys.get(&key);
                if let Some(not_after) = known.and_then(|known| unix(&known.value.key.not_after)) {
                    key_roles.push(KeyRoleMetrics { provider: provider.name.clone(), key, role, not_after });
                }
            }
        }
        Ok(Metrics {
            service_ends: service_ends.collect(),
            key_roles,
            events: self.counters().events(),
            sessions: self.store().count_sessions(now, now - IDLE).await?,
            waiting_events: self.store().waiting_events(),
            scim,
            keys: keys
                .filter_map(|k| Some(KeyMetrics { name: k.name.clone(), not_after: unix(&k.not_after)? }))
                .collect(),
        })
    }
}

impl Auditor<'_> {
    pub async fn metrics(&self) -> Result<Metrics, Error> {
        self.0.services.metrics().await
    }
}
