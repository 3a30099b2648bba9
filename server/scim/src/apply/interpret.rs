//! From an answer to an outcome. Decisions follow the status: the words of AWS changed more than once.

use crate::apply::explain::{explain, is_tenant_gone};
use crate::apply::{Answer, Look, Outcome};
use crate::dialect::{ChangeStyle, Dialect, Unique};
use crate::id::{Kind, RemoteId};
use crate::state::Effect;
use crate::step::{Action, Reason, Step};
use crate::wire::{ErrorBody, Method, Resource, name_of, remote_id};
use serde_json::Value;

/// What an answer to the request of `step` means. Give it the step of [`Ready`](crate::step::Ready), not that of the plan.
#[must_use]
pub fn interpret(step: &Step, answer: &Answer, dialect: &Dialect) -> Outcome {
    // It may have been done all the same. Where names are unique, repeating tells; elsewhere it would make a second one.
    if let (408 | 500 | 502 | 504, Action::Create { resource, .. }) = (answer.status, &step.action)
        && !dialect.rules(step.object.kind).unique.contains(&Unique::Name)
    {
        return Outcome::Unknown { look: Look::created(step, resource, true) };
    }
    if let Some(outcome) = everywhere(answer, dialect) {
        return outcome;
    }
    if dialect.accepts(method(step, dialect), answer.status) {
        return done(step, answer, dialect);
    }
    let (words, fix) = explain(answer.status, &ErrorBody::read(answer.body));
    match (answer.status, &step.action) {
        // Servers announce PATCH and have it for some attributes only; whole resources they all take.
        (405 | 501, _) if dialect.group_put && method(step, dialect) == Method::Patch => Outcome::NoPatch { words },
        (404, Action::Adopt { remote }) => vanished(step, remote),
        // A member that is not there gives the same answers as a group that is not there.
        (400 | 404, Action::ChangeMembers { add, remove, .. }) => {
            let members = add.iter().chain(remove).cloned().collect();
            Outcome::Unknown { look: Look::Group { group: step.object.id.clone(), members, words } }
        }
        (404, Action::Change { .. } | Action::Replace { .. } | Action::Deactivate { .. } | Action::Delete) => {
            Outcome::Done { effect: Effect::Gone { object: step.object.clone() } }
        }
        (409, Action::Create { resource, .. }) => Outcome::Conflict { look: Look::created(step, resource, false) },
        // Success, but not as this method announces it: whether the object exists has to be seen.
        (200..=299, Action::Create { resource, .. }) => Outcome::Unknown { look: Look::created(step, resource, true) },
        _ => Outcome::parked(words, fix),
    }
}

/// What it means that no answer came: the connection broke, or time ran out, after the request may have arrived.
#[must_use]
pub fn lost(step: &Step) -> Outcome {
    match &step.action {
        Action::Create { resource, .. } => Outcome::Unknown { look: Look::created(step, resource, true) },
        // All others leave the same state behind when they are done twice.
        _ => Outcome::Retry { after: None, words: "no answer".to_owned() },
    }
}

/// What is to be asked about a step that may have been done and is not to be repeated, since nobody wants it any more or
/// the service refuses it now. `None`: nothing, it only reads. Who is in a group is a reading of its own.
#[must_use]
pub fn doubted(step: &Step) -> Option<Look> {
    match &step.action {
        Action::Adopt { .. } => None,
        Action::Create { resource, .. } => Some(Look::created(step, resource, true)),
        _ => Some(Look::Whole { object: step.object.clone() }),
    }
}

/// Answers that mean the same for every request.
pub(super) fn everywhere(answer: &Answer, dialect: &Dialect) -> Option<Outcome> {
    let error = || ErrorBody::read(answer.body);
    let words = |error: &ErrorBody| explain(answer.status, error).0;
    match answer.status {
        401 => Some(Outcome::TokenRefused { words: words(&error()) }),
        403 if dialect.forbidden_is_token => Some(Outcome::TokenRefused { words: words(&error()) }),
        404 => {
            let error = error();
            is_tenant_gone(404, &error).then(|| Outcome::TokenRefused { words: words(&error) })
        }
        408 | 425 | 429 | 500 | 502 | 503 | 504 => {
            Some(Outcome::Retry { after: answer.retry_after, words: words(&error()) })
        }
        _ => None,
    }
}

