//! From the identifiers of the remote side back to ours.

use crate::id::{Kind, LocalId, RemoteId};
use crate::state::{Observed, Roster};
use std::collections::HashMap;

/// Who of ours is which remote object. Made once for a whole reading: the mirror itself is ordered by our identifiers.
#[derive(Clone, Debug)]
pub struct Owners<'a> {
    by_remote: HashMap<&'a RemoteId, &'a LocalId>,
}

impl Observed {
    /// The owners of one kind of object.
    #[must_use]
    pub fn owners(&self, kind: Kind) -> Owners<'_> {
        Owners { by_remote: self.held(kind).iter().map(|(id, held)| (&held.remote, id)).collect() }
    }
}

impl<'a> Owners<'a> {
    /// Which object of ours is known there as `remote`.
    #[must_use]
    pub fn of(&self, remote: &RemoteId) -> Option<&'a LocalId> {
        self.by_remote.get(remote).copied()
    }

    /// Members that were read, sorted into ours and strangers. Only for owners of users.
    #[must_use]
    pub fn roster<'r>(&self, members: impl IntoIterator<Item = &'r RemoteId>) -> Roster {
        let mut roster = Roster::default();
        for remote in members {
            match self.of(remote) {
                Some(owner) => _ = roster.members.insert(owner.clone()),
                None => _ = roster.strangers.insert(remote.clone()),
            }
        }
        roster
    }
}
