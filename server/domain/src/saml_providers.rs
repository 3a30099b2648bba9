use std::collections::BTreeSet;

use model::{
    Application, Event, EventKind, FieldError, ListQuery, Page, PropertyMapping, ProviderChoices, ProviderDetail,
    ProviderRow, SamlProvider, SamlProviderArn,
};

use crate::{
    Admin, Auditor, Error,
    applications::{names, page},
    key_life, key_seen,
    port::{ChangeSet, Document, Expect, Kind, Write},
    property_mappings, service_expiry,
    snapshot::Snapshot,
    validate,
};

/// Slugs of the applications that use a provider.
pub(crate) fn used_by(snapshot: &Snapshot, name: &str) -> Vec<String> {
    let applications = snapshot.configuration.applications.values().map(|a| &a.value);
    applications.filter(|a| a.saml_provider.as_deref() == Some(name)).map(|a| a.slug.to_string()).collect()
}

/// The ARNs by which the role tables of its applications name a provider.
fn iam_providers(snapshot: &Snapshot, name: &str) -> Vec<SamlProviderArn> {
    let applications = snapshot.configuration.applications.values().map(|a| &a.value);
    let used = applications.filter(|a| a.saml_provider.as_deref() == Some(name));
    let arns: BTreeSet<&SamlProviderArn> = used.flat_map(|a| &a.aws_roles).map(|row| &row.provider).collect();
    arns.into_iter().cloned().collect()
}

/// What is wrong with a SAML provider that leaves the partition of an application's roles.
pub(crate) fn moved(application: &Application, why: &str) -> String {
    format!("the role table of the application {}: {why}", application.slug)
}

/// The certificates of the keys there are, PEM.
fn certificate_of(snapshot: &Snapshot) -> impl Fn(&str) -> Option<String> {
    |name| snapshot.configuration.keys.get(name).map(|k| k.value.key.certificate.clone())
}

impl Auditor<'_> {
    /// Search in name, audience and address; sort by `name` (default).
    pub async fn saml_providers(&self, query: &ListQuery) -> Result<Page<ProviderRow>, Error> {
        let snapshot = self.0.services.snapshot();
        let wanted = query.q.trim().to_lowercase();
        let providers = snapshot.configuration.saml_providers.values().map(|p| &p.value);
        let mut rows: Vec<ProviderRow> = providers
            .filter(|p| [&p.name, &p.audience, &p.acs_url].iter().any(|text| text.to_lowercase().contains(&wanted)))
            .map(|p| ProviderRow {
                name: p.name.clone(),
                audience: p.audience.clone(),
                signing_key: p.signing_key.clone(),
                applications: used_by(&snapshot, &p.name),
            })
            .collect();
        rows.sort_by_cached_key(|r| r.name.to_lowercase());
        if query.sort == "-name" {
            rows.reverse();
        }
        Ok(page(rows, query))
    }

    pub async fn saml_provider(&self, name: &str) -> Result<ProviderDetail, Error> {
        let snapshot = self.0.services.snapshot();
        let found = snapshot.configuration.saml_providers.get(name);
        let found = found.ok_or_else(|| Error::missing(Kind::SamlProvider, name))?;
        let (provider, used_by, now) = (&found.value, used_by(&snapshot, name), self.0.services.clock().now());
        let mut characters = None;
        for slug in &used_by {
            // A key that does not load shows elsewhere, and must not hide the provider.
            let metadata = self.0.services.metadata(slug).await.ok();
            characters = characters.max(metadata.map(|metadata| metadata.xml.chars().count()));
        }
        Ok(ProviderDetail {
            version: found.version,
            provider: provider.clone(),
            default_key: snapshot.default_key().unwrap_or_default().to_owned(),
            keys: key_life::provider_keys(&snapshot, provider, now),
            retired: self.0.services.retired_keys(&snapshot, provider).await?,
            ends: service_expiry::ends(provider, now),
            limits: key_life::limits(provider, snapshot.default_key(), certificate_of(&snapshot), characters, now),
            metadata_address: key_seen::address(&snapshot, name),
            iam_providers: iam_providers(&snapshot, name),
            used_by,
            warnings: Vec::new(),
        })
    }

    /// What a form of a provider may choose from.
    pub async fn provider_choices(&self) -> Result<ProviderChoices, Error> {
        let snapshot = self.0.services.snapshot();
        let configuration = &snapshot.configuration;
        let mappings = configuration.property_mappings.values().map(|m| &m.value);
        let saml = mappings.filter(|m| m.kind == model::MappingKind::Saml);
        let names = names(configuration);
        Ok(ProviderChoices {
            elliptic: names.keys.intersection(&names.elliptic).cloned().collect(),
            keys: names.keys.into_iter().collect(),
            default_key: snapshot.default_key().unwrap_or_default().to_owned(),
            certificates: configuration.keys.keys().cloned().collect(),
            mappings: saml.map(|m| (m.name.clone(), m.saml_name.clone())).collect(),
        })
    }
}

