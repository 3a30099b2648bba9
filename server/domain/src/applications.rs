use model::{
    Application, ApplicationChoices, ApplicationDetail, ApplicationLinks, ApplicationRow, BindingSubject, EventKind,
    FieldError, ListQuery, Page,
};

use crate::{
    Admin, Auditor, Error,
    port::{Configuration, Document, Expect, Kind, Write},
    render,
    snapshot::DEFAULT_KEY,
    validate::{self, Names},
};

impl Auditor<'_> {
    /// Search in slug and name; sort by `name` (default) or `slug`.
    pub async fn applications(&self, query: &ListQuery) -> Result<Page<ApplicationRow>, Error> {
        let snapshot = self.0.services.snapshot();
        let wanted = query.q.trim().to_lowercase();
        let mut rows: Vec<ApplicationRow> = snapshot
            .configuration
            .applications
            .values()
            .map(|a| &a.value)
            .filter(|a| {
                wanted.is_empty() || a.slug.as_str().contains(&wanted) || a.name.to_lowercase().contains(&wanted)
            })
            .map(|a| ApplicationRow {
                slug: a.slug.to_string(),
                name: a.name.clone(),
                saml_provider: a.saml_provider.clone(),
                bindings: a.bindings.len().try_into().unwrap_or(u32::MAX),
                roles: a.aws_roles.len().try_into().unwrap_or(u32::MAX),
            })
            .collect();
        match query.sort.trim_start_matches('-') {
            "slug" => rows.sort_by(|a, b| a.slug.cmp(&b.slug)),
            _ => rows.sort_by_cached_key(|r| r.name.to_lowercase()),
        }
        if query.sort.starts_with('-') {
            rows.reverse();
        }
        Ok(page(rows, query))
    }

    pub async fn application(&self, slug: &str) -> Result<ApplicationDetail, Error> {
        let snapshot = self.0.services.snapshot();
        let found =
            snapshot.configuration.applications.get(slug).ok_or_else(|| Error::missing(Kind::Application, slug))?;
        let application = found.value.clone();
        let base = self.0.services.public_url();
        let links = snapshot.provider_of(&application).ok().map(|provider| {
            let path = format!("{base}/application/saml/{slug}");
            ApplicationLinks {
                issuer: render::issuer(provider, &application, base),
                metadata_url: format!("{path}/metadata/"),
                init_url: format!("{path}/sso/binding/init/"),
                redirect_url: format!("{path}/sso/binding/redirect/"),
                post_url: format!("{path}/sso/binding/post/"),
                acs_url: provider.acs_url.clone(),
                audience: provider.audience.clone(),
            }
        });
        let mut used_by = Vec::new();
        if let Some(links) = &links {
            used_by.push(format!(
                "{} trusts {} as its identity provider; its sign-ins stop",
                links.audience, links.issuer
            ));
        }
        if !application.aws_roles.is_empty() {
            used_by.push(format!("{} AWS roles are handed out by its role table", application.aws_roles.len()));
        }
        Ok(ApplicationDetail { version: found.version, application, links, used_by })
    }

    /// What a form of an application may choose from.
    pub async fn application_choices(&self) -> Result<ApplicationChoices, Error> {
        let snapshot = self.0.services.snapshot();
        let configuration = &snapshot.configuration;
        Ok(ApplicationChoices {
            saml_providers: configuration.saml_providers.keys().cloned().collect(),
            scim_providers: configuration.scim_providers.keys().cloned().collect(),
            groups: configuration.groups.keys().cloned().collect(),
            policies: configuration.policies.keys().cloned().collect(),
        })
    }
}

impl Admin<'_> {
    pub async fn create_application(&self, application: Application) -> Result<(), Error> {
        self.check(&application).await?;
        let slug = application.slug.to_string();
        let event = self.changed(EventKind::Created, Kind::Application, &slug, None, Some(&application));
        self.write(Write::Put { document: Document::Application(application), expect: Expect::Absent }, event).await
    }

    /// `version` is the one the change was made from; a newer one in the store is a conflict.
    pub async fn update_application(&self, slug: &str, version: u64, application: Application) -> Result<(), Error> {
        if application.slug.as_str() != slug {
            let why = "the slug is part of the addresses that service providers keep, so it stays; make a new application instead";
            return Err(Error::invalid("slug", why));
        }
        self.check(&application).await?;
        let before = self.application(slug).await?.application;
        let event = self.changed(EventKind::Updated, Kind::Application, slug, Some(&before), Some(&application));
        self.write(Write::Put { document: Document::Application(application), expect: Expect::Version(version) }, event)
            .await
    }

    pub async fn delete_application(&self, slug: &str, version: u64) -> Result<(), Error> {
        let before = self.application(slug).await?.application;
        let event = self.changed(EventKind::Deleted, Kind::Application, slug, Some(&before), None);
        let write = Write::Delete { kind: Kind::Application, key: slug.to_owned(), expect: Expect::Version(version) };
        self.write(write, event).await
    }

    async fn check(&self, application: &Application) -> Result<(), Error> {
        let services = &self.caller().services;
        let mut names = names(&services.snapshot().configuration);
        for binding in &application.bindings {
            if let BindingSubject::User(user) = &binding.subject
                && services.store().user(user).await?.is_some()
            {
                names.users.insert(user.to_lowercase());
            }
        }
        let faults: Vec<FieldError> = validate::application(application, &names);
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}

/// The names that can be referred to now. Users are not among them: there may be many.
pub(crate) fn names(configuration: &Configuration) -> Names {
    let mappings = configuration.property_mappings.values().map(|m| &m.value);
    Names {
        groups: configuration.groups.keys().cloned().collect(),
        saml_providers: configuration.saml_providers.keys().cloned().collect(),
        scim_providers: configuration.scim_providers.keys().cloned().collect(),
        policies: configuration.policies.keys().cloned().collect(),
        keys: configuration
            .keys
            .values()
            .map(|k| &k.value.key)
            .filter(|k| !k.certificate_only)
            .map(|k| k.name.clone())
            .collect(),
        elliptic: configuration
            .keys
            .values()
            .filter(|k| k.value.key.bits < 1024)
            .map(|k| k.value.key.name.clone())
            .collect(),
        certificates: configuration.keys.keys().cloned().collect(),
        default_key: configuration.settings.get(DEFAULT_KEY).and_then(|s| s.value.value.as_str()).map(str::to_owned),
        partitions: configuration
            .saml_providers
            .values()
            .filter_map(|p| Some((p.value.name.clone(), p.value.partition()?)))
            .collect(),
        mappings: mappings.map(|m| (m.name.clone(), (m.kind, m.saml_name.is_some()))).collect(),
        users: Default::default(),
    }
}

/// One page of rows that are all at hand.
pub(crate) fn page<T>(rows: Vec<T>, query: &ListQuery) -> Page<T> {
    let total = rows.len() as u64;
    let offset = usize::try_from(query.offset()).unwrap_or(usize::MAX);
    let rows = rows.into_iter().skip(offset).take(ListQuery::PAGE_SIZE as usize).collect();
    Page { rows, total, page: query.page_number(), page_size: ListQuery::PAGE_SIZE }
}
