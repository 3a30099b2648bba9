use expression::{Context, Limits};
use model::{AccessBinding, AccessStep, AccessTrace, Application, BindingSubject, Decision, PolicyEngineMode};
use serde_json::Value;

use crate::{person::Person, snapshot::Snapshot};

/// May this person open the application, and why: asked by sign-on, the portal and the preview alike.
pub fn decide(snapshot: &Snapshot, application: &Application, person: &Person, context: &Context) -> AccessTrace {
    judge(snapshot, application, person, context).0
}

/// The same, and whether all policies gave an answer: one that was cut off might give another one next time.
pub fn judge(
    snapshot: &Snapshot,
    application: &Application,
    person: &Person,
    context: &Context,
) -> (AccessTrace, bool) {
    if !person.user.active {
        return (denied(format!("{} is deactivated", person.user.username), Vec::new()), true);
    }
    let mut bindings: Vec<&AccessBinding> = application.bindings.iter().filter(|b| b.enabled).collect();
    if bindings.is_empty() {
        let summary = if application.bindings.is_empty() {
            "the application has no bindings, so every active user may open it"
        } else {
            "all bindings are switched off, so nobody may open the application"
        };
        let decision = if application.bindings.is_empty() { Decision::Granted } else { Decision::Denied };
        return (AccessTrace { decision, summary: summary.to_owned(), steps: Vec::new() }, true);
    }
    bindings.sort_by_key(|b| b.order);
    let mut answered = true;
    let steps: Vec<AccessStep> = bindings.iter().map(|b| ask(snapshot, b, person, context, &mut answered)).collect();
    let (granted, summary) = match application.policy_engine_mode {
        PolicyEngineMode::Any => match steps.iter().find(|s| s.passed) {
            Some(step) => (true, format!("{} passed, and one is enough", step.binding)),
            None => (false, "no binding passed, and one is needed".to_owned()),
        },
        PolicyEngineMode::All => match steps.iter().find(|s| !s.passed) {
            Some(step) => (false, format!("{} did not pass, and all are needed", step.binding)),
            None => (true, "all bindings passed".to_owned()),
        },
    };
    let trace =
        if granted { AccessTrace { decision: Decision::Granted, summary, steps } } else { denied(summary, steps) };
    (trace, answered)
}

fn denied(summary: String, steps: Vec<AccessStep>) -> AccessTrace {
    AccessTrace { decision: Decision::Denied, summary, steps }
}

fn ask(
    snapshot: &Snapshot,
    binding: &AccessBinding,
    person: &Person,
    context: &Context,
    answered: &mut bool,
) -> AccessStep {
    let name = &person.user.username;
    let turn = |passed: bool| passed != binding.negate;
    let (label, passed, reason) = match &binding.subject {
        BindingSubject::Group(group) => {
            let member = person.all_groups.contains(group);
            let how = match (member, person.user.groups.contains(group)) {
                (true, true) => "is a member",
                (true, false) => "is a member through a nested group",
                (false, _) => "is not a member",
            };
            (format!("group {group}"), turn(member), format!("{name} {how}"))
        }
        BindingSubject::User(user) => {
            let same = user.to_lowercase() == name.to_lowercase();
            let how = if same { "is this user" } else { "is another user" };
            (format!("user {user}"), turn(same), format!("{name} {how}"))
        }
        BindingSubject::Policy(policy) => {
            let result = match snapshot.policy(policy) {
                Some(Ok(expression)) => expression.evaluate(context, &Limits::default()),
                Some(Err(error)) => Err(error.clone()),
                None => {
                    return AccessStep {
                        binding: format!("policy {policy}"),
                        passed: binding.failure_result,
                        reason: "there is no such policy".to_owned(),
                    };
                }
            };
            match result {
                Ok(value) => (format!("policy {policy}"), turn(truthy(&value)), format!("the policy gave {value}")),
                // A policy that fails has no answer to turn round: the failure result stands as it is.
                Err(error) => {
                    *answered = false;
                    (format!("policy {policy}"), binding.failure_result, format!("the policy failed: {error}"))
                }
            }
        }
    };
    let label = if binding.negate { format!("not {label}") } else { label };
    AccessStep { binding: label, passed, reason }
}

/// Python's truth of a value.
pub(crate) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(b) => *b,
        Value::Number(n) => n.as_f64().is_some_and(|f| f != 0.0),
        Value::String(s) => !s.is_empty(),
        Value::Array(a) => !a.is_empty(),
        Value::Object(o) => !o.is_empty(),
    }
}
