use model::{
    EventKind, FieldError, ListQuery, Page, ScimObjectRow, ScimPlanView, ScimProvider, ScimProviderDetail,
    ScimProviderRow, ScimTokenFacts,
};
use serde_json::json;

use super::{
    control::{Control, control_key},
    view,
};
use crate::{
    Admin, Auditor, Error,
    applications::{names, page},
    events::Entry,
    identifiers,
    port::{ChangeSet, Document, Expect, Kind, Lease, ScimRecord, ScimToken, Write},
    snapshot::Snapshot,
    validate,
};

/// Slugs of the applications that use a provider.
fn used_by(snapshot: &Snapshot, name: &str) -> Vec<String> {
    let applications = snapshot.configuration.applications.values().map(|a| &a.value);
    let using = applications.filter(|a| a.backchannel_providers.iter().any(|p| p == name));
    using.map(|a| a.slug.to_string()).collect()
}

fn token_facts(tokens: &[ScimToken], now: i64) -> Vec<ScimTokenFacts> {
    let facts = |(slot, token): (u8, &ScimToken)| ScimTokenFacts {
        slot,
        expires: token.expires.map(identifiers::rfc3339),
        days_left: token.expires.map(|expires| (expires - now).div_euclid(86_400)),
    };
    (1..).zip(tokens).map(facts).collect()
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
        Ok(ScimProviderDetail {
            version: found.version,
            provider: found.value.provider.clone(),
            tokens: token_facts(&found.value.tokens, services.clock().now()),
            used_by: used_by(&snapshot, name),
            health: services.scim_state(name).await?.health,
        })
    }

    /// What is at the service as far as it is known. Search in name and identifiers; `filter` is a state, `user` or
    /// `group`.
    pub async fn scim_objects(&self, name: &str, query: &ListQuery) -> Result<Page<ScimObjectRow>, Error> {
        let services = &self.0.services;
        services.scim_record(name)?;
        let mirror = services.kept_mirror(name, Lease { fence: 0 }).await?;
        let mut rows = mirror.map(|mirror| view::objects(&mirror.observed)).unwrap_or_default();
        let (wanted, filter) = (query.q.trim().to_lowercase(), query.filter.as_str());
        rows.retain(|row| {
            let found = [&row.name, &row.local, &row.remote].iter().any(|t| t.to_lowercase().contains(&wanted));
            found && (filter.is_empty() || row.state == filter || row.kind == filter)
        });
        Ok(page(rows, query))
    }

    /// What a synchronisation would do now; nothing is changed.
    pub async fn scim_plan(&self, name: &str) -> Result<ScimPlanView, Error> {
        Ok(self.0.services.plan_scim(name).await?.view)
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
        self.check_scim(&provider)?;
        let services = &self.caller().services;
        let name = provider.name.clone();
        if services.snapshot().configuration.scim_providers.contains_key(&name) {
            return Err(Error::invalid("name", "there is a SCIM provider of this name already"));
        }
        let tokens = token.map(|token| services.seal_scim_token(&name, token, expires)).transpose()?;
        let event = self.changed(EventKind::Created, Kind::ScimProvider, &name, None, Some(&provider));
        let document = Document::ScimProvider(ScimRecord { provider, tokens: tokens.into_iter().collect() });
        self.write(Write::Put { document, expect: Expect::Absent }, event).await
    }

    /// `version` is the one the change was made from; a newer one in the store is a conflict. The tokens stay.
    pub async fn update_scim_provider(&self, name: &str, version: u64, provider: ScimProvider) -> Result<(), Error> {
        if provider.name != name {
            return Err(Error::invalid("name", "applications know it by its name, so the name stays"));
        }
        self.check_scim(&provider)?;
        let before = self.caller().services.scim_record(name)?;
        let event = self.changed(EventKind::Updated, Kind::ScimProvider, name, Some(&before.provider), Some(&provider));
        let document = Document::ScimProvider(ScimRecord { provider, tokens: before.tokens });
        self.write(Write::Put { document, expect: Expect::Version(version) }, event).await
    }

    /// Puts a token into a slot, 1 or 2. The first one is used; the second takes over when the first is refused.
    pub async fn set_scim_token(
        &self,
        name: &str,
        version: u64,
        slot: u8,
        token: &str,
        expires: Option<i64>,
    ) -> Result<(), Error> {
        let services = &self.caller().services;
        let mut record = services.scim_record(name)?;
        let sealed = services.seal_scim_token(name, token, expires)?;
        let at = usize::from(slot.clamp(1, 2) - 1);
        match record.tokens.get_mut(at) {
            Some(kept) => *kept = sealed,
            None => record.tokens.push(sealed),
        }
        let event = self.changed(EventKind::Updated, Kind::ScimProvider, name, None, Some(&json!({ "token": slot })));
        let document = Document::ScimProvider(record);
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

    /// Lets the plan that waits go ahead: the one with this id, and no other.
    pub async fn approve_scim_plan(&self, name: &str, id: &str) -> Result<(), Error> {
        let services = &self.caller().services;
        let waiting = services.scim_state(name).await?.health.pending;
        let Some(waiting) = waiting.filter(|waiting| waiting.id == id) else {
            return Err(Error::Conflict("this plan is not the one that waits any more; look at it again".to_owned()));
        };
        let mut control = Control::of(&services.snapshot(), name);
        control.approved = id.to_owned();
        let message = format!("{} approved the plan for {name}: {}", self.username(), waiting.why);
        self.ask(name, &control, EventKind::ProvisioningApproved, message).await
    }

    /// Looks at everything again now, and tries again what the service refused.
    pub async fn sync_scim_provider(&self, name: &str) -> Result<(), Error> {
        let mut control = Control::of(&self.caller().services.snapshot(), name);
        control.sync += 1;
        let message = format!("{} asked for a synchronisation of {name}", self.username());
        self.ask(name, &control, EventKind::Updated, message).await
    }

    /// Compares what is there with what is known; what others changed of ours is repaired.
    pub async fn verify_scim_provider(&self, name: &str) -> Result<(), Error> {
        let mut control = Control::of(&self.caller().services.snapshot(), name);
        control.verify += 1;
        let message = format!("{} asked for a comparison with {name}", self.username());
        self.ask(name, &control, EventKind::Updated, message).await
    }

    fn username(&self) -> &str {
        self.caller().username()
    }

    async fn ask(&self, name: &str, control: &Control, kind: EventKind, message: String) -> Result<(), Error> {
        let caller = self.caller();
        caller.services.scim_record(name)?;
        let event = caller.services.event(Entry {
            kind,
            actor: caller.username(),
            target: format!("SCIM provider {name}"),
            address: &caller.origin.address,
            message,
            detail: json!({ "asked": control }),
        });
        self.write(Write::Put { document: control.document(name), expect: Expect::Anything }, event).await
    }

    fn check_scim(&self, provider: &ScimProvider) -> Result<(), Error> {
        let snapshot = self.caller().services.snapshot();
        let faults: Vec<FieldError> = validate::scim_provider(provider, &names(&snapshot.configuration));
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}
