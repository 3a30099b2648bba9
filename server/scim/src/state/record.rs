//! Effects, recorded.

use crate::id::{Kind, LocalId, Object, RemoteId};
use crate::state::{Effect, Held, Observed, Roster, Status};
use crate::wire::{Op, Operation, Resource};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

impl Observed {
    /// Takes note of what happened. Write the mirror down before the next request, and no answer is ever lost twice.
    pub fn record(&mut self, effect: Effect) {
        if let Some(object) = effect.object().filter(|_| !self.parked.is_empty()) {
            self.unpark(&object);
        }
        match effect {
            Effect::Created { object, remote, resource, members } => {
                self.hold(&object, remote, resource, Roster { members, ..Roster::default() });
            }
            Effect::Adopted { object, remote, resource } => {
                self.hold(&object, remote, resource, Roster { unread: true, ..Roster::default() });
            }
            Effect::Changed { object, operations } => {
                if let Some(held) = self.held_mut(object.kind).get_mut(&object.id) {
                    for operation in operations {
                        apply(&mut held.resource, operation);
                    }
                    held.status = Status::Active;
                }
            }
            Effect::Replaced { object, resource, members } => {
                if let Some(held) = self.held_mut(object.kind).get_mut(&object.id) {
                    held.resource = resource;
                    held.status = Status::Active;
                }
                if let Some(mut roster) = members.filter(|_| object.kind == Kind::Group) {
                    self.recognise(&mut roster);
                    self.rosters.insert(object.id, roster);
                }
            }
            Effect::Deactivated { user, since } => {
                if let Some(held) = self.users.get_mut(&user) {
                    held.resource.insert("active".to_owned(), Value::Bool(false));
                    held.status = Status::Deactivated { since };
                }
            }
            Effect::Gone { object } => self.forget(&object),
            Effect::MembersChanged { group, added, removed, strangers } => {
                let roster = self.rosters.entry(group).or_default();
                for member in &removed {
                    roster.members.remove(member);
                }
                for stranger in &strangers {
                    roster.strangers.remove(stranger);
                }
                // A user who went away in the meantime took the membership along.
                roster.members.extend(added.into_iter().filter(|member| self.users.contains_key(member)));
            }
            Effect::MembersRead { group, roster } => {
                // Read of a group that went away in the meantime.
                if self.groups.contains_key(&group) {
                    self.rosters.insert(group, roster);
                }
            }
            Effect::Seen { object, resource } => {
                if let Some(held) = self.held_mut(object.kind).get_mut(&object.id) {
                    // Somebody switched a deactivated person on again over there: it has to be done once more.
                    if object.kind == Kind::User && resource.get("active") == Some(&Value::Bool(true)) {
                        held.status = Status::Active;
                    }
                    held.resource = resource;
                }
            }
            Effect::Met { kind, remote, resource } => _ = self.foreign_mut(kind).insert(remote, resource),
            Effect::Vanished { kind, remote } => _ = self.foreign_mut(kind).remove(&remote),
        }
    }

    fn hold(&mut self, object: &Object, remote: RemoteId, resource: Resource, roster: Roster) {
        self.foreign_mut(object.kind).remove(&remote);
        // Heard twice: what was learnt about the members since then stays.
        if self.held(object.kind).get(&object.id).is_some_and(|held| held.remote == remote) {
            return;
        }
        match object.kind {
            Kind::Group => _ = self.rosters.insert(object.id.clone(), roster),
            // Somebody whom a group already listed as a stranger is one no more.
            Kind::User => {
                for roster in self.rosters.values_mut() {
                    if roster.strangers.remove(&remote) {
                        roster.members.insert(object.id.clone());
                    }
                }
            }
        }
        self.held_mut(object.kind).insert(object.id.clone(), Held { remote, resource, status: Status::Active });
    }

    /// Somebody who was a stranger when the plan was made may have been adopted since.
    fn recognise(&self, roster: &mut Roster) {
        if roster.strangers.is_empty() {
            return;
        }
        let owners = self.owners(Kind::User);
        roster.strangers.retain(|remote| match owners.of(remote) {
            Some(owner) => {
                roster.members.insert(owner.clone());
                false
            }
            None => true,
        });
    }

    fn forget(&mut self, object: &Object) {
        self.held_mut(object.kind).remove(&object.id);
        match object.kind {
            Kind::Group => _ = self.rosters.remove(&object.id),
            Kind::User => {
                for roster in self.rosters.values_mut() {
                    roster.members.remove(&object.id);
                }
            }
        }
    }

    fn held_mut(&mut self, kind: Kind) -> &mut BTreeMap<LocalId, Held> {
        match kind {
            Kind::User => &mut self.users,
            Kind::Group => &mut self.groups,
        }
    }

    fn foreign_mut(&mut self, kind: Kind) -> &mut BTreeMap<RemoteId, Resource> {
        match kind {
            Kind::User => &mut self.foreign_users,
            Kind::Group => &mut self.foreign_groups,
        }
    }

    /// The identifiers there of users of ours; who is not there is left out.
    pub(crate) fn remotes<'a>(&'a self, users: impl IntoIterator<Item = &'a LocalId>) -> BTreeSet<&'a RemoteId> {
        users.into_iter().filter_map(|id| self.users.get(id)).map(|held| &held.remote).collect()
    }
}

/// One operation of ours on a resource of ours: paths are those that the differ writes, nothing else.
fn apply(resource: &mut Resource, operation: Operation) {
    let split = if operation.path.starts_with("urn:") {
        operation.path.rsplit_once(':')
    } else {
        operation.path.split_once('.')
    };
    let (container, name) = split.map_or((None, operation.path.as_str()), |(container, name)| (Some(container), name));
    let value = operation.value.filter(|_| operation.op != Op::Remove);
    let Some(container) = container else {
        set(resource, name, value);
        return;
    };
    let inner = resource.entry(container).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(inner) = inner {
        set(inner, name, value);
        if inner.is_empty() {
            resource.shift_remove(container);
        }
    }
}

fn set(object: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => _ = object.insert(name.to_owned(), value),
        None => _ = object.shift_remove(name),
    }
}
