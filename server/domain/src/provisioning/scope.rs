use std::{
    collections::{BTreeMap, BTreeSet},
    slice::from_ref,
    sync::Arc,
};

use model::{AccessBinding, Application, BindingSubject, PolicyEngineMode, ScimProvider, User};

use super::{below::Below, crowd::Crowd, patience::Patience};
use crate::{person::Person, snapshot::Snapshot};

/// Who is pushed to a provider: the people who may open the applications that have it as backchannel, narrowed by its
/// groups and its filter of service accounts.
///
/// It is worked out for many people at once: the groups and users that bindings name are sets of people, and what the
/// bindings say together is what becomes of the sets. Only where that leaves somebody open is a policy asked about them.
pub struct Scope<'a> {
    pub(super) snapshot: &'a Snapshot,
    provider: &'a ScimProvider,
    pub applications: Vec<&'a Application>,
    pub(super) patience: Patience,
    below: Arc<Below>,
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

/// What the sets say of a crowd.
pub struct Settled<'a> {
    /// Who is in scope, whatever policies say.
    yes: Crowd,
    /// For each application that has policies: whom they decide about. All others are not in scope.
    open: Vec<(&'a Application, Crowd)>,
}

impl<'a> Settled<'a> {
    pub fn is_in(&self, place: usize) -> bool {
        self.yes.has(place)
    }

    /// The applications whose policies decide about somebody.
    pub fn asks(&self, place: usize) -> Vec<&'a Application> {
        let open = self.open.iter().filter(|(_, crowd)| crowd.has(place));
        open.map(|(application, _)| *application).collect()
    }
}

/// The people who are looked at together, by what bindings know them by.
struct Directory<'u> {
    size: usize,
    /// The direct members of each group.
    members: BTreeMap<&'u str, Crowd>,
    names: BTreeMap<String, Crowd>,
}

impl<'u> Directory<'u> {
    fn of(users: &'u [User]) -> Self {
        let size = users.len();
        let (mut members, mut names) = (BTreeMap::new(), BTreeMap::new());
        for (place, user) in users.iter().enumerate() {
            for group in &user.groups {
                members.entry(group.as_str()).or_insert_with(|| Crowd::nobody(size)).insert(place);
            }
            names.entry(user.username.to_lowercase()).or_insert_with(|| Crowd::nobody(size)).insert(place);
        }
        Self { size, members, names }
    }

    /// Who is in a group, directly or by a group below it.
    fn group(&self, name: &str, below: &Below) -> Crowd {
        let mut crowd = Crowd::nobody(self.size);
        for more in below.of(name).filter_map(|group| self.members.get(group.as_str())) {
            crowd.join(more);
        }
        crowd
    }

    /// Whom a binding lets pass; None: a policy says.
    fn passed(&self, binding: &AccessBinding, below: &Below) -> Option<Crowd> {
        let crowd = match &binding.subject {
            BindingSubject::Group(group) => self.group(group, below),
            BindingSubject::User(user) => {
                self.names.get(&user.to_lowercase()).cloned().unwrap_or_else(|| Crowd::nobody(self.size))
            }
            BindingSubject::Policy(_) => return None,
        };
        Some(if binding.negate { crowd.turned() } else { crowd })
    }
}

/// The applications that have a provider as backchannel.
fn applications<'a>(snapshot: &'a Snapshot, provider: &ScimProvider) -> Vec<&'a Application> {
    let all = snapshot.configuration.applications.values().map(|application| &application.value);
    all.filter(|application| application.backchannel_providers.contains(&provider.name)).collect()
}

