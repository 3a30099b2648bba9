use std::collections::BTreeSet;

use super::{
    file::File,
    plan::{Plan, PlanStep, StepKind},
    planning::step,
};
use crate::{
    Error, Services, key_seen,
    port::{ChangeSet, Document, Expect, Kind, UserRecord, Write},
    provisioning::control_key,
    renaming::Renames,
    users,
};

/// Users read at a time.
const BATCH: u32 = 1000;

impl Services {
    /// Plans the removal of everything that a file does not name. What comes with Rolecall stays, and so do the default key,
    /// tokens of the API, and, where the file names no administrator, those that there are.
    pub(super) async fn plan_removals(
        &self,
        file: &File,
        renames: &Renames,
        plan: &mut Plan,
        change: &mut ChangeSet,
    ) -> Result<(), Error> {
        let snapshot = self.snapshot();
        let configuration = &snapshot.configuration;
        let mut gone = Vec::new();
        macro_rules! section {
            ($known:expr, $kind:expr, $named:expr) => {
                let named: BTreeSet<String> = $named.collect();
                let gone_here = $known.iter().filter(|(name, _)| !named.contains(*name));
                gone.extend(gone_here.map(|(name, record)| ($kind, name.clone(), record.version)));
            };
        }
        section!(configuration.applications, Kind::Application, file.applications.iter().map(|a| a.slug.to_string()));
        section!(configuration.webhooks, Kind::Webhook, file.webhooks.iter().map(|w| w.name.clone()));
        section!(configuration.scim_providers, Kind::ScimProvider, file.scim_providers.iter().map(|p| p.name.clone()));
        section!(configuration.saml_providers, Kind::SamlProvider, file.saml_providers.iter().map(|p| p.name.clone()));
        section!(configuration.policies, Kind::Policy, file.policies.iter().map(|p| p.name.clone()));
        let managed = configuration.property_mappings.values().map(|m| &m.value).filter(|m| m.managed);
        let named = file.property_mappings.iter().chain(managed).map(|m| m.name.clone());
        section!(configuration.property_mappings, Kind::PropertyMapping, named);
        let default = snapshot.default_key().filter(|_| file.default_key().is_none()).map(str::to_owned);
        let named = file.keys.iter().map(|k| k.name.clone()).chain(default);
        section!(configuration.keys, Kind::Key, named);
        self.plan_users_gone(file, renames, plan, change).await?;
        let named = file.groups.iter().map(|g| g.name.clone()).chain(renames.groups.keys().cloned());
        section!(configuration.groups, Kind::Group, named);
        for (kind, key, version) in gone {
            if kind == Kind::ScimProvider {
                let key = control_key(&key);
                change.writes.push(Write::Delete { kind: Kind::Setting, key, expect: Expect::Anything });
            }
            if kind == Kind::SamlProvider {
                // Another provider of this name has another service.
                let settings = key_seen::settings(&key).into_iter();
                let kept = settings.filter(|key| configuration.settings.contains_key(key));
                let delete = |key| Write::Delete { kind: Kind::Setting, key, expect: Expect::Anything };
                change.writes.extend(kept.map(delete));
            }
            delete(plan, change, kind, key, version);
        }
        Ok(())
    }

    async fn plan_users_gone(
        &self,
        file: &File,
        renames: &Renames,
        plan: &mut Plan,
        change: &mut ChangeSet,
    ) -> Result<(), Error> {
        let named: BTreeSet<String> = file.users.iter().map(|u| u.username.to_lowercase()).collect();
        let groups: BTreeSet<&str> = file.groups.iter().map(|g| g.name.as_str()).collect();
        let keeps_administrators = !file.users.iter().any(|u| u.administrator && u.active);
        let mut after = String::new();
        loop {
            let batch = self.store().users_after(&after, BATCH).await?;
            let Some(last) = batch.last() else { return Ok(()) };
            after = last.value.user.username.to_lowercase();
            for record in batch {
                let key = record.value.user.username.to_lowercase();
                // Who is renamed is named, and the old name goes with that.
                if named.contains(&key) || renames.users.contains_key(&key) {
                    continue;
                }
                if keeps_administrators && users::administers(&record.value) {
                    let mut record = record;
                    let followed = renames.user(&mut record.value.user);
                    keep(record.value, record.version, followed, &groups, plan, change);
                    continue;
                }
                change.end_sessions_of.push(key.clone());
                delete(plan, change, Kind::User, key, record.version);
            }
        }
    }
}

/// A user who stays leaves the groups that go.
fn keep(
    mut record: UserRecord,
    version: u64,
    changed: bool,
    groups: &BTreeSet<&str>,
    plan: &mut Plan,
    change: &mut ChangeSet,
) {
    let before = record.user.groups.len();
    record.user.groups.retain(|group| groups.contains(group.as_str()));
    if record.user.groups.len() == before && !changed {
        plan.unchanged += 1;
    } else {
        step(plan, change, Document::User(record), Some(version));
    }
}

pub(super) fn delete(plan: &mut Plan, change: &mut ChangeSet, kind: Kind, key: String, version: u64) {
    plan.steps.push(PlanStep {
        step: StepKind::Delete,
        kind,
        key: key.clone(),
        fields: Vec::new(),
        values: Vec::new(),
    });
    change.writes.push(Write::Delete { kind, key, expect: Expect::Version(version) });
}
