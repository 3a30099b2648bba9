use std::collections::{BTreeMap, BTreeSet};

use model::{BindingSubject, FieldError, Group, SamlProvider};

use super::{
    default_key::check_default_key,
    file::{DeclaredUser, File},
    renames::check_renames,
    source::Source,
};
use crate::{
    Error, Services,
    applications::names,
    groups::cycle,
    managed,
    port::Kind,
    renaming::Renames,
    saml_providers::moved,
    validate::{self, Names},
};

impl Services {
    /// Everything that is wrong in a file and can be said without carrying it out.
    pub(super) async fn check(
        &self,
        file: &File,
        providers: &[SamlProvider],
        renames: &Renames,
        prune: bool,
        source: &mut Source<'_>,
    ) -> Result<(), Error> {
        let mut names = self.names_with(file, renames, prune).await?;
        for provider in providers {
            names.speaks(provider);
        }
        for mapping in &file.property_mappings {
            if mapping.managed || managed::mappings().iter().any(|m| m.name == mapping.name) {
                source.fault(
                    "property_mappings",
                    &mapping.name,
                    &mapping.name,
                    "this mapping is managed: copy it under another name",
                );
            }
            source.faults("property_mappings", &mapping.name, validate::property_mapping(mapping));
        }
        for key in &file.keys {
            source.faults("keys", &key.name, validate::object_name(&key.name));
        }
        for policy in &file.policies {
            source.faults("policies", &policy.name, validate::policy(policy));
        }
        for provider in providers {
            source.faults("saml_providers", &provider.name, validate::saml_provider(provider, &names));
        }
        for provider in &file.scim_providers {
            source.faults(
                "scim_providers",
                &provider.name,
                validate::scim_provider(&provider.clone().provider(), &names),
            );
        }
        for webhook in &file.webhooks {
            source.faults("webhooks", &webhook.name, validate::webhook(&webhook.clone().webhook()));
        }
        for application in &file.applications {
            source.faults("applications", application.slug.as_str(), validate::application(application, &names));
        }
        self.check_partitions(file, &names, prune, source);
        for group in &file.groups {
            source.faults("groups", &group.name, validate::object_name(&group.name));
            for parent in group.parents.iter().filter(|p| !names.groups.contains(*p)) {
                source.fault("groups", &group.name, parent, &format!("parents: there is no group `{parent}`"));
            }
        }
        for user in &file.users {
            let DeclaredUser { username, name, given_name, family_name, email, .. } = user;
            let names_of =
                [("name", name.as_str()), ("given_name", given_name.as_str()), ("family_name", family_name.as_str())];
            for fault in validate::user(username, &names_of, email) {
                source.fault("users", username, &fault.field, &format!("{}: {}", fault.field, fault.message));
            }
            for group in user.groups.iter().filter(|g| !names.groups.contains(*g)) {
                source.fault("users", &user.username, group, &format!("groups: there is no group `{group}`"));
            }
            if user.administrator && user.auditor {
                source.fault(
                    "users",
                    &user.username,
                    &user.username,
                    "a user is an administrator or an auditor, not both",
                );
            }
        }
        self.check_cycles(file, renames, prune, source);
        check_default_key(file, source);
        duplicates(file, source);
        check_renames(file, source);
        Ok(())
    }

    /// A SAML provider of the file may move to another AWS partition than the roles of an application that is not in it.
    fn check_partitions(&self, file: &File, names: &Names, prune: bool, source: &mut Source<'_>) {
        let snapshot = self.snapshot();
        let kept = snapshot.configuration.applications.values().map(|a| &a.value).filter(|_| !prune);
        for application in kept.filter(|kept| file.applications.iter().all(|a| a.slug != kept.slug)) {
            let Some(provider) = application.saml_provider.as_deref() else { continue };
            if file.saml_providers.iter().any(|p| p.name == provider) {
                let faults = validate::role_table(application, names).into_iter();
                let faults = faults.map(|f| FieldError::new("audience", moved(application, &f.message)));
                source.faults("saml_providers", provider, faults.collect());
            }
        }
    }

