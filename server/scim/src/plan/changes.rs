//! Creations, changes and the deletions that make way for them.

use crate::dialect::{Answers, Note, Unique};
use crate::id::{Kind, LocalId, RemoteId};
use crate::plan::diff::{diff, patchable};
use crate::plan::index::{Key, attribute, holders, keys};
use crate::plan::objects::Planner;
use crate::plan::order::{Turn, Waits, order, stuck};
use crate::plan::waiting::{is_waiting, parked};
use crate::state::Status;
use crate::step::{Action, Reason, Step};
use crate::wire::{Op, Operation, Resource, name_of};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

impl<'a> Planner<'a> {
    /// Creations and changes, and the deletions around them.
    pub(super) fn change(&mut self, taken: &HashSet<&RemoteId>, mut deletions: BTreeMap<&'a LocalId, Step>) {
        let mut wanted = std::mem::take(&mut self.out.wanted);
        let mut takes: BTreeMap<&'a LocalId, Vec<Key>> = BTreeMap::new();
        for (&id, resource) in &wanted {
            let current = self.current.get(id).map(Cow::as_ref);
            if current != Some(resource.as_ref()) || self.is_back(id) {
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
        let parked = parked(self.context);
        let mut passing: HashMap<&LocalId, Resource> = HashMap::new();
        for turn in order(&waits, roots) {
            match turn {
                Turn::Change(id) => {
                    if let Some(deletion) = deletions.remove(id) {
                        self.out.gone.insert(id.clone());
                        self.out.ordered.push(deletion);
                    } else if let Some(step) = self.towards(id, passing.get(id), &mut wanted) {
                        if is_waiting(&parked, &step) && !self.current.contains_key(id) {
                            // Nobody can become a member before being there.
                            self.out.waiting.push(step);
                            continue;
                        }
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
        wanted: &BTreeMap<&'a LocalId, Cow<'a, Resource>>,
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
        let mut lost: BTreeMap<&'a LocalId, Vec<Note>> = BTreeMap::new();
        for (&id, takes) in takes {
            for key in takes {
                if let Some(remote) = foreign.get(key) {
                    let name =
                        self.context.observed.foreign(kind).get(*remote).map_or("", |there| name_of(kind, there));
                    let why =
                        format!("it belongs to an object there that is not ours: {}", called(name, remote.as_str()));
                    let fix = "adopt the object, rename it there, or change the value here";
                    lost.entry(id).or_default().push(self.taken(key, &why, fix));
                } else if let Some(other) = claims.get(key).filter(|other| **other != id) {
                    let name = wanted.get(other).map_or("", |other| name_of(kind, other));
                    let why = format!("{} has it as well", called(name, other.as_str()));
                    lost.entry(id).or_default().push(self.taken(key, &why, "give each of them a value of its own"));
                } else {
                    claims.insert(key.clone(), id);
                }
                if let Some(&holder) = current.get(key).filter(|holder| **holder != id) {
                    waits.entry(id).or_default().push((key.clone(), holder));
                }
            }
        }
        for (id, (key, holder)) in stuck(waits, lost.keys().copied().collect()) {
            let name = self.current.get(holder).map_or("", |there| name_of(kind, there));
            let why = format!("{} has it there and keeps it", called(name, holder.as_str()));
            let fix = "delete or rename that object there, or change the value here";
            lost.entry(id).or_insert_with(|| vec![self.taken(&key, &why, fix)]);
        }
        for (id, notes) in lost {
            waits.remove(id);
            if let Some(resource) = wanted.get(id) {
                self.refuse(id, resource, notes);
            }
        }
    }

    fn taken(&self, key: &Key, why: &str, fix: &str) -> Note {
        let note = Note::new(attribute(self.kind, key.0), format!("`{}` is taken", key.1), why, fix);
        note.answered(self.rules.answers.map(Answers::taken))
    }

    /// The step that makes an object what it should be.
    fn towards(
        &self,
        id: &'a LocalId,
        passing: Option<&Resource>,
        wanted: &mut BTreeMap<&'a LocalId, Cow<'a, Resource>>,
    ) -> Option<Step> {
        let Some(before) = passing.or_else(|| self.current.get(id).map(Cow::as_ref)) else {
            // Groups are asked for again, when their members are planned. Users are not, and they are many.
            let resource = if self.kind == Kind::User { wanted.remove(id)? } else { wanted.get(id)?.clone() };
            let resource = resource.into_owned();
            let name = name_of(self.kind, &resource).to_owned();
            let action = Action::Create { resource, members: BTreeSet::new() };
            return Some(self.step(id, &name, Reason::New, action));
        };
        let wanted: &Resource = wanted.get(id)?;
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
        Some(step)
    }

    pub(super) fn transition(&self, id: &LocalId, before: &Resource, after: &Resource, why: Reason) -> Step {
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
}

/// An object by its name, where it has one, and by its identifier.
fn called(name: &str, id: &str) -> String {
    if name.is_empty() { id.to_owned() } else { format!("{name} ({id})") }
}

/// FNV-1a: the same identifier gives the same passing name in every plan.
fn fold(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
