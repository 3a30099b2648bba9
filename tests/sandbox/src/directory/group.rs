//! A group of the identity store.

use std::collections::BTreeSet;

use super::table::Row;

/// A group. Times are unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) id: String,
    /// Its place in lists: the order of creation.
    pub(crate) place: u64,
    pub(crate) created: i64,
    pub(crate) modified: i64,
    pub(crate) display_name: String,
    pub(crate) external_id: Option<String>,
    /// Ids of users.
    pub(crate) members: BTreeSet<String>,
}

impl Row for Group {
    fn id(&self) -> &str {
        &self.id
    }

    fn place(&self) -> u64 {
        self.place
    }

    fn claims(&self) -> Vec<(&'static str, String)> {
        let external = self.external_id.clone().map(|id| ("externalId", id));
        std::iter::once(("displayName", self.display_name.to_lowercase())).chain(external).collect()
    }
}
