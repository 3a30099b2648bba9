//! A reading of the remote store.

use crate::id::{Kind, RemoteId};
use crate::wire::Resource;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that was read. It must be whole: what is not in it counts as deleted.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Listing {
    /// Every user.
    pub users: Vec<Resource>,
    /// Every group.
    pub groups: Vec<Resource>,
    /// The members of groups whose members were read; the members of others are taken as the mirror has them.
    pub members: BTreeMap<RemoteId, BTreeSet<RemoteId>>,
}

impl Listing {
    pub(super) fn of(&self, kind: Kind) -> &[Resource] {
        match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        }
    }
}
