//! The steps of one kind of object, without memberships.

use crate::dialect::{Dialect, Note, ObjectRules, Unique};
use crate::id::{Kind, LocalId, Object, RemoteId};
use crate::plan::scoped::Scoped;
use crate::plan::{Adopt, Deprovision, GroupRemoval, PlanOptions, Refusal};
use crate::state::{Held, Observed, Status};
use crate::step::{Action, Reason, Step};
use crate::wire::{Resource, name_of};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The steps of one kind, in the groups from which the plan is put together.
#[derive(Default)]
pub(super) struct Objects<'a> {
    /// Reads of what becomes ours.
    pub(super) adopt: Vec<Step>,
    /// Deactivations: nothing waits for anything.
    pub(super) urgent: Vec<Step>,
    /// Creations, changes and the deletions that make way for them, in their order.
    pub(super) ordered: Vec<Step>,
    /// All other deletions.
    pub(super) deletions: Vec<Step>,
    /// Creations that were refused and whose time has not come.
    pub(super) waiting: Vec<Step>,
    /// Objects that cannot be sent.
    pub(super) refused: Vec<Refusal>,
    /// How often each attribute was left out or shortened.
    pub(super) dropped: BTreeMap<String, usize>,
    /// Objects in scope that are there when the plan is done.
    pub(super) there: HashSet<&'a LocalId>,
    /// Objects that are deleted before memberships change.
    pub(super) gone: HashSet<LocalId>,
    /// What each object in scope should look like.
    pub(super) wanted: BTreeMap<&'a LocalId, Cow<'a, Resource>>,
}

/// What a plan is made from.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) observed: &'a Observed,
    pub(super) dialect: &'a Dialect,
    pub(super) options: &'a PlanOptions,
}

/// Plans the objects of one kind. `scope` has everything that should be there.
pub(super) fn objects<'a>(kind: Kind, scope: BTreeMap<&'a LocalId, Scoped<'a>>, context: Context<'a>) -> Objects<'a> {
    let held = context.observed.held(kind);
    let current = held.iter().map(|(id, held)| (id, Cow::Borrowed(&held.resource))).collect();
    let rules = context.dialect.rules(kind);
    let mut planner = Planner { kind, rules, context, held, current, out: Objects::default() };
    let in_scope: HashSet<&LocalId> = scope.keys().copied().collect();
    planner.conform(scope);
    let taken = planner.adopt();
    let deletions = planner.leave(&in_scope);
    planner.change(&taken, deletions);
    planner.out
}

/// The planner of one kind of object; what changes is planned in `changes`.
pub(super) struct Planner<'a> {
    pub(super) kind: Kind,
    pub(super) rules: &'a ObjectRules,
    pub(super) context: Context<'a>,
    pub(super) held: &'a BTreeMap<LocalId, Held>,
    /// What is there of ours, with what is about to be adopted.
    pub(super) current: HashMap<&'a LocalId, Cow<'a, Resource>>,
    pub(super) out: Objects<'a>,
}

impl<'a> Planner<'a> {
    /// Makes everything in scope fit; refuses what does not and what must not be touched.
    fn conform(&mut self, scope: BTreeMap<&'a LocalId, Scoped<'a>>) {
        for (id, scoped) in scope {
            let conformed = scoped.fitting(self.kind, id, self.context.dialect);
            for note in &conformed.dropped {
                *self.out.dropped.entry(note.path.clone()).or_default() += 1;
            }
            let there = self.held.get(id).map(|held| name_of(self.kind, &held.resource));
            let name = name_of(self.kind, &conformed.resource);
            if let Some(there) = there.filter(|there| self.context.observed.is_protected(there)) {
                let (object, notes) = (self.object(id), vec![self.protected(there)]);
                self.out.refused.push(Refusal { object, name: there.to_owned(), notes });
            } else if self.context.observed.is_protected(name) {
                let note = self.protected(name);
                self.refuse(id, &conformed.resource, vec![note]);
            } else if conformed.refused.is_empty() {
                if self.held.contains_key(id) {
                    self.out.there.insert(id);
                }
                let resource = match conformed {
                    Cow::Borrowed(conformed) => Cow::Borrowed(&conformed.resource),
                    Cow::Owned(conformed) => Cow::Owned(conformed.resource),
                };
                self.out.wanted.insert(id, resource);
            } else {
                self.refuse(id, &conformed.resource, conformed.refused.clone());
            }
        }
    }

    /// Reports an object that cannot be sent. When the person was disabled, that at least is sent.
    pub(super) fn refuse(&mut self, id: &'a LocalId, wanted: &Resource, notes: Vec<Note>) {
        let name = name_of(self.kind, wanted).to_owned();
        if let Some(before) = self.current.get(id) {
            self.out.there.insert(id);
            let disabled = |resource: &Resource| resource.get("active") == Some(&Value::Bool(false));
            if disabled(wanted) && !disabled(before) {
                let mut after = before.as_ref().clone();
                after.insert("active".to_owned(), Value::Bool(false));
                let step = self.transition(id, before, &after, Reason::Disabled);
                self.out.urgent.push(step);
            }
        } else {
            self.out.there.remove(id);
        }
        self.out.refused.push(Refusal { object: self.object(id), name, notes });
    }