/// The groups that decide who is in scope.
fn decisive<'a>(provider: &'a ScimProvider, applications: &[&'a Application]) -> Vec<&'a String> {
    let bindings = applications.iter().copied().flat_map(|application| &application.bindings);
    let bound = bindings.filter(|binding| binding.enabled).filter_map(|binding| match &binding.subject {
        BindingSubject::Group(group) => Some(group),
        _ => None,
    });
    bound.chain(&provider.groups).collect()
}

impl<'a> Scope<'a> {
    pub fn new(snapshot: &'a Snapshot, provider: &'a ScimProvider) -> Self {
        let below = Below::walk(&snapshot.configuration.groups, decisive(provider, &applications(snapshot, provider)));
        Self::new_below(snapshot, provider, Arc::new(below))
    }

    /// The same where the groups were walked through before, for the same provider as of the same snapshot.
    pub fn new_below(snapshot: &'a Snapshot, provider: &'a ScimProvider, below: Arc<Below>) -> Self {
        let applications = applications(snapshot, provider);
        Self { snapshot, provider, applications, patience: Patience::default(), below }
    }

    /// The groups that were walked through.
    pub fn below(&self) -> Arc<Below> {
        Arc::clone(&self.below)
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

    /// Whom the provider takes at all.
    fn taken(&self, users: &[User], directory: &Directory) -> Crowd {
        let mut taken = Crowd::everybody(users.len());
        if self.provider.exclude_service_accounts {
            let mut accounts = Crowd::nobody(users.len());
            for (place, _) in users.iter().enumerate().filter(|(_, user)| user.service_account) {
                accounts.insert(place);
            }
            taken.leave(&accounts);
        }
        if !self.provider.groups.is_empty() {
            let mut named = Crowd::nobody(users.len());
            for group in &self.provider.groups {
                named.join(&directory.group(group, &self.below));
            }
            taken.keep(&named);
        }
        taken
    }

    /// What the bindings of an application say without a policy: who may open it, and about whom a policy decides. The
    /// answer of sign-on to the same question, without its reasons; there, too, the order is for the reasons alone.
    fn opened(&self, application: &Application, taken: &Crowd, directory: &Directory) -> (Crowd, Crowd) {
        let nobody = || Crowd::nobody(directory.size);
        if application.bindings.is_empty() {
            return (taken.clone(), nobody());
        }
        let bindings: Vec<_> = application.bindings.iter().filter(|binding| binding.enabled).collect();
        // All bindings switched off let nobody in.
        if bindings.is_empty() {
            return (nobody(), nobody());
        }
        let passed = bindings.iter().filter_map(|binding| directory.passed(binding, &self.below));
        let asks = bindings.iter().any(|binding| matches!(binding.subject, BindingSubject::Policy(_)));
        match application.policy_engine_mode {
            PolicyEngineMode::Any => {
                let (mut yes, mut open) = (nobody(), taken.clone());
                for crowd in passed {
                    yes.join(&crowd);
                }
                yes.keep(taken);
                open.leave(&yes);
                (yes, if asks { open } else { nobody() })
            }
            PolicyEngineMode::All => {
                let mut left = taken.clone();
                for crowd in passed {
                    left.keep(&crowd);
                }
                if asks { (nobody(), left) } else { (left, nobody()) }
            }
        }
    }

    /// What is to be said of people without a policy. Whoever is deactivated stays in scope, so that the account there is
    /// switched off rather than taken away.
    pub fn settle(&self, users: &[User]) -> Settled<'a> {
        let directory = Directory::of(users);
        let taken = self.taken(users, &directory);
        let (mut yes, mut open) = (Crowd::nobody(users.len()), Vec::new());
        for application in &self.applications {
            let (may, asks) = self.opened(application, &taken, &directory);
            yes.join(&may);
            open.push((*application, asks));
        }
        // One application is enough: nobody is asked about who is in scope already.
        for (_, crowd) in &mut open {
            crowd.leave(&yes);
        }
        open.retain(|(_, crowd)| !crowd.is_empty());
        Settled { yes, open }
    }

    /// Whether somebody is in scope.
    pub fn covers(&self, person: &Person) -> Covers {
        let settled = self.settle(from_ref(&person.user));
        if settled.is_in(0) {
            return Covers::Yes;
        }
        Self::decide(&settled.asks(0), |application, policy| self.answer(policy, application, person))
    }

    /// Whether somebody is in scope and may open one of the applications, whose policies are asked once: whom the provider
    /// takes and the application lets in is in scope by that alone.
    pub fn covers_by(&self, person: &Person, application: &Application) -> Covers {
        let users = from_ref(&person.user);
        let directory = Directory::of(users);
        let taken = self.taken(users, &directory);
        let (may, asks) = self.opened(application, &taken, &directory);
        if may.has(0) {
            return Covers::Yes;
        }
        if !asks.has(0) {
            return Covers::No;
        }
        Self::decide(from_ref(&application), |application, policy| self.answer(policy, application, person))
    }

    /// Slugs of the applications that somebody may open, among those that use the provider.
    pub fn opens(&self, person: &Person) -> Vec<String> {
        let users = from_ref(&person.user);
        let directory = Directory::of(users);
        let everybody = Crowd::everybody(1);
        let may_open = |application: &&&Application| {
            let (may, asks) = self.opened(application, &everybody, &directory);
            let ask = |application: &Application, policy: &str| self.answer(policy, application, person);
            may.has(0) || (asks.has(0) && Self::decide(from_ref(*application), ask) == Covers::Yes)
        };
        self.applications.iter().filter(may_open).map(|application| application.slug.to_string()).collect()
    }
}
