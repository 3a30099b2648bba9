//! What should be there.

use crate::id::LocalId;
use crate::wire::Resource;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Everybody and everything in scope, as the property mappings rendered it. What is absent is to be deprovisioned.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Desired {
    /// The users in scope.
    pub users: BTreeMap<LocalId, Resource>,
    /// The groups in scope.
    pub groups: BTreeMap<LocalId, DesiredGroup>,
}

/// A group that should be there.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct DesiredGroup {
    /// Its attributes; `members` inside is ignored.
    pub resource: Resource,
    /// The users in it, already flattened: AWS knows no groups inside groups. Who is not in scope is not sent.
    pub members: BTreeSet<LocalId>,
}
