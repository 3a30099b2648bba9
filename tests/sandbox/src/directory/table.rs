//! Rows with what may be theirs alone.

use std::collections::{BTreeMap, HashMap};

/// A row of a table.
pub(crate) trait Row {
    fn id(&self) -> &str;
    /// Its place in lists: the order of creation.
    fn place(&self) -> u64;
    /// Values that no other row may have, each with the name of its kind.
    fn claims(&self) -> Vec<(&'static str, String)>;
}

/// Rows in the order of their places, found by id and by claim without a search.
#[derive(Clone, Debug)]
pub(crate) struct Table<T> {
    rows: BTreeMap<u64, T>,
    ids: HashMap<String, u64>,
    claims: HashMap<(&'static str, String), u64>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), ids: HashMap::new(), claims: HashMap::new() }
    }
}

impl<T: Row> Table<T> {
    /// Puts a row in, in the place of the one with the same id if there is one.
    pub(crate) fn put(&mut self, row: T) {
        self.remove(row.id());
        self.ids.insert(row.id().to_owned(), row.place());
        self.claims.extend(row.claims().into_iter().map(|claim| (claim, row.place())));
        self.rows.insert(row.place(), row);
    }

    /// Takes a row out.
    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        let row = self.rows.remove(&self.ids.remove(id)?)?;
        for claim in row.claims() {
            self.claims.remove(&claim);
        }
        Some(row)
    }

    /// The row of an id.
    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(self.ids.get(id)?)
    }

    /// The row that has a value for itself.
    pub(crate) fn holder(&self, kind: &'static str, value: &str) -> Option<&T> {
        self.rows.get(self.claims.get(&(kind, value.to_owned()))?)
    }

    /// Whether another row has what this one claims.
    pub(crate) fn refuses(&self, row: &T) -> bool {
        row.claims().iter().any(|claim| self.claims.get(claim).is_some_and(|place| *place != row.place()))
    }

    /// All rows, in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &T> {
        self.rows.values()
    }

    /// All rows, in order, to be changed in what they do not claim.
    pub(crate) fn rows_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.rows.values_mut()
    }
}
