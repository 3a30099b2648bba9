use model::{
    EventKind, FieldError, ListQuery, MappingKind, Page, ScimChoices, ScimDrift, ScimPlanView, ScimProvider,
    ScimProviderDetail, ScimProviderRow,
};

use super::{
    control::{Control, control_key},
    drift_report::Report,
    moving::tokens_at,
    token_slots::{token_facts, token_warnings},
    verification::DRIFT,
    view::SHOWN,
};
use crate::{
    Admin, Auditor, Error,
    applications::{names, page},
    port::{ChangeSet, Document, Expect, Kind, ScimRecord, Write},
    snapshot::Snapshot,
    validate,
};

/// Slugs of the applications that use a provider.
fn used_by(snapshot: &Snapshot, name: &str) -> Vec<String> {
    let applications = snapshot.configuration.applications.values().map(|a| &a.value);
    let using = applications.filter(|a| a.backchannel_providers.iter().any(|p| p == name));
    using.map(|a| a.slug.to_string()).collect()
}

impl Auditor<'_> {
    /// Search in name and address; sort by `name` (default).
    pub async fn scim_providers(&self, query: &ListQuery) -> Result<Page<ScimProviderRow>, Error> {
        let services = &self.0.services;
        let snapshot = services.snapshot();
        let wanted = query.q.trim().to_lowercase();
        let mut rows = Vec::new();
        for record in snapshot.configuration.scim_providers.values() {
            let provider = &record.value.provider;
            if ![&provider.name, &provider.url].iter().any(|text| text.to_lowercase().contains(&wanted)) {
                continue;
            }
            let health = services.scim_state(&provider.name).await?.health;
            rows.push(ScimProviderRow {
                name: provider.name.clone(),
                url: provider.url.clone(),
                status: health.status,
                words: health.words,
                last_synced: health.last_synced,
                queue: health.queue,
                parked: health.parked,
                applications: used_by(&snapshot, &provider.name),
            });
        }
        rows.sort_by_cached_key(|r| r.name.to_lowercase());
        if query.sort == "-name" {
            rows.reverse();
        }
        Ok(page(rows, query))
    }

    pub async fn scim_provider(&self, name: &str) -> Result<ScimProviderDetail, Error> {
        let services = &self.0.services;
        let snapshot = services.snapshot();
        let found = snapshot.configuration.scim_providers.get(name);
        let found = found.ok_or_else(|| Error::missing(Kind::ScimProvider, name))?;
        let now = services.clock().now();
        let mut health = services.scim_state(name).await?.health;
        health.warnings = token_warnings(&found.value.tokens, now);
        health.requested = Control::of(&snapshot, name).sync;
        Ok(ScimProviderDetail {
            version: found.version,
            provider: found.value.provider.clone(),
            tokens: token_facts(&found.value.tokens, now),
            used_by: used_by(&snapshot, name),
            health,
            warnings: Vec::new(),
        })
    }

    /// What the last comparison found of ours that others changed.
    pub async fn scim_drift(&self, name: &str) -> Result<ScimDrift, Error> {
        let services = &self.0.services;
        services.scim_record(name)?;
        let report: Option<Report> = services.scim_note(name, DRIFT).await?;
        Ok(report.unwrap_or_default().drift)
    }

    /// What the form of a provider may choose from.
    pub async fn scim_choices(&self) -> Result<ScimChoices, Error> {
        let snapshot = self.0.services.snapshot();
        let configuration = &snapshot.configuration;
        let mappings = |kind| {
            let all = configuration.property_mappings.values().map(|m| &m.value);
            all.filter(|m| m.kind == kind).map(|m| m.name.clone()).collect()
        };
        Ok(ScimChoices {
            user_mappings: mappings(MappingKind::ScimUser),
            group_mappings: mappings(MappingKind::ScimGroup),
            groups: configuration.groups.keys().cloned().collect(),
            applications: configuration.applications.keys().cloned().collect(),
        })
    }

    /// What a synchronisation would do now; nothing is changed.
    pub async fn scim_plan(&self, name: &str) -> Result<ScimPlanView, Error> {
        Ok(self.0.services.plan_scim(name, SHOWN).await?.view)
    }
}

impl Admin<'_> {
    /// `token` is kept sealed; `expires` is in unix seconds.
    pub async fn create_scim_provider(
        &self,
        provider: ScimProvider,
        token: Option<&str>,
        expires: Option<i64>,
    ) -> Result<(), Error> {
        self.connect_scim_provider(provider, token, expires, &[]).await
    }

    /// `version` is the one the change was made from; a newer one in the store is a conflict. The tokens stay, but at
    /// another host, which is to be given its own. Another address means another service, which is refused with what it means unless `another_service` says that it is meant.
    pub async fn update_scim_provider(
        &self,
        name: &str,
        version: u64,
        provider: ScimProvider,
        another_service: bool,
    ) -> Result<(), Error> {
        if provider.name != name {
            return Err(Error::invalid("name", "applications know it by its name, so the name stays"));
        }
        self.check_scim(&provider)?;
        let services = &self.caller().services;
        let before = services.scim_record(name)?;
        if !another_service && let Some(words) = services.moves(name, &provider.url).await? {
            return Err(Error::invalid("url", format!("{words}; say that it is another service, and save again")));
        }
        let event = self.changed(EventKind::Updated, Kind::ScimProvider, name, Some(&before.provider), Some(&provider));
        let tokens = tokens_at(before, &provider.url);
        let document = Document::ScimProvider(ScimRecord { provider, tokens });
        self.write(Write::Put { document, expect: Expect::Version(version) }, event).await
    }

    /// Refused while an application uses it. What is at the service stays as it is.
    pub async fn delete_scim_provider(&self, name: &str, version: u64) -> Result<(), Error> {
        let services = &self.caller().services;
        let before = services.scim_record(name)?;
        let using = used_by(&services.snapshot(), name);
        if !using.is_empty() {
            return Err(Error::Conflict(format!(
                "these applications use it: {}; take it out there first",
                using.join(", ")
            )));
        }
        let event = self.changed(EventKind::Deleted, Kind::ScimProvider, name, Some(&before.provider), None);
        let deletion = |kind, key: String, expect| Write::Delete { kind, key, expect };
        let writes = vec![
            deletion(Kind::ScimProvider, name.to_owned(), Expect::Version(version)),
            deletion(Kind::Setting, control_key(name), Expect::Anything),
        ];
        services.commit(ChangeSet { writes, events: vec![event], ..ChangeSet::default() }).await
    }

    pub(super) fn check_scim(&self, provider: &ScimProvider) -> Result<(), Error> {
        let snapshot = self.caller().services.snapshot();
        let faults: Vec<FieldError> = validate::scim_provider(provider, &names(&snapshot.configuration));
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}
