use std::{collections::BTreeMap, sync::Arc};

use expression::ExpressionErrorKind;
use model::{Application, BindingSubject, PolicyEngineMode};
use serde_json::json;

use super::{
    limits::unhurried,
    scope::{Covers, Scope},
};
use crate::{access::truthy, identifiers, person::Person};

/// What a policy says of somebody; None: it fails, and always will for this person. An error: nobody knows.
pub type Answer = Result<Option<bool>, Covers>;

/// By application and policy, which one asks the other: a digest of all that the answer depends on beside the person.
pub type Questions = BTreeMap<String, BTreeMap<String, Arc<str>>>;

/// The names of the policies that an application asks.
fn asked(application: &Application) -> impl Iterator<Item = (&str, &model::AccessBinding)> {
    application.bindings.iter().filter(|binding| binding.enabled).filter_map(|binding| match &binding.subject {
        BindingSubject::Policy(name) => Some((name.as_str(), binding)),
        _ => None,
    })
}

impl Scope<'_> {
    /// What the policies are asked. What nobody asks has changed nobody.
    pub fn questions(&self) -> Questions {
        let mut questions = Questions::new();
        for application in &self.applications {
            let service = self.snapshot.provider_of(application).ok();
            let mut named = BTreeMap::new();
            for (name, _) in asked(application) {
                let policy = self.snapshot.configuration.policies.get(name).map(|policy| &policy.value);
                let about = json!([policy, application.slug, application.name, service]);
                let digest = identifiers::sha256(about.to_string().as_bytes());
                named.insert(name.to_owned(), digest.into());
            }
            questions.insert(application.slug.to_string(), named);
        }
        questions
    }

    /// Whether somebody is in scope of whom the sets say nothing. The policies of one application after the other are
    /// asked until one lets the person in.
    pub fn decide(open: &[&Application], mut answer: impl FnMut(&Application, &str) -> Answer) -> Covers {
        let mut unknown = Covers::No;
        for application in open {
            match by_policies(application, &mut answer) {
                Covers::Yes => return Covers::Yes,
                Covers::No => {}
                more @ Covers::Unknown { .. } => unknown = more,
            }
        }
        unknown
    }

    /// Asks a policy, which sees no request.
    pub fn answer(&self, name: &str, application: &Application, person: &Person) -> Answer {
        let Some(Ok(expression)) = self.snapshot.policy(name) else { return Ok(None) };
        if self.patience.is_over(name) {
            let message = "it took too long for others, and was not asked".to_owned();
            return Err(Covers::Unknown { policy: name.to_owned(), message });
        }
        let provider = self.snapshot.provider_of(application).ok();
        let context = person.context(application, provider, "", true);
        self.patience.ask();
        let (outcome, took) = expression.evaluate_timed(&context, &unhurried());
        self.patience.spend(name, took);
        match outcome {
            Ok(value) => Ok(Some(truthy(&value))),
            Err(error) if error.kind == ExpressionErrorKind::TimeLimit => {
                self.patience.lose(name);
                Err(Covers::Unknown { policy: name.to_owned(), message: error.to_string() })
            }
            Err(_) => Ok(None),
        }
    }
}

/// What the policies of an application say where its other bindings leave it to them.
fn by_policies(application: &Application, answer: &mut impl FnMut(&Application, &str) -> Answer) -> Covers {
    let any = application.policy_engine_mode == PolicyEngineMode::Any;
    let settles = |yes: bool| if yes { Covers::Yes } else { Covers::No };
    let mut bindings: Vec<_> = asked(application).collect();
    bindings.sort_by_key(|(_, binding)| binding.order);
    let mut unknown = None;
    for (name, binding) in bindings {
        let passed = match answer(application, name) {
            Ok(Some(value)) => value != binding.negate,
            Ok(None) => binding.failure_result,
            Err(open) => {
                unknown.get_or_insert(open);
                continue;
            }
        };
        // One answer settles it, whatever a policy without one would have said.
        if passed == any {
            return settles(any);
        }
    }
    unknown.unwrap_or_else(|| settles(!any))
}
