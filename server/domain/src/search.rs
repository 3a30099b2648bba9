use model::ListQuery;

use crate::{Auditor, Error, port::Kind};

/// A thing that a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub kind: Kind,
    /// Its natural key.
    pub key: String,
    /// As people call it; may be the key once more.
    pub name: String,
}

impl Auditor<'_> {
    /// Things whose key or name holds the text: those that begin with it first, then in order of the name; at most `limit`.
    /// Nothing is found for an empty text.
    pub async fn search(&self, text: &str, limit: usize) -> Result<Vec<Found>, Error> {
        let wanted = text.trim().to_lowercase();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let services = &self.0.services;
        let snapshot = services.snapshot();
        let configuration = &snapshot.configuration;
        let mut all: Vec<Found> = Vec::new();
        let mut add = |kind: Kind, key: &str, name: &str| {
            if key.to_lowercase().contains(&wanted) || name.to_lowercase().contains(&wanted) {
                all.push(Found { kind, key: key.to_owned(), name: name.to_owned() });
            }
        };
        for (slug, application) in &configuration.applications {
            add(Kind::Application, slug, &application.value.name);
        }
        let named = [
            (Kind::Group, configuration.groups.keys().collect::<Vec<_>>()),
            (Kind::SamlProvider, configuration.saml_providers.keys().collect()),
            (Kind::ScimProvider, configuration.scim_providers.keys().collect()),
            (Kind::PropertyMapping, configuration.property_mappings.keys().collect()),
            (Kind::Policy, configuration.policies.keys().collect()),
            (Kind::Key, configuration.keys.keys().collect()),
            (Kind::Webhook, configuration.webhooks.keys().collect()),
        ];
        for (kind, names) in named {
            for name in names {
                add(kind, name, name);
            }
        }
        let query = ListQuery { q: wanted.clone(), ..ListQuery::default() };
        let people = services.store().users(&query).await?.rows;
        all.extend(people.into_iter().map(|u| Found { kind: Kind::User, key: u.username, name: u.name }));
        let later = |text: &str| !text.to_lowercase().starts_with(&wanted);
        all.sort_by_cached_key(|f| (later(&f.key) && later(&f.name), f.name.to_lowercase(), f.kind));
        all.truncate(limit);
        Ok(all)
    }
}
