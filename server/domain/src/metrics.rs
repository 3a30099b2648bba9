use std::collections::BTreeMap;

use model::{EventKind, ScimHealth};

use crate::{Auditor, Error, Services, identifiers::unix, sign_in::IDLE};

/// Figures for a monitor: what this process has counted, and how the store stands.
pub struct Metrics {
    /// Events since the start of this process, every kind.
    pub events: Vec<(EventKind, u64)>,
    pub sessions: u64,
    /// Events that wait to be written.
    pub waiting_events: u64,
    pub scim: Vec<ScimMetrics>,
    pub keys: Vec<KeyMetrics>,
}

/// Of one SCIM provider.
pub struct ScimMetrics {
    pub provider: String,
    pub health: ScimHealth,
    /// Seconds since something is not there yet; 0: everything is.
    pub unsynced_seconds: i64,
    /// Unix seconds. None: never.
    pub last_success: Option<i64>,
    /// Requests of this process, by class of the answer's status.
    pub requests: BTreeMap<&'static str, u64>,
}

/// Of one key.
pub struct KeyMetrics {
    pub name: String,
    /// Unix seconds.
    pub not_after: i64,
}

impl Services {
    /// For the operator of the machine.
    pub async fn metrics(&self) -> Result<Metrics, Error> {
        let (snapshot, now) = (self.snapshot(), self.clock().now());
        let mut scim = Vec::new();
        for (name, record) in &snapshot.configuration.scim_providers {
            let health = self.scim_state(name).await?.health;
            let since = health.unsynced_since.as_deref().and_then(unix);
            scim.push(ScimMetrics {
                provider: name.clone(),
                unsynced_seconds: since.map_or(0, |since| (now - since).max(0)),
                last_success: health.last_synced.as_deref().and_then(unix),
                requests: self.counters().scim_requests(record.value.provider.url.trim_end_matches('/')),
                health,
            });
        }
        let keys = snapshot.configuration.keys.values().map(|k| &k.value.key);
        Ok(Metrics {
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
