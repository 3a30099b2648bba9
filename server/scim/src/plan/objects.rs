//! The steps of one kind of object, without memberships.

use crate::dialect::{Dialect, Note, ObjectRules, Unique};
use crate::id::{Kind, LocalId, Object, RemoteId};
use crate::plan::diff::{diff, patchable};
use crate::plan::index::{Key, attribute, holders, keys};
use crate::plan::order::{Turn, Waits, order, stuck};
use crate::plan::{Adopt, Deprovision, GroupRemoval, PlanOptions, Refusal};
use crate::state::{Held, Observed, Status};
use crate::step::{Action, Reason, Step};
use crate::wire::{Op, Operation, Resource, name_of, text};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

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
    /// Objects that cannot be sent.
    pub(super) refused: Vec<Refusal>,
    /// How often each attribute was left out or shortened.
    pub(super) dropped: BTreeMap<String, usize>,
    /// Objects in scope that are there when the plan is done.
    pub(super) there: HashSet<&'a LocalId>,
    /// Objects that are deleted before memberships change.
    pub(super) gone: HashSet<LocalId>,
    /// What each object in scope should look like.
    pub(super) wanted: BTreeMap<&'a LocalId, Resource>,
}

/// What a plan is made from.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) observed: &'a Observed,
    pub(super) dialect: &'a Dialect,
    pub(super) options: &'a PlanOptions,
}

/// Plans the objects of one kind. `scope` has everything that should be there, as rendered.
pub(super) fn objects<'a>(
    kind: Kind,
    scope: &BTreeMap<&'a LocalId, &'a Resource>,
    context: Context<'a>,
) -> Objects<'a> {
    let held = context.observed.held(kind);
    let current = held.iter().map(|(id, held)| (id, Cow::Borrowed(&held.resource))).collect();
    let rules = context.dialect.rules(kind);
    let mut planner = Planner { kind, rules, context, held, current, out: Objects::default() };
    planner.conform(scope);
    let taken = planner.adopt();
    let deletions = planner.leave(scope);
    planner.change(&taken, deletions);
    planner.out
}

struct Planner<'a> {
    kind: Kind,
    rules: &'a ObjectRules,
    context: Context<'a>,
    held: &'a BTreeMap<LocalId, Held>,
    /// What is there of ours, with what is about to be adopted.
    current: HashMap<&'a LocalId, Cow<'a, Resource>>,
    out: Objects<'a>,
}

impl<'a> Planner<'a> {
    /// Makes everything in scope fit; refuses what does not and what must not be touched.
    fn conform(&mut self, scope: &BTreeMap<&'a LocalId, &'a Resource>) {
        for (&id, &rendered) in scope {
            // Without an identifier of ours on it, an object whose creation was never answered could not be found again.
            let mut rendered = Cow::Borrowed(rendered);
            if text(&rendered, "externalId").is_none() {
                rendered.to_mut().insert("externalId".to_owned(), json!(id));
            }
            let conformed = self.context.dialect.conform(self.kind, &rendered);
            for note in conformed.dropped {
                *self.out.dropped.entry(note.path).or_default() += 1;
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
                self.out.wanted.insert(id, conformed.resource);
            } else {
                self.refuse(id, &conformed.resource, conformed.refused);
            }
        }
    }

