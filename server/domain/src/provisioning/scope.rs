use std::collections::BTreeSet;

use expression::ExpressionErrorKind;
use model::{Application, BindingSubject, PolicyEngineMode, ScimProvider};

use super::{limits::unhurried, patience::Patience};
use crate::{access::truthy, person::Person, snapshot::Snapshot};

/// Who is pushed to a provider: the people who may open the applications that have it as backchannel, narrowed by its
/// groups and its filter of service accounts.
pub struct Scope<'a> {
    snapshot: &'a Snapshot,
    provider: &'a ScimProvider,
    pub applications: Vec<&'a Application>,
    patience: Patience,
}

/// Whether somebody is in scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Covers {
    Yes,
    No,
    /// A policy ran out of time. Whoever may be in scope stays as it is there.
    Unknown {
        policy: String,
        message: String,
    },
}

impl Covers {
    fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl<'a> Scope<'a> {
    pub fn new(snapshot: &'a Snapshot, provider: &'a ScimProvider) -> Self {
        let applications = snapshot.configuration.applications.values().map(|a| &a.value);
        let applications = applications.filter(|a| a.backchannel_providers.contains(&provider.name)).collect();
        Self { snapshot, provider, applications, patience: Patience::default() }
    }

    /// The same with the patience that is left after others were asked about.
    pub fn with(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// The groups that are pushed, by name.
    pub fn groups(&self) -> BTreeSet<&'a str> {
        let named: BTreeSet<&str> = self.provider.groups.iter().map(String::as_str).collect();
        let all = self.snapshot.configuration.groups.keys().map(String::as_str);
        all.filter(|name| named.is_empty() || named.contains(name)).collect()
    }

    /// Whether somebody is in scope. Whoever is deactivated stays in it, so that the account there is switched off
    /// rather than taken away.
    pub fn covers(&self, person: &Person) -> Covers {
        if self.provider.exclude_service_accounts && person.user.service_account {
            return Covers::No;
        }
        let named = &self.provider.groups;
        if !named.is_empty() && !named.iter().any(|group| person.all_groups.contains(group)) {
            return Covers::No;
        }
        let mut open = Covers::No;
        for application in &self.applications {
            match self.may_open(application, person) {
                Covers::Yes => return Covers::Yes,
                Covers::No => {}
                unknown => open = unknown,
            }
        }
        open
    }

    /// Slugs of the applications that somebody may open, among those that use the provider.
    pub fn opens(&self, person: &Person) -> Vec<String> {
        let open = self.applications.iter().filter(|application| self.may_open(application, person) == Covers::Yes);
        open.map(|application| application.slug.to_string()).collect()
    }

    /// The policies that decide about the scope, by name: nothing else that somebody wrote does.
    pub fn policies(&self) -> BTreeSet<&'a str> {
        let bindings = self.applications.iter().flat_map(|application| &application.bindings);
        let named = bindings.filter(|binding| binding.enabled).filter_map(|binding| match &binding.subject {
            BindingSubject::Policy(name) => Some(name.as_str()),
            _ => None,
        });
        named.collect()
    }

    /// The answer of sign-on to the same question, without its reasons. A policy sees no request.
    fn may_open(&self, application: &Application, person: &Person) -> Covers {
        if application.bindings.is_empty() {
            return Covers::Yes;
        }
        let any = application.policy_engine_mode == PolicyEngineMode::Any;
        let (mut asked, mut unknown) = (false, None);
        for binding in application.bindings.iter().filter(|binding| binding.enabled) {
            asked = true;
            let passed = match &binding.subject {
                BindingSubject::Group(group) => person.all_groups.contains(group) != binding.negate,
                BindingSubject::User(user) => {
                    (user.to_lowercase() == person.user.username.to_lowercase()) != binding.negate
                }
                BindingSubject::Policy(policy) => match self.policy(policy, application, person) {
                    Ok(Some(value)) => value != binding.negate,
                    Ok(None) => binding.failure_result,
                    Err(open) => {
                        unknown.get_or_insert(open);
                        continue;
                    }
                },
            };
            // One answer settles it, whatever a policy without one would have said.
            if passed == any {
                return Covers::of(any);
            }
        }
        // All bindings switched off let nobody in.
        unknown.unwrap_or_else(|| Covers::of(asked && !any))
    }

    /// What a policy says; None: it fails, and always will for this person. An error: nobody knows.
    fn policy(&self, name: &str, application: &Application, person: &Person) -> Result<Option<bool>, Covers> {
        let Some(Ok(expression)) = self.snapshot.policy(name) else { return Ok(None) };
        if self.patience.is_over(name) {
            let message = "it ran out of time for others, and was not asked".to_owned();
            return Err(Covers::Unknown { policy: name.to_owned(), message });
        }
        let provider = self.snapshot.provider_of(application).ok();
        let context = person.context(application, provider, "", true);
        match expression.evaluate(&context, &unhurried()) {
            Ok(value) => Ok(Some(truthy(&value))),
            Err(error) if error.kind == ExpressionErrorKind::TimeLimit => {
                self.patience.lose(name);
                Err(Covers::Unknown { policy: name.to_owned(), message: error.to_string() })
            }
            Err(_) => Ok(None),
        }
    }
}