    /// Takes what is there and ours by its `externalId`, then what has the name if that is wanted, and what somebody has
    /// decided to take.
    fn adopt(&mut self) -> HashSet<&'a RemoteId> {
        let foreign = self.context.observed.foreign(self.kind);
        let mut taken = HashSet::new();
        if foreign.is_empty() || self.out.wanted.keys().all(|id| self.held.contains_key(id)) {
            return taken;
        }
        let by_name = self.context.options.adopt == Adopt::SameName;
        for (unique, why) in [(Unique::ExternalId, Reason::OursAlready), (Unique::Name, Reason::SameName)] {
            if unique == Unique::Name && !by_name {
                continue;
            }
            let value = |resource: &Resource| self.rules.unique_value(self.kind, unique, resource);
            let index: HashMap<String, &RemoteId> =
                foreign.iter().filter_map(|(remote, resource)| Some((value(resource)?, remote))).collect();
            let mut found = Vec::new();
            for (&id, wanted) in &self.out.wanted {
                let match_ = value(wanted.as_ref()).and_then(|value| index.get(&value));
                if let Some(&remote) = match_.filter(|_| !self.current.contains_key(id)) {
                    found.push((id, remote));
                }
            }
            for (id, remote) in found {
                self.take(id, remote, why.clone(), &mut taken);
            }
        }
        let observed = self.context.observed;
        for (id, remote) in observed.decided.of(self.kind) {
            if self.out.wanted.contains_key(id) && !self.current.contains_key(id) {
                self.take(id, remote, Reason::Decided, &mut taken);
            }
        }
        taken
    }

    /// Takes one object that is there, if nobody has it. `taken`: what has an owner by now.
    fn take(&mut self, id: &'a LocalId, remote: &'a RemoteId, why: Reason, taken: &mut HashSet<&'a RemoteId>) {
        let Some(resource) = self.context.observed.foreign(self.kind).get(remote) else { return };
        let name = name_of(self.kind, resource);
        if self.context.observed.is_protected(name) || !taken.insert(remote) {
            return;
        }
        let step = self.step(id, name, why, Action::Adopt { remote: remote.clone() });
        self.out.adopt.push(step);
        self.out.there.insert(id);
        let resource = self.context.dialect.recognise(self.kind, resource);
        self.current.insert(id, Cow::Owned(resource));
    }

    /// Deals with what is ours and not in scope; returns what is to be deleted.
    fn leave(&mut self, scope: &HashSet<&LocalId>) -> BTreeMap<&'a LocalId, Step> {
        let mut deletions = BTreeMap::new();
        for (id, held) in self.held {
            let name = name_of(self.kind, &held.resource);
            if scope.contains(id) || self.context.observed.is_protected(name) {
                continue;
            }
            match self.departure(held) {
                Some((why, Action::Delete)) => _ = deletions.insert(id, self.step(id, name, why, Action::Delete)),
                Some((why, action)) => {
                    let step = self.step(id, name, why, action);
                    self.out.urgent.push(step);
                }
                None => {}
            }
        }
        deletions
    }

    fn departure(&self, held: &Held) -> Option<(Reason, Action)> {
        let options = self.context.options;
        if self.kind == Kind::Group {
            return (options.groups == GroupRemoval::Delete).then_some((Reason::LeftScope, Action::Delete));
        }
        match (options.deprovision, held.status) {
            (Deprovision::Delete | Deprovision::DeleteAfter { grace_seconds: ..=0 }, _) => {
                Some((Reason::LeftScope, Action::Delete))
            }
            // Nothing is left to take away, and there is no grace that would begin with it.
            (Deprovision::Deactivate, Status::Active) if held.resource.get("active") == Some(&Value::Bool(false)) => {
                None
            }
            (_, Status::Active) => Some((Reason::LeftScope, Action::Deactivate { since: options.now })),
            (Deprovision::DeleteAfter { grace_seconds }, Status::Deactivated { since })
                if options.now.saturating_sub(since) >= grace_seconds =>
            {
                Some((Reason::GraceOver { since }, Action::Delete))
            }
            (_, Status::Deactivated { .. }) => None,
        }
    }

    fn protected(&self, name: &str) -> Note {
        let fix = "take it out of scope, or the name out of the protected ones";
        let what = format!("`{name}` is a protected name");
        Note::new(self.kind.name_attribute(), what, "protected names are never touched", fix)
    }

    pub(super) fn object(&self, id: &LocalId) -> Object {
        Object { kind: self.kind, id: id.clone() }
    }

    pub(super) fn step(&self, id: &LocalId, name: &str, why: Reason, action: Action) -> Step {
        Step { object: self.object(id), name: name.to_owned(), why, action }
    }
}
