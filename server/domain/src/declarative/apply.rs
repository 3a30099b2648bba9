use std::collections::BTreeSet;

use model::{EventKind, SamlProvider};
use serde_json::json;

use super::{
    file::{File, FileError, SecretResolver},
    metadata::{Kept, Note, Reading},
    plan::Plan,
    planning::Naming,
    source::Source,
};
use crate::{
    Error, Services,
    events::Entry,
    key_fit, key_life,
    port::{ChangeSet, Document, Kind, Write},
    users,
};

/// How often a file is planned anew because something else was changed meanwhile.
const ATTEMPTS: u32 = 5;

/// How a file is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Apply {
    /// Nothing is changed.
    pub dry_run: bool,
    /// What the file does not name is removed.
    pub prune: bool,
    /// A SAML provider that is there stays as it is where its metadata cannot be read from the address that the file
    /// names: a server must start while another service is down.
    pub keep_unread: bool,
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
        self.apply_as(name, text, resolver, actor, Apply { dry_run, ..Apply::default() }).await
    }

    /// The same, and where it is asked for, everything goes that the file does not name. Where something was changed
    /// meanwhile, as by another server that starts with the same file, it is planned anew.
    pub async fn apply_as(
        &self,
        name: &str,
        text: &str,
        resolver: SecretResolver<'_>,
        actor: &str,
        how: Apply,
    ) -> Result<Plan, ApplyError> {
        let file = File::parse(name, text)?;
        let mut attempts = ATTEMPTS;
        loop {
            self.refresh().await?;
            let planned_at = self.snapshot().configuration.epoch;
            attempts -= 1;
            match self.attempt(&file, (name, text), resolver, actor, how).await {
                Err(ApplyError::Domain(Error::Conflict(_)))
                    if attempts > 0 && self.store().epoch().await.map_err(Error::from)? != planned_at => {}
                done => return done,
            }
        }
    }

    async fn attempt(
        &self,
        file: &File,
        (name, text): (&str, &str),
        resolver: SecretResolver<'_>,
        actor: &str,
        how: Apply,
    ) -> Result<Plan, ApplyError> {
        let Apply { dry_run, prune, .. } = how;
        let mut source = Source::new(name, text);
        let (mut kept, mut notes) = (Vec::new(), Vec::new());
        let reading = Reading { resolver, actor, keep_unread: how.keep_unread };
        let providers = self.declared_providers(file, &reading, &mut source, &mut kept, &mut notes).await?;
        let renames = self.declared_renames(file).await?;
        self.check(file, &providers, &renames, prune, &mut source).await?;
        let mut plan = Plan { warnings: kept.iter().map(Kept::warning).collect(), ..Plan::default() };
        let mut change = ChangeSet::default();
        for key in &file.keys {
            self.plan_key(key, resolver, &mut source, &mut plan, &mut change).await?;
        }
        self.check_key_limits(file, &providers, prune, &change, &mut source);
        for declared in &file.scim_providers {
            self.plan_scim_provider(declared, resolver, &mut source, &mut plan, &mut change).await?;
        }
        for declared in &file.webhooks {
            self.plan_webhook(declared, resolver, &mut source, &mut plan, &mut change)?;
        }
        self.plan_configuration(file, &providers, &renames, &mut plan, &mut change);
        // A file that was applied before has told of it then.
        let touched = |name: &str| plan.steps.iter().any(|step| step.kind == Kind::SamlProvider && step.key == name);
        let told: Vec<String> = notes.iter().filter(|note| touched(&note.provider)).map(Note::warning).collect();
        plan.warnings.extend(told);
        let naming = Naming::new(file, &renames, dry_run);
        for user in &file.users {
            self.plan_user(user, &naming, resolver, &mut source, &mut plan, &mut change).await?;
        }
        if prune {
            self.plan_removals(file, &renames, &mut plan, &mut change).await?;
        }
        self.plan_name_id_secret(file, resolver, &mut source, &mut plan, &mut change)?;
        self.plan_default_key(file, &providers, prune, &mut plan, &mut change);
        self.plan_renames(&renames, &mut plan, &mut change).await?;
        change.takes_administrator = self.takes_administrator(&change).await?;
        if !source.faults.is_empty() {
            return Err(FileError(source.faults).into());
        }
        plan.warnings.extend(self.moved_by(&change).await?);
        if dry_run {
            return Ok(plan);
        }
        let stays = kept.iter().map(|kept| self.event(kept.event(name, actor))).collect();
        if change.writes.is_empty() {
            self.store().append_events(stays).await.map_err(Error::from)?;
        } else {
            change.events.extend(stays);
            change.events.extend(self.told_of(name, actor, &renames, &change).await?);
            let steps: Vec<String> = plan.to_string().lines().map(str::to_owned).collect();
            change.events.push(self.event(Entry {
                kind: EventKind::Applied,
                actor,
                target: format!("file {name}"),
                address: "",
                message: format!("{name} was applied: {}", steps.last().cloned().unwrap_or_default()),
                detail: json!({ "steps": steps }),
            }));
            change.events.extend(self.retired_by(&change, actor, ""));
            let before = self.snapshot();
            self.commit(change).await?;
            self.limit_responses(&before).await?;
        }
        Ok(plan)
    }

    /// AWS's limits on what the metadata shows, and whether the keys fit, with the keys as they will be.
    fn check_key_limits(
        &self,
        file: &File,
        providers: &[SamlProvider],
        prune: bool,
        change: &ChangeSet,
        source: &mut Source<'_>,
    ) {
        let snapshot = self.snapshot();
        let default = file.default_key().or(snapshot.default_key());
        let is_another = default != snapshot.default_key();
        let key = |name: &str| {
            let made = change.writes.iter().filter_map(key_of).find(|key| key.name == name);
            made.or_else(|| snapshot.configuration.keys.get(name).map(|k| &k.value.key))
        };
        let certificate = |name: &str| key(name).map(|key| key.certificate.clone());
        // A key that is there stays as it is where the file would have it generated, and it may be a certificate alone.
        for declared in file.keys.iter().filter(|declared| declared.default && !declared.certificate_only) {
            let name = &declared.name;
            if key(name).is_some_and(|key| key.certificate_only) {
                source.fault("keys", name, name, "default: it is a certificate alone, and signs nothing");
            }
        }
        for provider in providers {
            let faults = key_life::faults(provider, default, certificate, self.clock().now());
            source.faults("saml_providers", &provider.name, faults);
        }
        // Those that the file says nothing of sign with its keys all the same.
        let silent = snapshot.configuration.saml_providers.values().map(|p| &p.value);
        let silent = silent.filter(|p| !prune && providers.iter().all(|declared| declared.name != p.name));
        let written = |name: &str| change.writes.iter().any(|write| key_of(write).is_some_and(|key| key.name == name));
        for provider in silent {
            let shown = key_life::shown(provider, default).into_iter().map(|(name, _)| name);
            let shown: Vec<String> = shown.chain(provider.decryption_key.clone()).collect();
            let signs_anew = |name: &str| is_another && provider.signing_key.is_none() && default == Some(name);
            if provider.decryption_key.as_deref().is_some_and(signs_anew) {
                let name = default.unwrap_or_default();
                let why = format!(
                    "default: the SAML provider `{}` decrypts with it, and one that decrypts does not sign",
                    provider.name
                );
                source.fault("keys", name, name, &why);
            }
            for name in shown.iter().filter(|name| written(name) || signs_anew(name)) {
                if change.writes.iter().filter_map(key_of).any(|key| key.name == *name && key.certificate_only) {
                    let why = format!(
                        "the SAML provider `{}` signs or decrypts with it, which a certificate alone does not",
                        provider.name
                    );
                    source.fault("keys", name, name, &why);
                }
            }
            let encrypts = provider.encryption.as_ref().and_then(|encryption| encryption.key.clone());
            let named: BTreeSet<String> = shown.iter().cloned().chain(encrypts).collect();
            let shows = |name: &String| shown.contains(name);
            for name in named.iter().filter(|name| written(name) || signs_anew(name)) {
                let only = |key: &str| (key == name).then(|| certificate(key)).flatten();
                // Only what the metadata shows is held against AWS's limits.
                let faults = if shows(name) {
                    key_life::faults(provider, default, only, self.clock().now())
                } else {
                    key_fit::faults(provider, default, only)
                };
                for fault in faults {
                    let why =
                        format!("the SAML provider `{}` shows it or encrypts to it: {}", provider.name, fault.message);
                    source.fault("keys", name, name, &why);
                }
            }
        }
    }

    /// Whether a change takes administrators away; refused where it takes the last, counted over all of it: each of two
    /// that are demoted together would still see the other. Of two changes at once the store refuses the second.
    async fn takes_administrator(&self, change: &ChangeSet) -> Result<bool, Error> {
        let (mut lost, mut gained) = (Vec::new(), 0u64);
        for write in &change.writes {
            if let Write::Delete { kind: Kind::User, key, .. } = write
                && self.store().user(key).await?.is_some_and(|before| users::administers(&before.value))
            {
                lost.push(key.clone());
            }
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
        Ok(!lost.is_empty())
    }
}

/// The key that a write puts.
fn key_of(write: &Write) -> Option<&model::Key> {
    match write {
        Write::Put { document: Document::Key(record), .. } => Some(&record.key),
        _ => None,
    }
}

/// Why nothing was applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Domain(#[from] Error),
}
