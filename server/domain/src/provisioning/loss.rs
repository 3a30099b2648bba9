use std::collections::BTreeSet;

use scim::{
    id::{Kind, LocalId, Object, RemoteId},
    state::{Held, Observed, Status},
    step::{Action, Step},
};
use serde::{Deserialize, Serialize};

use super::removals::losses;

/// One thing that a plan takes away. Who is deleted and made anew is another one there: what was assigned is lost.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// A user's access, or the user.
    User { user: LocalId, remote: RemoteId },
    /// A user that had no access any more.
    Account { user: LocalId, remote: RemoteId },
    /// A group.
    Group { group: LocalId, remote: RemoteId },
    /// A membership.
    Member { group: LocalId, user: LocalId },
    /// A membership of somebody who is not ours.
    Stranger { group: LocalId, remote: RemoteId },
}

/// Whether a user of ours has access there.
fn has_access(held: &Held) -> bool {
    held.status == Status::Active && held.is_enabled()
}

impl Loss {
    /// What a step takes away, each with its word among the [`removals`](super::removals::removals). Deactivating who is
    /// inactive already takes nothing.
    pub fn of(step: &Step, observed: &Observed) -> Vec<(String, Self)> {
        let id = &step.object.id;
        let held = observed.held(step.object.kind).get(id);
        let remote = || held.map_or_else(|| RemoteId::from(""), |held| held.remote.clone());
        let user = || Self::User { user: id.clone(), remote: remote() };
        match (&step.action, step.object.kind) {
            (Action::Delete, Kind::User) => {
                let account = Self::Account { user: id.clone(), remote: remote() };
                let loss = if held.is_none_or(Held::is_enabled) { user() } else { account };
                vec![(format!("delete {:?} {id}", Kind::User), loss)]
            }
            (Action::Delete, Kind::Group) => {
                let word = format!("delete {:?} {id}", Kind::Group);
                let members = observed.rosters.get(id).into_iter().flat_map(|roster| &roster.members);
                let members = members.map(|member| Self::Member { group: id.clone(), user: member.clone() });
                let group = Self::Group { group: id.clone(), remote: remote() };
                std::iter::once(group).chain(members).map(|loss| (word.clone(), loss)).collect()
            }
            (Action::Deactivate { .. } | Action::Change { .. } | Action::Replace { .. }, Kind::User) => {
                let off = matches!(step.action, Action::Deactivate { .. }) || step.disables();
                let loses = off && held.is_some_and(has_access);
                loses.then(|| (format!("deactivate {id}"), user())).into_iter().collect()
            }
            _ => {
                let (members, strangers) = losses(step, observed);
                let ours = members.into_iter().map(|member| {
                    let loss = Self::Member { group: id.clone(), user: member.clone() };
                    (format!("member {id} {member}"), loss)
                });
                let others = strangers.into_iter().map(|remote| {
                    let loss = Self::Stranger { group: id.clone(), remote: remote.clone() };
                    (format!("stranger {id} {remote}"), loss)
                });
                ours.chain(others).collect()
            }
        }
    }

    /// All that steps take away.
    pub fn all(steps: &[Step], observed: &Observed) -> BTreeSet<Self> {
        steps.iter().flat_map(|step| Self::of(step, observed)).map(|(_, loss)| loss).collect()
    }

    /// Of which object there it is taken.
    pub fn object(&self) -> Object {
        match self {
            Self::User { user, .. } | Self::Account { user, .. } => Object::user(user),
            Self::Group { group, .. } | Self::Member { group, .. } | Self::Stranger { group, .. } => {
                Object::group(group)
            }
        }
    }

    /// Whether it is missing there, as far as is known. A step that was never sent or was refused took nothing, and
    /// somebody who is back has lost nothing.
    pub fn is_missing(&self, observed: &Observed) -> bool {
        let lacks = |group: &LocalId, user: &LocalId| {
            observed.rosters.get(group).is_none_or(|roster| !roster.members.contains(user))
        };
        match self {
            Self::User { user, remote } => {
                observed.users.get(user).is_none_or(|held| held.remote != *remote || !has_access(held))
            }
            Self::Account { user, remote } => observed.users.get(user).is_none_or(|held| held.remote != *remote),
            Self::Group { group, remote } => observed.groups.get(group).is_none_or(|held| held.remote != *remote),
            Self::Member { group, user } => lacks(group, user),
            Self::Stranger { group, remote } => {
                observed.rosters.get(group).is_none_or(|roster| !roster.strangers.contains(remote))
            }
        }
    }

    /// Whether it is a membership of somebody who has stayed: what goes with a user is counted with the user.
    pub fn is_of_somebody_there(&self, observed: &Observed) -> bool {
        match self {
            Self::Member { user, .. } => observed.users.get(user).is_some_and(|held| held.status == Status::Active),
            Self::Stranger { .. } => true,
            _ => false,
        }
    }
}
