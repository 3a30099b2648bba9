use expression::{Expression, ExpressionErrorKind, Limits};
use model::{BindingSubject, EventKind, ListQuery, Page, Policy, PolicyDetail, PolicyRow, PolicyTrial};

use crate::{
    Admin, Auditor, Error,
    access::truthy,
    applications::page,
    port::{Document, Expect, Kind, Write},
    snapshot::Snapshot,
    validate,
};

/// Slugs of the applications with a binding that names the policy.
fn used_by(snapshot: &Snapshot, name: &str) -> Vec<String> {
    let applications = snapshot.configuration.applications.values().map(|a| &a.value);
    let names = |subject: &BindingSubject| matches!(subject, BindingSubject::Policy(p) if p == name);
    applications.filter(|a| a.bindings.iter().any(|b| names(&b.subject))).map(|a| a.slug.to_string()).collect()
}

impl Auditor<'_> {
    /// Search in the name; sort by `name` (default).
    pub async fn policies(&self, query: &ListQuery) -> Result<Page<PolicyRow>, Error> {
        let snapshot = self.0.services.snapshot();
        let wanted = query.q.trim().to_lowercase();
        let names = snapshot.configuration.policies.keys().filter(|name| name.to_lowercase().contains(&wanted));
        let mut rows: Vec<PolicyRow> =
            names.map(|name| PolicyRow { name: name.clone(), used_by: used_by(&snapshot, name) }).collect();
        rows.sort_by_cached_key(|row| row.name.to_lowercase());
        if query.sort == "-name" {
            rows.reverse();
        }
        Ok(page(rows, query))
    }

    pub async fn policy(&self, name: &str) -> Result<PolicyDetail, Error> {
        let snapshot = self.0.services.snapshot();
        let found = snapshot.configuration.policies.get(name).ok_or_else(|| Error::missing(Kind::Policy, name))?;
        Ok(PolicyDetail { version: found.version, policy: found.value.clone(), used_by: used_by(&snapshot, name) })
    }
}

impl Admin<'_> {
    pub async fn create_policy(&self, policy: Policy) -> Result<(), Error> {
        checked(&policy)?;
        if self.caller().services.snapshot().configuration.policies.contains_key(&policy.name) {
            return Err(Error::invalid("name", "there is a policy of this name already"));
        }
        let event = self.changed(EventKind::Created, Kind::Policy, &policy.name, None, Some(&policy));
        self.write(Write::Put { document: Document::Policy(policy), expect: Expect::Absent }, event).await
    }

    /// `version` is the one the change was made from; a newer one in the store is a conflict.
    pub async fn update_policy(&self, name: &str, version: u64, policy: Policy) -> Result<(), Error> {
        if policy.name != name {
            return Err(Error::invalid("name", "bindings know it by its name, so the name stays"));
        }
        checked(&policy)?;
        let before = self.policy(name).await?.policy;
        let event = self.changed(EventKind::Updated, Kind::Policy, name, Some(&before), Some(&policy));
        self.write(Write::Put { document: Document::Policy(policy), expect: Expect::Version(version) }, event).await
    }

    /// Refused while a binding names it: without it the binding would answer something else.
    pub async fn delete_policy(&self, name: &str, version: u64) -> Result<(), Error> {
        let PolicyDetail { policy, used_by, .. } = self.policy(name).await?;
        if !used_by.is_empty() {
            let why =
                format!("bindings of these applications name it: {}; take it out there first", used_by.join(", "));
            return Err(Error::Conflict(why));
        }
        let event = self.changed(EventKind::Deleted, Kind::Policy, name, Some(&policy), None);
        let expect = Expect::Version(version);
        self.write(Write::Delete { kind: Kind::Policy, key: name.to_owned(), expect }, event).await
    }

    /// What a policy answers for a user on the way into an application (none named: into none), as sign-on would ask it.
    /// Nothing is kept.
    pub async fn try_policy(&self, source: String, username: &str, slug: &str) -> Result<PolicyTrial, Error> {
        let caller = self.caller();
        let services = &caller.services;
        let found = services.person(username).await?;
        let person = found.ok_or_else(|| Error::invalid("trial_user", format!("there is no user `{username}`")))?;
        let snapshot = services.snapshot();
        if !slug.is_empty() && !snapshot.configuration.applications.contains_key(slug) {
            return Err(Error::invalid("trial_application", format!("there is no application `{slug}`")));
        }
        let (slug, address) = (slug.to_owned(), caller.origin.address.clone());
        services
            .busy(move || {
                let context = match snapshot.configuration.applications.get(&slug).map(|a| &a.value) {
                    Some(application) => {
                        person.context(application, snapshot.provider_of(application).ok(), &address, true)
                    }
                    None => person.context_alone(&address, true),
                };
                let result =
                    Expression::compile("trial", &source).and_then(|e| e.evaluate(&context, &Limits::default()));
                match result {
                    Ok(value) => PolicyTrial::Answered {
                        passed: truthy(&value),
                        json: serde_json::to_string_pretty(&value).unwrap_or_default(),
                    },
                    Err(error) if error.kind == ExpressionErrorKind::Skip => {
                        PolicyTrial::Failed { message: "SkipObject is for SCIM mappings".to_owned(), line: error.line }
                    }
                    Err(error) => PolicyTrial::Failed { message: error.message, line: error.line },
                }
            })
            .await
    }
}

fn checked(policy: &Policy) -> Result<(), Error> {
    let faults = validate::policy(policy);
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}
