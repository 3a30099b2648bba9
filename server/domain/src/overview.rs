use model::{Key, ListQuery, Overview};

use crate::{Auditor, Error, key_expiry, service_expiry};

impl Auditor<'_> {
    /// Counts, keys by expiry and the latest events.
    pub async fn overview(&self) -> Result<Overview, Error> {
        let services = &self.0.services;
        let snapshot = services.snapshot();
        let configuration = &snapshot.configuration;
        let mut keys: Vec<Key> = configuration.keys.values().map(|k| k.value.key.clone()).collect();
        // RFC 3339 in UTC sorts as text.
        keys.sort_by(|a, b| a.not_after.cmp(&b.not_after));
        let users = services.store().users(&ListQuery::default()).await?.total;
        let mut events = services.store().events(&ListQuery::default()).await?.rows;
        events.truncate(8);
        let expiring = key_expiry::expiring(&snapshot, services.clock().now());
        let expiring_services = service_expiry::expiring(&snapshot, services.clock().now());
        Ok(Overview {
            users,
            groups: configuration.groups.len() as u64,
            applications: configuration.applications.len() as u64,
            saml_providers: configuration.saml_providers.len() as u64,
            keys,
            expiring,
            expiring_services,
            events,
        })
    }
}