    /// The names that exist once the file is applied.
    async fn names_with(&self, file: &File, renames: &Renames, prune: bool) -> Result<Names, Error> {
        let snapshot = self.snapshot();
        let mut names = if prune {
            let stays = snapshot.default_key().filter(|_| file.default_key().is_none());
            Names { keys: stays.map(str::to_owned).into_iter().collect(), ..Names::default() }
        } else {
            names(&snapshot.configuration)
        };
        names.default_key = file.default_key().or(snapshot.default_key()).map(str::to_owned);
        // A name that is left behind is nobody's, unless the file gives it to somebody else.
        names.groups.retain(|name| !renames.groups.contains_key(name));
        names.groups.extend(file.groups.iter().map(|g| g.name.clone()));
        names.scim_providers.extend(file.scim_providers.iter().map(|p| p.name.clone()));
        names.saml_providers.extend(file.saml_providers.iter().map(|p| p.name.clone()));
        names.policies.extend(file.policies.iter().map(|p| p.name.clone()));
        for key in &file.keys {
            names.certificates.insert(key.name.clone());
            // What is there stays as it is where the file would have it generated.
            let kept = snapshot.configuration.keys.get(&key.name).filter(|_| key.generate.is_some());
            if key.certificate_only || kept.is_some_and(|kept| kept.value.key.certificate_only) {
                names.keys.remove(&key.name);
            } else {
                names.keys.insert(key.name.clone());
            }
        }
        names.mappings.extend(managed::mappings().into_iter().map(|m| (m.name, (m.kind, m.saml_name.is_some()))));
        names.mappings.extend(file.property_mappings.iter().map(|m| (m.name.clone(), (m.kind, m.saml_name.is_some()))));
        names.users.extend(file.users.iter().map(|u| u.username.to_lowercase()));
        for binding in file.applications.iter().flat_map(|a| &a.bindings) {
            if let BindingSubject::User(user) = &binding.subject
                && !prune
                && !names.users.contains(&user.to_lowercase())
                && !renames.users.contains_key(&user.to_lowercase())
                && self.store().user(user).await?.is_some()
            {
                names.users.insert(user.to_lowercase());
            }
        }
        Ok(names)
    }

    fn check_cycles(&self, file: &File, renames: &Renames, prune: bool, source: &mut Source<'_>) {
        let snapshot = self.snapshot();
        let mut parents: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let others = snapshot.configuration.groups.values().filter(|_| !prune).map(|group| group.value.clone());
        let mut others: Vec<Group> = others.filter(|group| !renames.groups.contains_key(&group.name)).collect();
        for group in &mut others {
            renames.group(group);
        }
        for group in &others {
            parents.insert(&group.name, group.parents.iter().map(String::as_str).collect());
        }
        for group in &file.groups {
            parents.insert(&group.name, group.parents.iter().map(String::as_str).collect());
        }
        if let Some(path) = cycle(&parents) {
            let first = path.first().copied().unwrap_or_default();
            source.fault(
                "groups",
                first,
                first,
                &format!("parents: the groups go round in a ring: {}", path.join(" → ")),
            );
        }
    }
}

/// The same natural key twice in one file would make the outcome depend on the order.
fn duplicates(file: &File, source: &mut Source<'_>) {
    let mut check = |section: &str, kind: Kind, keys: Vec<String>| {
        let mut seen = BTreeSet::new();
        for key in keys {
            if !seen.insert(key.clone()) {
                source.fault(section, &key, &key, &format!("the {} is declared twice", kind.word()));
            }
        }
    };
    check("keys", Kind::Key, file.keys.iter().map(|k| k.name.clone()).collect());
    check("groups", Kind::Group, file.groups.iter().map(|g| g.name.clone()).collect());
    check("users", Kind::User, file.users.iter().map(|u| u.username.to_lowercase()).collect());
    check("property_mappings", Kind::PropertyMapping, file.property_mappings.iter().map(|m| m.name.clone()).collect());
    check("saml_providers", Kind::SamlProvider, file.saml_providers.iter().map(|p| p.name.clone()).collect());
    check("scim_providers", Kind::ScimProvider, file.scim_providers.iter().map(|p| p.name.clone()).collect());
    check("webhooks", Kind::Webhook, file.webhooks.iter().map(|w| w.name.clone()).collect());
    check("policies", Kind::Policy, file.policies.iter().map(|p| p.name.clone()).collect());
    check("applications", Kind::Application, file.applications.iter().map(|a| a.slug.to_string()).collect());
}