fn method(step: &Step, dialect: &Dialect) -> Method {
    match &step.action {
        Action::Adopt { .. } => Method::Get,
        Action::Create { .. } => Method::Post,
        Action::Deactivate { .. } if dialect.change == ChangeStyle::Put => Method::Put,
        Action::Change { .. } | Action::ChangeMembers { .. } | Action::Deactivate { .. } => Method::Patch,
        Action::Replace { .. } => Method::Put,
        Action::Delete => Method::Delete,
    }
}

fn done(step: &Step, answer: &Answer, dialect: &Dialect) -> Outcome {
    let object = step.object.clone();
    let effect = match &step.action {
        Action::Adopt { remote } => {
            let Some(resource) = body(answer) else { return Outcome::parked("the answer is not JSON", "try again") };
            let resource = dialect.recognise(object.kind, &resource);
            if is_renamed(step, &resource, dialect) {
                return renamed(object.kind, remote, resource);
            }
            Effect::Adopted { object, remote: remote.clone(), resource }
        }
        Action::Create { resource, members } => {
            let Some(remote) = body(answer).as_ref().and_then(remote_id) else {
                return Outcome::Unknown { look: Look::created(step, resource, true) };
            };
            // What was sent, not what came back: servers leave out what they accepted, and the difference would be
            // sent again and again.
            Effect::Created { object, remote, resource: resource.clone(), members: members.clone() }
        }
        Action::Change { operations } => Effect::Changed { object, operations: operations.clone() },
        Action::Replace { resource, members } => {
            Effect::Replaced { object, resource: resource.clone(), members: members.clone() }
        }
        Action::Deactivate { since } => Effect::Deactivated { user: object.id, since: *since },
        Action::ChangeMembers { add, remove, strangers } => Effect::MembersChanged {
            group: object.id,
            added: add.clone(),
            removed: remove.clone(),
            strangers: strangers.clone(),
        },
        Action::Delete => Effect::Gone { object },
    };
    Outcome::Done { effect }
}

/// What was to become ours is not there any more. Whoever has decided so is to know.
fn vanished(step: &Step, remote: &RemoteId) -> Outcome {
    let effect = Effect::Vanished { kind: step.object.kind, remote: remote.clone() };
    if step.why != Reason::Decided {
        return Outcome::Done { effect };
    }
    Outcome::Parked {
        words: format!("the {} {remote} that was to become ours is not there any more", noun(step.object.kind)),
        fix: "look at what is there now; ours is made anew where nothing has its name".to_owned(),
        effect: Some(effect),
    }
}

/// Whether what was to be taken for its name has another one by now.
fn is_renamed(step: &Step, there: &Resource, dialect: &Dialect) -> bool {
    let (kind, rules) = (step.object.kind, dialect.rules(step.object.kind));
    let for_its_name = matches!(step.why, Reason::SameName | Reason::Decided);
    let name = rules.unique_value(kind, Unique::Name, there);
    for_its_name && name.is_some_and(|name| name != rules.fold(Unique::Name, &step.name))
}

fn renamed(kind: Kind, remote: &RemoteId, there: Resource) -> Outcome {
    let (noun, name) = (noun(kind), name_of(kind, &there));
    Outcome::Parked {
        words: format!("the {noun} {remote} that was to become ours for its name is called {name} by now"),
        fix: "look at what is there now, and decide about it anew".to_owned(),
        effect: Some(Effect::Met { kind, remote: remote.clone(), resource: there }),
    }
}

fn body(answer: &Answer) -> Option<Resource> {
    match serde_json::from_slice(answer.body) {
        Ok(Value::Object(resource)) => Some(resource),
        _ => None,
    }
}

/// The word for an object of this kind.
pub(super) fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "user",
        Kind::Group => "group",
    }
}