impl Admin<'_> {
    pub async fn create_saml_provider(&self, provider: SamlProvider) -> Result<(), Error> {
        self.create_saml_provider_with(provider, Vec::new()).await
    }

    /// Together with property mappings that are new, all or nothing; the provider may name them.
    pub async fn create_saml_provider_with(
        &self,
        provider: SamlProvider,
        mappings: Vec<PropertyMapping>,
    ) -> Result<(), Error> {
        self.check_provider(&provider, &mappings)?;
        let name = provider.name.clone();
        if self.caller().services.snapshot().configuration.saml_providers.contains_key(&name) {
            return Err(Error::invalid("name", "there is a SAML provider of this name already"));
        }
        let (mut writes, mut events) = self.coming_with(mappings)?;
        events.push(self.changed(EventKind::Created, Kind::SamlProvider, &name, None, Some(&provider)));
        writes.push(Write::Put { document: Document::SamlProvider(provider), expect: Expect::Absent });
        self.caller().services.commit(ChangeSet { writes, events, ..ChangeSet::default() }).await
    }

    /// `version` is the one the change was made from; a newer one in the store is a conflict. Where the service relies on the
    /// key that signs, another one is refused of which nothing says that the service has it, unless `anyway`; the former one
    /// is shown as one that goes. One that goes is not dropped while it is the way back, unless `anyway`.
    pub async fn update_saml_provider(
        &self,
        name: &str,
        version: u64,
        provider: SamlProvider,
        anyway: bool,
    ) -> Result<(), Error> {
        self.update_saml_provider_with(name, version, provider, Vec::new(), anyway).await
    }

    /// The same together with property mappings that are new, all or nothing; the provider may name them.
    pub async fn update_saml_provider_with(
        &self,
        name: &str,
        version: u64,
        mut provider: SamlProvider,
        mappings: Vec<PropertyMapping>,
        anyway: bool,
    ) -> Result<(), Error> {
        if provider.name != name {
            return Err(Error::invalid("name", "applications know it by its name, so the name stays"));
        }
        let (services, snapshot) = (&self.caller().services, self.caller().services.snapshot());
        let found = self.saml_provider(name).await?;
        // What was made from an older version is a conflict, whatever has become of the keys since.
        let (mut strands, mut drops) = (None, None);
        if found.version == version {
            strands = services.moves_key(&snapshot, &found.provider, &mut provider).await?;
            drops = services.drops_way_back(&snapshot, &found.provider, &provider).await?;
        }
        self.check_provider(&provider, &mappings)?;
        for (field, why) in [("signing_key", strands), ("retiring_keys", drops)] {
            if let Some(why) = why.filter(|_| !anyway) {
                return Err(Error::invalid(field, why));
            }
        }
        let (mut writes, mut events) = self.coming_with(mappings)?;
        events.push(self.changed(EventKind::Updated, Kind::SamlProvider, name, Some(&found.provider), Some(&provider)));
        let forgotten =
            key_life::forget(&snapshot, &provider).into_iter().chain(key_seen::forget(&snapshot, &provider));
        writes.push(Write::Put { document: Document::SamlProvider(provider), expect: Expect::Version(version) });
        writes.extend(forgotten);
        let mut change = ChangeSet { writes, events, ..ChangeSet::default() };
        let caller = self.caller();
        let retired = services.retired_by(&change, caller.username(), &caller.origin.address);
        change.events.extend(retired);
        services.commit(change).await?;
        services.limit_responses(&snapshot).await
    }

    /// What makes the property mappings that come with a provider, and tells of it. Refused where one is there already.
    fn coming_with(&self, mappings: Vec<PropertyMapping>) -> Result<(Vec<Write>, Vec<Event>), Error> {
        let snapshot = self.caller().services.snapshot();
        let (mut writes, mut events) = (Vec::new(), Vec::new());
        for mapping in mappings {
            property_mappings::check(&mapping)?;
            if snapshot.configuration.property_mappings.contains_key(&mapping.name) {
                let why = format!("there is a property mapping `{}` already: read the metadata again", mapping.name);
                return Err(Error::invalid("property_mappings", why));
            }
            let (kind, made) = (Kind::PropertyMapping, &mapping);
            events.push(self.changed(EventKind::Created, kind, &mapping.name, None, Some(made)));
            writes.push(Write::Put { document: Document::PropertyMapping(mapping), expect: Expect::Absent });
        }
        Ok((writes, events))
    }

    /// Refused while an application uses it.
    pub async fn delete_saml_provider(&self, name: &str, version: u64) -> Result<(), Error> {
        let ProviderDetail { provider, used_by, .. } = self.saml_provider(name).await?;
        if !used_by.is_empty() {
            let why = format!("these applications use it: {}; give them another one first", used_by.join(", "));
            return Err(Error::Conflict(why));
        }
        let event = self.changed(EventKind::Deleted, Kind::SamlProvider, name, Some(&provider), None);
        let expect = Expect::Version(version);
        let mut writes = vec![Write::Delete { kind: Kind::SamlProvider, key: name.to_owned(), expect }];
        let snapshot = self.caller().services.snapshot();
        let settings = key_seen::settings(name).into_iter();
        for key in settings.filter(|key| snapshot.configuration.settings.contains_key(key)) {
            // Another provider of this name has other keys to be said of.
            writes.push(Write::Delete { kind: Kind::Setting, key, expect: Expect::Anything });
        }
        let change = ChangeSet { writes, events: vec![event], ..ChangeSet::default() };
        self.caller().services.commit(change).await?;
        self.caller().services.limit_responses(&snapshot).await
    }

    /// `mappings`: those that come with it.
    fn check_provider(&self, provider: &SamlProvider, mappings: &[PropertyMapping]) -> Result<(), Error> {
        let snapshot = self.caller().services.snapshot();
        let mut names = names(&snapshot.configuration);
        names.mappings.extend(mappings.iter().map(|m| (m.name.clone(), (m.kind, m.saml_name.is_some()))));
        let mut faults: Vec<FieldError> = validate::saml_provider(provider, &names);
        names.speaks(provider);
        let applications = snapshot.configuration.applications.values().map(|a| &a.value);
        for application in applications.filter(|a| a.saml_provider.as_ref() == Some(&provider.name)) {
            let rows = validate::role_table(application, &names).into_iter();
            faults.extend(rows.map(|row| FieldError::new("audience", moved(application, &row.message))));
        }
        let (default, now) = (snapshot.default_key(), self.caller().services.clock().now());
        faults.extend(key_life::faults(provider, default, certificate_of(&snapshot), now));
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}
