use model::{Role, SamlProvider, User};

use super::{
    file::{DeclaredKey, DeclaredUser, File, SecretResolver},
    plan::{Plan, PlanStep, StepKind},
    source::Source,
};
use crate::{
    Error, Services, identifiers, key_making,
    port::{ChangeSet, Document, Expect, KeyRecord, UserRecord, Write},
    users,
};

impl Services {
    pub(super) async fn plan_key(
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

    pub(super) fn plan_configuration(
        &self,
        file: &File,
        providers: &[SamlProvider],
        plan: &mut Plan,
        change: &mut ChangeSet,
    ) {
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
        section!(providers, configuration.saml_providers, SamlProvider, |p: &model::SamlProvider| p.name.clone());
        section!(&file.applications, configuration.applications, Application, |a: &model::Application| a
            .slug
            .to_string());
    }

    pub(super) async fn plan_user(
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

pub(super) fn step(plan: &mut Plan, change: &mut ChangeSet, document: Document, version: Option<u64>) {
    let step = if version.is_some() { StepKind::Change } else { StepKind::Create };
    plan.steps.push(PlanStep { step, kind: document.kind(), key: document.key() });
    let expect = version.map_or(Expect::Absent, Expect::Version);
    change.writes.push(Write::Put { document, expect });
}
