use std::collections::BTreeSet;

use model::{Role, SamlProvider, User};

use super::{
    file::{DeclaredKey, DeclaredUser, File, Secret, SecretResolver},
    plan::{Plan, PlanStep, StepKind},
    source::Source,
};
use crate::{
    BroughtKey, Error, Services, identifiers, key_making,
    port::{ChangeSet, Document, Expect, KeyRecord, UserRecord, Write},
    renaming::Renames,
    users,
};

/// What becomes of user names.
pub(super) struct Naming<'a> {
    renames: &'a Renames,
    /// Those that the file names, in lower case.
    declared: BTreeSet<String>,
    /// No password is hashed for nothing.
    dry_run: bool,
}

impl<'a> Naming<'a> {
    pub fn new(file: &File, renames: &'a Renames, dry_run: bool) -> Self {
        Self { renames, declared: file.users.iter().map(|u| u.username.to_lowercase()).collect(), dry_run }
    }

    /// The key under which a declared user is kept, where that is another than the declared one.
    fn former(&self, declared: &DeclaredUser) -> Option<String> {
        let from = declared.renamed_from.as_ref()?.to_lowercase();
        self.renames.users.get(&from).filter(|to| **to == declared.username).map(|_| from)
    }
}

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
        if let (Some(_), Some(kept), DeclaredKey { certificate: None, private_key: None, pkcs12: None, .. }) =
            (&declared.generate, known, declared)
        {
            if kept.value.key.certificate_only {
                let why = "generate: a certificate alone is kept under this name, and what is kept stays as it is: delete it \
                           first, or give the key that is to be made another name";
                source.fault("keys", name, "generate", why);
                return Ok(());
            }
            // A key that is there stays: a file applied twice changes nothing.
            plan.unchanged += 1;
            return Ok(());
        }
        let made = match brought(declared, resolver) {
            Ok(None) => match &declared.generate {
                Some(how) => key_making::generate(self, name, how).await,
                None => Err(Error::invalid("", NEITHER)),
            },
            Ok(Some(BroughtKey::Pair { certificate, .. } | BroughtKey::Certificate(certificate)))
                if known.is_some_and(|k| {
                    k.value.key.certificate.trim() == certificate.trim()
                        && k.value.key.certificate_only == declared.certificate_only
                }) =>
            {
                plan.unchanged += 1;
                return Ok(());
            }
            Ok(Some(brought)) => key_making::import(self, name, brought).await,
            Err(error) => Err(error),
        };
        let made: KeyRecord = match made {
            Ok(made) => made,
            Err(Error::Invalid(faults)) => {
                source.faults("keys", name, faults);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        // The certificate of a PKCS#12 file is known only once it is open.
        if known.is_some_and(|k| {
            k.value.key.fingerprint == made.key.fingerprint && k.value.key.certificate_only == made.key.certificate_only
        }) {
            plan.unchanged += 1;
            return Ok(());
        }
        step(plan, change, Document::Key(made), known.map(|k| k.version));
        Ok(())
    }

    pub(super) fn plan_configuration(
        &self,
        file: &File,
        providers: &[SamlProvider],
        renames: &Renames,
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
        self.plan_groups(file, renames, plan, change);
        section!(
            &file.property_mappings,
            configuration.property_mappings,
            PropertyMapping,
            |m: &model::PropertyMapping| m.name.clone()
        );
        section!(&file.policies, configuration.policies, Policy, |p: &model::Policy| p.name.clone());
        let first = plan.steps.len();
        section!(providers, configuration.saml_providers, SamlProvider, |p: &model::SamlProvider| p.name.clone());
        for step in plan.steps.iter_mut().skip(first) {
            let known = configuration.saml_providers.get(&step.key);
            if let (Some(known), Some(after)) = (known, providers.iter().find(|p| p.name == step.key)) {
                (step.fields, step.values) = differing(&known.value, after);
            }
        }
        section!(&file.applications, configuration.applications, Application, |a: &model::Application| a
            .slug
            .to_string());
    }

    pub(super) async fn plan_user(
        &self,
        declared: &DeclaredUser,
        names: &Naming<'_>,
        resolver: SecretResolver<'_>,
        source: &mut Source<'_>,
        plan: &mut Plan,
        change: &mut ChangeSet,
    ) -> Result<(), Error> {
        let from = names.former(declared);
        let known = self.store().user(from.as_deref().unwrap_or(&declared.username)).await?;
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
            password = if names.dry_run { Some(String::new()) } else { Some(users::hash_password(self, plain).await?) };
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
        if let (Some(from), Some(known)) = (&from, &known) {
            change.end_sessions_of.push(from.clone());
            let taken = names.declared.contains(from);
            self.plan_renamed(Document::User(record), (from, known.version), taken, plan, change);
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

/// The names of the settings in which two providers differ, and of those that fit on a line what they were and become.
fn differing(before: &SamlProvider, after: &SamlProvider) -> (Vec<String>, Vec<String>) {
    let fields = |provider| match serde_json::to_value(provider) {
        Ok(serde_json::Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (before, after) = (fields(before), fields(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let names: Vec<String> = names.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned().collect();
    let lines = names.iter().filter_map(|name| {
        let (before, after) = (on_a_line(before.get(name))?, on_a_line(after.get(name))?);
        Some(format!("{name}: {before} → {after}"))
    });
    let lines = lines.collect();
    (names, lines)
}

/// A setting as a plan prints it; None: it is more than a line.
fn on_a_line(value: Option<&serde_json::Value>) -> Option<String> {
    const LONGEST: usize = 200;
    let text = match value {
        None | Some(serde_json::Value::Null) => "none".to_owned(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(value @ (serde_json::Value::Bool(_) | serde_json::Value::Number(_))) => value.to_string(),
        Some(serde_json::Value::Array(_) | serde_json::Value::Object(_)) => return None,
    };
    (text.len() <= LONGEST && !text.chars().any(char::is_control)).then_some(text)
}

const NEITHER: &str = "a key has one of: `generate`; `certificate` and `private_key`; `certificate` and `certificate_only: true`; `pkcs12`";

/// What a file brings as a key; None where it is to be made.
fn brought(declared: &DeclaredKey, resolver: SecretResolver<'_>) -> Result<Option<BroughtKey>, Error> {
    let resolve = |secret: &Secret| secret.resolve(resolver).map_err(|why| Error::invalid("", why));
    let DeclaredKey { generate, certificate, private_key, certificate_only, pkcs12, password, .. } = declared;
    if password.is_some() && pkcs12.is_none() {
        return Err(Error::invalid("password", "a password opens `pkcs12`, which is not given"));
    }
    Ok(Some(match (generate, certificate, private_key, pkcs12, certificate_only) {
        (Some(_), None, None, None, false) => return Ok(None),
        (None, Some(certificate), Some(private_key), None, false) => {
            BroughtKey::Pair { certificate: resolve(certificate)?, private_key: resolve(private_key)? }
        }
        (None, Some(certificate), None, None, true) => BroughtKey::Certificate(resolve(certificate)?),
        (None, None, None, Some(pkcs12), false) => BroughtKey::Pkcs12 {
            file: pkcs12.resolve_binary(resolver).map_err(|why| Error::invalid("pkcs12", why))?,
            password: password.as_ref().map_or(Ok(String::new()), resolve)?,
        },
        _ => return Err(Error::invalid("", NEITHER)),
    }))
}

pub(super) fn step(plan: &mut Plan, change: &mut ChangeSet, document: Document, version: Option<u64>) {
    let step = if version.is_some() { StepKind::Change } else { StepKind::Create };
    plan.steps.push(PlanStep {
        step,
        kind: document.kind(),
        key: document.key(),
        fields: Vec::new(),
        values: Vec::new(),
    });
    let expect = version.map_or(Expect::Absent, Expect::Version);
    change.writes.push(Write::Put { document, expect });
}