    /// Reports an object that cannot be sent. When the person was disabled, that at least is sent.
    fn refuse(&mut self, id: &'a LocalId, wanted: &Resource, notes: Vec<Note>) {
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

    /// Takes what is there and ours by its `externalId`, then what has the name if that is wanted.
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
                let match_ = value(wanted).and_then(|value| index.get(&value));
                if let Some(&remote) = match_.filter(|_| !self.current.contains_key(id)) {
                    found.push((id, remote));
                }
            }
            for (id, remote) in found {
                let Some(resource) = foreign.get(remote) else { continue };
                let name = name_of(self.kind, resource);
                if self.context.observed.is_protected(name) || !taken.insert(remote) {
                    continue;
                }
                let action = Action::Adopt { remote: remote.clone() };
                self.out.adopt.push(self.step(id, name, why.clone(), action));
                self.out.there.insert(id);
                let resource = self.context.dialect.recognise(self.kind, resource);
                self.current.insert(id, Cow::Owned(resource));
            }
        }
        taken
    }

    /// Deals with what is ours and not in scope; returns what is to be deleted.
    fn leave(&mut self, scope: &BTreeMap<&'a LocalId, &'a Resource>) -> BTreeMap<&'a LocalId, Step> {
        let mut deletions = BTreeMap::new();
        for (id, held) in self.held {
            let name = name_of(self.kind, &held.resource);
            if scope.contains_key(id) || self.context.observed.is_protected(name) {
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
            (_, Status::Active) => Some((Reason::LeftScope, Action::Deactivate { since: options.now })),
            (Deprovision::DeleteAfter { grace_seconds }, Status::Deactivated { since })
                if options.now.saturating_sub(since) >= grace_seconds =>
            {
                Some((Reason::GraceOver { since }, Action::Delete))
            }
            (_, Status::Deactivated { .. }) => None,
        }
    }

    /// Creations and changes, and the deletions around them.
    fn change(&mut self, taken: &HashSet<&RemoteId>, mut deletions: BTreeMap<&'a LocalId, Step>) {
        let wanted = std::mem::take(&mut self.out.wanted);
        let mut takes: BTreeMap<&'a LocalId, Vec<Key>> = BTreeMap::new();
        for (&id, resource) in &wanted {
            let current = self.current.get(id).map(Cow::as_ref);
            if current != Some(resource) || self.is_back(id) {
                let mine = current.map(|current| keys(self.context.dialect, self.kind, current)).unwrap_or_default();
                let mut new = keys(self.context.dialect, self.kind, resource);
                new.retain(|key| !mine.contains(key));
                takes.insert(id, new);
            }
        }
        let mut waits: Waits<'a> = takes.keys().map(|id| (*id, Vec::new())).collect();
        if takes.values().any(|keys| !keys.is_empty()) {
            waits.extend(deletions.keys().map(|id| (*id, Vec::new())));
            self.settle(&wanted, &takes, taken, &mut waits);
        }
        let roots = takes.keys().copied().filter(|id| waits.contains_key(id));
        let mut passing: HashMap<&LocalId, Resource> = HashMap::new();
        for turn in order(&waits, roots) {
            match turn {
                Turn::Change(id) => {
                    if let Some(deletion) = deletions.remove(id) {
                        self.out.gone.insert(id.clone());
                        self.out.ordered.push(deletion);
                    } else if let Some(resource) = wanted.get(id) {
                        let step = self.towards(id, passing.get(id), resource);
                        self.out.there.insert(id);
                        self.out.ordered.push(step);
                    }
                }
                Turn::Release { holder, key, taker } => {
                    let before = passing.get(holder).or_else(|| self.current.get(holder).map(Cow::as_ref));
                    let Some(before) = before else { continue };
                    let after = self.without(holder, before, key.0);
                    let step = self.transition(holder, before, &after, Reason::MakesWay { taker: taker.clone() });
                    self.out.ordered.push(step);
                    passing.insert(holder, after);
                }
            }
        }
        self.out.deletions.extend(deletions.into_values());
        self.out.wanted = wanted;
    }

    /// Finds who waits for whom and takes out of `waits` whoever waits in vain.
    fn settle(
        &mut self,
        wanted: &BTreeMap<&'a LocalId, Resource>,
        takes: &BTreeMap<&'a LocalId, Vec<Key>>,
        taken: &HashSet<&RemoteId>,
        waits: &mut Waits<'a>,
    ) {
        let (dialect, kind) = (self.context.dialect, self.kind);
        let current: HashMap<Key, &'a LocalId> =
            holders(dialect, kind, self.current.iter().map(|(id, resource)| (*id, resource.as_ref())));
        let foreign = self.context.observed.foreign(kind).iter().filter(|(remote, _)| !taken.contains(remote));
        let foreign: HashMap<Key, &RemoteId> = holders(dialect, kind, foreign);
        // Who keeps a value goes before who wants it; of two who want it, the first.
        let mut claims: HashMap<Key, &'a LocalId> = HashMap::new();
        for (&id, resource) in wanted {
            let takes = takes.get(id);
            for key in keys(dialect, kind, resource) {
                if takes.is_none_or(|takes| !takes.contains(&key)) {
                    claims.insert(key, id);
                }
            }
        }
        let mut lost: BTreeMap<&'a LocalId, Note> = BTreeMap::new();
        for (&id, takes) in takes {
            for key in takes {
                if let Some(remote) = foreign.get(key) {
                    let why = format!("it belongs to an object there ({remote}) that is not ours");
                    lost.insert(
                        id,
                        self.taken(key, &why, "adopt the object, rename it there, or change the value here"),
                    );
                } else if let Some(other) = claims.get(key).filter(|other| **other != id) {
                    let why = format!("{other} has it as well");
                    lost.insert(id, self.taken(key, &why, "give each of them a value of its own"));
                } else {
                    claims.insert(key.clone(), id);
                }
                if let Some(&holder) = current.get(key).filter(|holder| **holder != id) {
                    waits.entry(id).or_default().push((key.clone(), holder));
                }
            }
        }
        for (id, (key, holder)) in stuck(waits, lost.keys().copied().collect()) {
            let why = format!("{holder} has it there and keeps it");
            let fix = "delete or rename that object there, or change the value here";
            lost.entry(id).or_insert_with(|| self.taken(&key, &why, fix));
        }
        for (id, note) in lost {
            waits.remove(id);
            if let Some(resource) = wanted.get(id) {
                self.refuse(id, resource, vec![note]);
            }
        }
    }

    fn protected(&self, name: &str) -> Note {
        let fix = "take it out of scope, or the name out of the protected ones";
        let what = format!("`{name}` is a protected name");
        Note::new(self.kind.name_attribute(), what, "protected names are never touched", fix)
    }

    fn taken(&self, key: &Key, why: &str, fix: &str) -> Note {
        Note::new(attribute(self.kind, key.0), format!("`{}` is taken", key.1), why, fix)
    }

    /// The step that makes an object what it should be.
    fn towards(&self, id: &'a LocalId, passing: Option<&Resource>, wanted: &Resource) -> Step {
        let Some(before) = passing.or_else(|| self.current.get(id).map(Cow::as_ref)) else {
            let action = Action::Create { resource: wanted.clone(), members: BTreeSet::new() };
            return self.step(id, name_of(self.kind, wanted), Reason::New, action);
        };
        let back = self.is_back(id);
        let attributes: Vec<String> = diff(before, wanted).into_iter().map(|operation| operation.path).collect();
        let why = if back {
            Reason::Returned
        } else if attributes == ["active"] && wanted.get("active") == Some(&Value::Bool(false)) {
            Reason::Disabled
        } else {
            Reason::Changed { attributes }
        };
        let mut step = self.transition(id, before, wanted, why);
        // The person may look the same as before, but somebody else counts on the grace that began then.
        if let (true, Action::Change { operations }, Some(active)) = (back, &mut step.action, wanted.get("active"))
            && operations.iter().all(|operation| operation.path != "active")
        {
            operations.push(Operation::new(Op::Replace, "active", active.clone()));
        }
        step
    }

    fn transition(&self, id: &LocalId, before: &Resource, after: &Resource, why: Reason) -> Step {
        let action = if patchable(self.context.dialect, self.kind, before, after) {
            Action::Change { operations: diff(before, after) }
        } else {
            Action::Replace { resource: after.clone(), members: None }
        };
        self.step(id, name_of(self.kind, after), why, action)
    }

    /// The resource with a unique value given up: names cannot be empty, so a passing one takes the place.
    fn without(&self, id: &LocalId, resource: &Resource, unique: Unique) -> Resource {
        let mut resource = resource.clone();
        match unique {
            Unique::Name => {
                let passing = Value::String(format!("moving-{:016x}", fold(id.as_str())));
                resource.insert(self.kind.name_attribute().to_owned(), passing);
            }
            other => _ = resource.shift_remove(attribute(self.kind, other)),
        }
        resource
    }

    fn is_back(&self, id: &LocalId) -> bool {
        self.held.get(id).is_some_and(|held| held.status != Status::Active)
    }

    fn object(&self, id: &LocalId) -> Object {
        Object { kind: self.kind, id: id.clone() }
    }

    fn step(&self, id: &LocalId, name: &str, why: Reason, action: Action) -> Step {
        Step { object: self.object(id), name: name.to_owned(), why, action }
    }
}

/// FNV-1a: the same identifier gives the same passing name in every plan.
fn fold(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
