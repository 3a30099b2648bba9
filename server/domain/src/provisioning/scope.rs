use std::collections::BTreeSet;

use model::{Application, BindingSubject, PolicyEngineMode, ScimProvider};

use super::limits::unhurried;
use crate::{access::truthy, person::Person, snapshot::Snapshot};

/// Who is pushed to a provider: the people who may open the applications that have it as backchannel, narrowed by its
/// groups and its filter of service accounts.
pub struct Scope<'a> {
    snapshot: &'a Snapshot,
    provider: &'a ScimProvider,
    pub applications: Vec<&'a Application>,
}

impl<'a> Scope<'a> {
    pub fn new(snapshot: &'a Snapshot, provider: &'a ScimProvider) -> Self {
        let applications = snapshot.configuration.applications.values().map(|a| &a.value);
        let applications = applications.filter(|a| a.backchannel_providers.contains(&provider.name)).collect();
        Self { snapshot, provider, applications }
    }

    /// The groups that are pushed, by name.
    pub fn groups(&self) -> BTreeSet<&'a str> {
        let named: BTreeSet<&str> = self.provider.groups.iter().map(String::as_str).collect();
        let all = self.snapshot.configuration.groups.keys().map(String::as_str);
        all.filter(|name| named.is_empty() || named.contains(name)).collect()
    }

    /// Whether somebody is in scope. Whoever is deactivated stays in it, so that the account there is switched off
    /// rather than taken away.
    pub fn covers(&self, person: &Person) -> bool {
        if self.provider.exclude_service_accounts && person.user.service_account {
            return false;
        }
        let named = &self.provider.groups;
        if !named.is_empty() && !named.iter().any(|group| person.all_groups.contains(group)) {
            return false;
        }
        self.applications.iter().any(|application| self.may_open(application, person))
    }

    /// Slugs of the applications that somebody may open, among those that use the provider.
    pub fn opens(&self, person: &Person) -> Vec<String> {
        let open = self.applications.iter().filter(|application| self.may_open(application, person));
        open.map(|application| application.slug.to_string()).collect()
    }

    /// The answer of sign-on to the same question, without its reasons. A policy sees no request.
    fn may_open(&self, application: &Application, person: &Person) -> bool {
        if application.bindings.is_empty() {
            return true;
        }
        let mut asked = application.bindings.iter().filter(|b| b.enabled).map(|binding| match &binding.subject {
            BindingSubject::Group(group) => person.all_groups.contains(group) != binding.negate,
            BindingSubject::User(user) => {
                (user.to_lowercase() == person.user.username.to_lowercase()) != binding.negate
            }
            BindingSubject::Policy(policy) => match self.snapshot.policy(policy) {
                Some(Ok(expression)) => {
                    let provider = self.snapshot.provider_of(application).ok();
                    let context = person.context(application, provider, "", true);
                    match expression.evaluate(&context, &unhurried()) {
                        Ok(value) => truthy(&value) != binding.negate,
                        Err(_) => binding.failure_result,
                    }
                }
                _ => binding.failure_result,
            },
        });
        match application.policy_engine_mode {
            PolicyEngineMode::Any => asked.any(|passed| passed),
            // All bindings switched off let nobody in.
            PolicyEngineMode::All => application.bindings.iter().any(|b| b.enabled) && asked.all(|passed| passed),
        }
    }
}
