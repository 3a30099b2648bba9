//! How much an embedded database takes in one transaction.
//!
//! It writes a transaction to its log first and into a table in memory then. One that is larger than a table stays in the
//! log, cannot be read from there when the database is opened again, and takes everything with it. So a change set that may be
//! too large is refused before it is written.

use domain::port::StoreError;
use surrealdb::types::{Value, Variables};
use surrealdb_common::sys::TOTAL_SYSTEM_MEMORY;

const MIB: u64 = 1024 * 1024;
const GIB: u64 = 1024 * MIB;

/// What a table has room for, in bytes, by the memory of the machine or of the cgroup. The database chooses so
/// (`surrealdb-kvs-surrealkv` 3.3.5, `default_max_memtable_size`).
const fn table(memory: u64) -> u64 {
    if memory < GIB {
        64 * MIB
    } else if memory < 4 * GIB {
        128 * MIB
    } else if memory < 16 * GIB {
        256 * MIB
    } else if memory < 64 * GIB {
        GIB
    } else {
        4 * GIB
    }
}

/// What a transaction may weigh.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Capacity(u64);

impl Capacity {
    /// Of a database in this process, on this machine.
    pub(crate) fn here() -> Self {
        Self(table(*TOTAL_SYSTEM_MEMORY))
    }

    /// Of a database elsewhere, which sees to itself, and of one in memory.
    pub(crate) const fn unbounded() -> Self {
        Self(u64::MAX)
    }

    #[cfg(test)]
    pub(crate) const fn of(bytes: u64) -> Self {
        Self(bytes)
    }

    /// Rows in parts that are written one after the other, each by itself. A row that weighs more than a part has one of its
    /// own: whether it fits is for [`Self::take`] to say.
    pub(crate) fn parts(self, rows: impl IntoIterator<Item = Value>) -> Vec<Vec<Value>> {
        /// More at once is no quicker, and has to be held all the while.
        const PART: u64 = 16 * MIB;
        let most = (self.0 / 4).min(PART);
        let (mut parts, mut taken): (Vec<Vec<Value>>, u64) = (Vec::new(), 0);
        for row in rows {
            let needed = weight(&row);
            taken = taken.saturating_add(needed);
            if let Some(part) = parts.last_mut().filter(|_| taken <= most) {
                part.push(row);
            } else {
                parts.push(vec![row]);
                taken = needed;
            }
        }
        parts
    }

    /// Refuses what may not fit, with so many deletions in it.
    pub(crate) fn take(self, written: &Variables, deletions: u64) -> Result<(), StoreError> {
        /// A deletion leaves an entry for the record and for each of its indexes.
        const DELETION: u64 = 3_000;
        let needed = written.iter().map(|(_, value)| weight(value)).sum::<u64>() + deletions * DELETION;
        if needed <= self.0 { Ok(()) } else { Err(StoreError::TooLarge { needed: needed / MIB, limit: self.0 / MIB }) }
    }
}

/// About what a value takes in a table, in bytes, with what is kept of it in indexes. An entry of a table has 199 bytes
/// beside its key and its value, and a user in five groups has twelve: 3.9 kB, of which this says 5.
fn weight(value: &Value) -> u64 {
    /// For a value's share in the entries.
    const EACH: u64 = 96;
    let inside: u64 = match value {
        Value::String(text) => text.len() as u64,
        Value::Array(values) => values.iter().map(weight).sum(),
        Value::Object(object) => object.iter().map(|(name, value)| name.len() as u64 + weight(value)).sum(),
        _ => 0,
    };
    EACH + inside
}

#[cfg(test)]
mod tests {
    use surrealdb::types::{Array, Value, Variables};

    use super::{Capacity, GIB, MIB, StoreError, table};
    use crate::engine::variables;

    #[test]
    fn a_table_grows_with_the_memory_of_the_machine() {
        let sizes = [GIB - 1, GIB, 4 * GIB, 16 * GIB, 64 * GIB].map(|memory| table(memory) / MIB);
        assert_eq!(sizes, [64, 128, 256, 1024, 4096]);
    }

    #[test]
    fn what_is_larger_than_a_table_is_refused_before_it_is_written() {
        let written = |megabytes: usize| -> Variables {
            let text = "x".repeat(1024 * 1024);
            variables([("texts", Value::Array((0..megabytes).map(|_| Value::String(text.clone())).collect::<Array>()))])
        };
        assert!(Capacity(64 * MIB).take(&written(63), 0).is_ok());
        let Err(StoreError::TooLarge { needed, limit }) = Capacity(64 * MIB).take(&written(65), 0) else {
            panic!("taken")
        };
        assert_eq!((needed, limit), (65, 64));
        assert!(Capacity::unbounded().take(&written(65), 0).is_ok());
        assert!(Capacity(64 * MIB).take(&written(1), 30_000).is_err());
    }

    #[test]
    fn rows_are_cut_into_parts_in_their_order_and_one_that_is_larger_than_a_part_goes_alone() {
        let rows = [1_000, 1_000, 5_000, 100, 100, 100].map(|length| Value::String("x".repeat(length)));
        let sizes = |capacity: Capacity| -> Vec<usize> { capacity.parts(rows.clone()).iter().map(Vec::len).collect() };
        assert_eq!(sizes(Capacity(4 * 2_200)), [2, 1, 3]);
        assert_eq!(sizes(Capacity(4)), [1; 6]);
        assert_eq!(sizes(Capacity::unbounded()), [6]);
        assert_eq!(Capacity(4 * 2_200).parts(rows.clone()).concat(), rows);
        assert!(Capacity::unbounded().parts([]).is_empty());
    }
}
