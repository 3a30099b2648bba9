//! From a step to its request. Identifiers on the remote side are looked up here, just before sending: those of
//! objects that the plan itself creates are not known any earlier.

use crate::dialect::{ChangeStyle, Dialect, MemberRemoval};
use crate::id::{Kind, LocalId, Object, RemoteId};
use crate::state::{Held, Observed};
use crate::step::{Action, Step};
use crate::wire::{Method, Op, Operation, Request, Resource, patch_body, quoted, resource_path, with_schemas};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A step with its request.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    /// The step as it is really sent: members who are not there are taken out. Interpret the answer with this one.
    pub step: Step,
    /// The request.
    pub request: Request,
}

/// Why a step cannot be sent now. None is a failure: the next plan knows better.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unready {
    /// An earlier step that creates or adopts the object did not succeed, or the object is gone.
    #[error("{0:?} is not there")]
    NotThere(Object),
    /// The object exists already.
    #[error("{0:?} is there already")]
    ThereAlready(Object),
    /// Nothing is left to do: none of the members are there.
    #[error("nothing is left to do for {0:?}")]
    NothingLeft(Object),
}

impl Step {
    /// The request of the step, with what the mirror knows now.
    ///
    /// # Errors
    /// [`Unready`] when the object or all of the members are not there (or already there, for a creation).
    pub fn prepare(&self, observed: &Observed, dialect: &Dialect) -> Result<Ready, Unready> {
        let mut step = self.clone();
        let kind = self.object.kind;
        let endpoint = dialect.endpoint(kind);
        let held = observed.held(kind).get(&self.object.id);
        let there = || held.ok_or_else(|| Unready::NotThere(self.object.clone()));
        let request = match &mut step.action {
            Action::Adopt { remote } => {
                if held.is_some() {
                    return Err(Unready::ThereAlready(self.object.clone()));
                }
                // Ours by now, under another identifier: one account never has two owners.
                if !observed.foreign(kind).contains_key(remote) {
                    return Err(Unready::NotThere(self.object.clone()));
                }
                Request::bare(Method::Get, resource_path(endpoint, remote.as_str()))
            }
            Action::Create { resource, members } => {
                if held.is_some() {
                    return Err(Unready::ThereAlready(self.object.clone()));
                }
                members.retain(|member| observed.users.contains_key(member));
                let body = whole(kind, resource, &observed.remotes(&*members), &BTreeSet::new());
                Request::with_body(Method::Post, endpoint, body)
            }
            Action::Change { operations } => patch(endpoint, there()?, operations),
            Action::Replace { resource, members } => {
                let (mut ours, mut strangers) = (BTreeSet::new(), BTreeSet::new());
                if let Some(roster) = members {
                    roster.members.retain(|member| observed.users.contains_key(member));
                    ours = observed.remotes(&roster.members);
                    strangers.extend(&roster.strangers);
                }
                put(kind, endpoint, there()?, resource, &ours, &strangers)
            }
            Action::Deactivate { .. } => deactivation(there()?, dialect),
            Action::ChangeMembers { add, remove, strangers } => {
                let group = there()?;
                add.retain(|member| observed.users.contains_key(member));
                remove.retain(|member| observed.users.contains_key(member));
                if add.is_empty() && remove.is_empty() && strangers.is_empty() {
                    return Err(Unready::NothingLeft(self.object.clone()));
                }
                patch(endpoint, group, &memberships(observed, dialect.member_removal, add, remove, strangers))
            }
            Action::Delete => Request::bare(Method::Delete, resource_path(endpoint, there()?.remote.as_str())),
        };
        Ok(Ready { step, request })
    }
}

fn patch(endpoint: &str, held: &Held, operations: &[Operation]) -> Request {
    let path = resource_path(endpoint, held.remote.as_str());
    Request::with_body(Method::Patch, path, patch_body(operations))
}

fn put(
    kind: Kind,
    endpoint: &str,
    held: &Held,
    resource: &Resource,
    ours: &BTreeSet<&RemoteId>,
    strangers: &BTreeSet<&RemoteId>,
) -> Request {
    let mut body = whole(kind, resource, ours, strangers);
    if let Some(body) = body.as_object_mut() {
        body.insert("id".to_owned(), json!(held.remote));
    }
    Request::with_body(Method::Put, resource_path(endpoint, held.remote.as_str()), body)
}

fn deactivation(held: &Held, dialect: &Dialect) -> Request {
    let endpoint = dialect.endpoint(Kind::User);
    match dialect.change {
        ChangeStyle::PatchPerAttribute => {
            patch(endpoint, held, &[Operation::new(Op::Replace, "active", Value::Bool(false))])
        }
        ChangeStyle::Put => {
            let mut resource = held.resource.clone();
            resource.insert("active".to_owned(), Value::Bool(false));
            put(Kind::User, endpoint, held, &resource, &BTreeSet::new(), &BTreeSet::new())
        }
    }
}

fn whole(kind: Kind, resource: &Resource, ours: &BTreeSet<&RemoteId>, strangers: &BTreeSet<&RemoteId>) -> Value {
    let mut body = with_schemas(kind, resource);
    if !ours.is_empty() || !strangers.is_empty() {
        body.insert("members".to_owned(), values(ours.iter().chain(strangers).copied()));
    }
    Value::Object(body)
}

/// Removals before additions. `members` is never replaced and never removed without values: AWS has refused it, ignored
/// it and emptied the group on it, at different times.
fn memberships(
    observed: &Observed,
    style: MemberRemoval,
    add: &[LocalId],
    remove: &[LocalId],
    strangers: &[RemoteId],
) -> Vec<Operation> {
    let add = observed.remotes(add);
    let mut out = observed.remotes(remove);
    out.extend(strangers);
    let mut operations = Vec::new();
    match style {
        MemberRemoval::ValueList if out.is_empty() => {}
        MemberRemoval::ValueList => operations.push(Operation::new(Op::Remove, "members", values(out))),
        MemberRemoval::ValuePath => operations.extend(
            out.into_iter().map(|member| Operation::remove(format!("members[value eq {}]", quoted(member.as_str())))),
        ),
    }
    if !add.is_empty() {
        operations.push(Operation::new(Op::Add, "members", values(add)));
    }
    operations
}

fn values<'a>(members: impl IntoIterator<Item = &'a RemoteId>) -> Value {
    members.into_iter().map(|member| json!({"value": member})).collect()
}
