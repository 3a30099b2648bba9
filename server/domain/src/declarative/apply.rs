use std::collections::{BTreeMap, BTreeSet};

use model::{BindingSubject, EventKind, FieldError, MappingKind, Role, User};
use serde_json::json;

use super::{
    file::{DeclaredKey, DeclaredUser, File, FileError, SecretResolver},
    plan::{Plan, PlanStep, StepKind},
};
use crate::{
    Error, Services,
    applications::names,
    events::Entry,
    groups::cycle,
    identifiers, key_making, managed,
    port::{ChangeSet, Document, Expect, KeyRecord, Kind, UserRecord, Write},
    users,
    validate::{self, Names},
};

/// A file with its name and text, for errors that name the line.
struct Source<'a> {
    name: &'a str,
    text: &'a str,
    faults: Vec<String>,
}

impl Source<'_> {
    fn fault(&mut self, section: &str, object: &str, needle: &str, message: &str) {
        let line = File::line_of(self.text, section, needle).or_else(|| File::line_of(self.text, section, object));
        let place = line.map(|l| format!(":{l}")).unwrap_or_default();
        self.faults.push(format!("{}{place}: {section}, `{object}`: {message}", self.name));
    }

    fn faults(&mut self, section: &str, object: &str, faults: Vec<FieldError>) {
        for fault in faults {
            // The message quotes the offending name, if there is one, between backticks.
            let needle = fault.message.split('`').nth(1).unwrap_or(object).to_owned();
            self.fault(section, object, &needle, &format!("{}: {}", fault.field, fault.message));
        }
    }
}

impl Services {
    /// What a file would change, and, unless it is a dry run, the change itself: all of it or nothing.
    pub async fn apply(
        &self,
        name: &str,
        text: &str,
        resolver: SecretResolver<'_>,
        actor: &str,
        dry_run: bool,
    ) -> Result<Plan, ApplyError> {
        let file = File::parse(name, text)?;
        self.refresh().await?;
        let mut source = Source { name, text, faults: Vec::new() };
        self.check(&file, &mut source).await?;
        let mut plan = Plan::default();
        let mut change = ChangeSet::default();
        for key in &file.keys {
            self.plan_key(key, resolver, &mut source, &mut plan, &mut change).await?;
        }
        self.plan_configuration(&file, &mut plan, &mut change);
        for user in &file.users {
            self.plan_user(user, resolver, dry_run, &mut source, &mut plan, &mut change).await?;
        }
        self.keeps_an_administrator(&change).await?;
        if !source.faults.is_empty() {
            return Err(FileError(source.faults).into());
        }
        if !dry_run && !change.writes.is_empty() {
            let steps: Vec<String> = plan.to_string().lines().map(str::to_owned).collect();
            change.events.push(self.event(Entry {
                kind: EventKind::Applied,
                actor,
                target: format!("file {name}"),
                address: "",
                message: format!("{name} was applied: {}", steps.last().cloned().unwrap_or_default()),
                detail: json!({ "steps": steps }),
            }));
            self.commit(change).await?;
        }
        Ok(plan)
    }

    /// Refuses a change that takes the last administrator away, counted over all of it: each of two that are demoted
    /// together would still see the other.
    async fn keeps_an_administrator(&self, change: &ChangeSet) -> Result<(), Error> {
        let (mut lost, mut gained) = (Vec::new(), 0u64);
        for write in &change.writes {
            if let Write::Put { document: Document::User(after), .. } = write {
                let before = self.store().user(&after.user.username).await?;
                match (before.is_some_and(|b| users::administers(&b.value)), users::administers(after)) {
                    (true, false) => lost.push(after.user.username.clone()),
                    (false, true) => gained += 1,
                    _ => {}
                }
            }
        }
        let remain = self.store().count_administrators().await? + gained;
        if !lost.is_empty() && remain <= lost.len() as u64 {
            let why = format!("this would take the last active administrator away: {}", lost.join(", "));
            return Err(Error::Conflict(why));
        }
        Ok(())
    }

