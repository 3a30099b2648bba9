//! What an acknowledged request did to the remote store.

use crate::id::{Kind, LocalId, Object, RemoteId};
use crate::state::Roster;
use crate::wire::{Operation, Resource};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A change to the mirror. Recording one twice is the same as recording it once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// The object exists now.
    Created {
        /// Which one.
        object: Object,
        /// Its identifier there.
        remote: RemoteId,
        /// What was sent.
        resource: Resource,
        /// The members that were sent with a group.
        members: BTreeSet<LocalId>,
    },
    /// Attributes were changed.
    Changed {
        /// Of which object.
        object: Object,
        /// The operations that were acknowledged.
        operations: Vec<Operation>,
    },
    /// The whole resource was replaced.
    Replaced {
        /// Which object.
        object: Object,
        /// What was sent.
        resource: Resource,
        /// The members that were sent with a group.
        members: Option<Roster>,
    },
    /// A user who left the scope is deactivated.
    Deactivated {
        /// Who.
        user: LocalId,
        /// When, in unix seconds.
        since: i64,
    },
    /// The object is not there any more, nor is it in any group.
    Gone {
        /// Which one.
        object: Object,
    },
    /// An object that was there is ours from now on.
    Adopted {
        /// Which one.
        object: Object,
        /// Its identifier there.
        remote: RemoteId,
        /// What it looks like, as far as the dialect knows its attributes.
        resource: Resource,
    },
    /// Memberships were changed.
    MembersChanged {
        /// In which group.
        group: LocalId,
        /// Who is in it now.
        added: Vec<LocalId>,
        /// Who is not in it any more.
        removed: Vec<LocalId>,
        /// Members not of ours who are not in it any more.
        strangers: Vec<RemoteId>,
    },
    /// The members of a group were read.
    MembersRead {
        /// Of which group.
        group: LocalId,
        /// Every member, as [`Owners::roster`](crate::state::Owners::roster) sorts them.
        roster: Roster,
    },
    /// An object of ours was read and differs from what was acknowledged.
    Seen {
        /// Which one.
        object: Object,
        /// What it looks like, as far as the dialect knows its attributes.
        resource: Resource,
    },
    /// A foreign object is not there any more.
    Vanished {
        /// A user or a group.
        kind: Kind,
        /// Its identifier there.
        remote: RemoteId,
    },
    /// An object was met that is not ours.
    Met {
        /// A user or a group.
        kind: Kind,
        /// Its identifier there.
        remote: RemoteId,
        /// What it looks like.
        resource: Resource,
    },
}

impl Effect {
    /// The object of ours that it is about.
    #[must_use]
    pub fn object(&self) -> Option<Object> {
        match self {
            Self::Created { object, .. }
            | Self::Changed { object, .. }
            | Self::Replaced { object, .. }
            | Self::Gone { object }
            | Self::Adopted { object, .. }
            | Self::Seen { object, .. } => Some(object.clone()),
            Self::Deactivated { user, .. } => Some(Object::user(user)),
            Self::MembersChanged { group, .. } | Self::MembersRead { group, .. } => Some(Object::group(group)),
            Self::Met { .. } | Self::Vanished { .. } => None,
        }
    }
}