    async fn check(&self, file: &File, source: &mut Source<'_>) -> Result<(), Error> {
        let names = self.names_with(file).await?;
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
        for policy in &file.policies {
            source.faults("policies", &policy.name, validate::policy(policy));
        }
        for provider in &file.saml_providers {
            source.faults("saml_providers", &provider.name, validate::saml_provider(provider, &names));
        }
        for application in &file.applications {
            source.faults("applications", application.slug.as_str(), validate::application(application, &names));
        }
        for group in &file.groups {
            source.faults("groups", &group.name, validate::object_name(&group.name));
            for parent in group.parents.iter().filter(|p| !names.groups.contains(*p)) {
                source.fault("groups", &group.name, parent, &format!("parents: there is no group `{parent}`"));
            }
        }
        for user in &file.users {
            if let Some(fault) = User::username_fault(&user.username) {
                source.fault("users", &user.username, &user.username, &format!("username: {fault}"));
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
        self.check_cycles(file, source);
        duplicates(file, source);
        Ok(())
    }

    /// The names that exist once the file is applied.
    async fn names_with(&self, file: &File) -> Result<Names, Error> {
        let mut names = names(&self.snapshot().configuration);
        names.groups.extend(file.groups.iter().map(|g| g.name.clone()));
        names.saml_providers.extend(file.saml_providers.iter().map(|p| p.name.clone()));
        names.policies.extend(file.policies.iter().map(|p| p.name.clone()));
        names.keys.extend(file.keys.iter().map(|k| k.name.clone()));
        names.mappings.extend(managed::mappings().into_iter().map(|m| (m.name, (MappingKind::Saml, true))));
        names.mappings.extend(file.property_mappings.iter().map(|m| (m.name.clone(), (m.kind, m.saml_name.is_some()))));
        names.users.extend(file.users.iter().map(|u| u.username.to_lowercase()));
        for binding in file.applications.iter().flat_map(|a| &a.bindings) {
            if let BindingSubject::User(user) = &binding.subject
                && !names.users.contains(&user.to_lowercase())
                && self.store().user(user).await?.is_some()
            {
                names.users.insert(user.to_lowercase());
            }
        }
        Ok(names)
    }

    fn check_cycles(&self, file: &File, source: &mut Source<'_>) {
        let snapshot = self.snapshot();
        let mut parents: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, group) in &snapshot.configuration.groups {
            parents.insert(name, group.value.parents.iter().map(String::as_str).collect());
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

    async fn plan_key(
        &self,
        declared: &DeclaredKey,
        resolver: SecretResolver<'_>,
        source: &mut Source<'_>,
        plan: &mut Plan,
        change: &mut ChangeSet,
    ) -> Result<(), Error> {
        let snapshot = self.snapshot();
        let known = snapshot.configuration.keys.get(&declared.name);
        let name = &declared.name;
        let made: KeyRecord = match (&declared.generate, &declared.certificate, &declared.private_key) {
            (Some(how), None, None) => {
                // A key that is there stays: a file applied twice changes nothing.
                if known.is_some() {
                    plan.unchanged += 1;
                    return Ok(());
                }
                match key_making::generate(self, name, how).await {
                    Ok(made) => made,
                    Err(Error::Invalid(faults)) => {
                        source.faults("keys", name, faults);
                        return Ok(());
                    }
                    Err(error) => return Err(error),
                }
            }
            (None, Some(certificate), Some(private_key)) => {
                let pair = certificate.resolve(resolver).and_then(|c| Ok((c, private_key.resolve(resolver)?)));
                let (certificate, private_key) = match pair {
                    Ok(pair) => pair,
                    Err(why) => {
                        source.fault("keys", name, name, &why);
                        return Ok(());
                    }
                };
                if known.is_some_and(|k| k.value.key.certificate.trim() == certificate.trim()) {
                    plan.unchanged += 1;
                    return Ok(());
                }
                match key_making::import(self, name, &certificate, &private_key) {
                    Ok(made) => made,
                    Err(Error::Invalid(faults)) => {
                        source.faults("keys", name, faults);
                        return Ok(());
                    }
                    Err(error) => return Err(error),
                }
            }
            _ => {
                {
                    source.fault("keys", name, name, "a key has either `generate`, or `certificate` and `private_key`");
                    return Ok(());
                };
            }
        };
        step(plan, change, Document::Key(made), known.map(|k| k.version));
        Ok(())
    }

    fn plan_configuration(&self, file: &File, plan: &mut Plan, change: &mut ChangeSet) {
        let snapshot = self.snapshot();
        let configuration = &snapshot.configuration;
        macro_rules! section {
            ($items:expr, $known:expr, $variant:ident, $key:expr) => {
                for item in $items {
                    let known = $known.get(&$key(item));
                    if known.is_some_and(|k| &k.value == item) {
                        plan.unchanged += 1;
                    } else {
                        step(plan, change, Document::$variant(item.clone()), known.map(|k| k.version));
                    }
                }
            };
        }
        section!(&file.groups, configuration.groups, Group, |g: &model::Group| g.name.clone());
        section!(
            &file.property_mappings,
            configuration.property_mappings,
            PropertyMapping,
            |m: &model::PropertyMapping| m.name.clone()
        );
        section!(&file.policies, configuration.policies, Policy, |p: &model::Policy| p.name.clone());
        section!(&file.saml_providers, configuration.saml_providers, SamlProvider, |p: &model::SamlProvider| p
            .name
            .clone());
        section!(&file.applications, configuration.applications, Application, |a: &model::Application| a
            .slug
            .to_string());
    }

    async fn plan_user(
        &self,
        declared: &DeclaredUser,
        resolver: SecretResolver<'_>,
        dry_run: bool,
        source: &mut Source<'_>,
        plan: &mut Plan,
        change: &mut ChangeSet,
    ) -> Result<(), Error> {
        let known = self.store().user(&declared.username).await?;
        let kept = known.as_ref().map(|k| &k.value);
        let mut password = declared.password_hash.clone().or_else(|| kept.and_then(|k| k.password.clone()));
        if password.is_none()
            && let Some(secret) = &declared.password
        {
            let fault =
                |source: &mut Source<'_>, why: &str| source.fault("users", &declared.username, &declared.username, why);
            let plain = match secret.resolve(resolver) {
                Ok(plain) => plain,
                Err(why) => {
                    fault(source, &format!("password: {why}"));
                    return Ok(());
                }
            };
            if let Err(error) = self.passwords().check(&declared.username, &plain) {
                {
                    fault(source, &error.to_string());
                    return Ok(());
                };
            }
            password = if dry_run { Some(String::new()) } else { Some(users::hash_password(self, plain).await?) };
        }
        let uid = declared.uid.clone().or_else(|| kept.map(|k| k.user.uid.clone()));
        let record = UserRecord {
            user: User {
                username: declared.username.clone(),
                uid: uid.unwrap_or_else(|| identifiers::hex::<16>(self.entropy())),
                name: declared.name.clone(),
                given_name: declared.given_name.clone(),
                family_name: declared.family_name.clone(),
                email: declared.email.clone(),
                active: declared.active,
                role: match (declared.administrator, declared.auditor) {
                    (true, _) => Role::Administrator,
                    (false, true) => Role::Auditor,
                    (false, false) => Role::Member,
                },
                service_account: declared.service_account,
                groups: declared.groups.clone(),
                attributes: declared.attributes.clone(),
            },
            password,
        };
        if kept == Some(&record) {
            plan.unchanged += 1;
            return Ok(());
        }
        if let Some(kept) = kept
            && (!record.user.active || kept.password != record.password)
        {
            change.end_sessions_of.push(kept.user.username.clone());
        }
        step(plan, change, Document::User(record), known.as_ref().map(|k| k.version));
        Ok(())
    }
}

fn step(plan: &mut Plan, change: &mut ChangeSet, document: Document, version: Option<u64>) {
    let step = if version.is_some() { StepKind::Change } else { StepKind::Create };
    plan.steps.push(PlanStep { step, kind: document.kind(), key: document.key() });
    let expect = version.map_or(Expect::Absent, Expect::Version);
    change.writes.push(Write::Put { document, expect });
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
    check("policies", Kind::Policy, file.policies.iter().map(|p| p.name.clone()).collect());
    check("applications", Kind::Application, file.applications.iter().map(|a| a.slug.to_string()).collect());
}

/// Why nothing was applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Domain(#[from] Error),
}
