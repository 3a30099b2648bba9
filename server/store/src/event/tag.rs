use std::collections::BTreeMap;
use std::ops::Bound;

use model::ListQuery;
use surrealdb::types::{Array, Object, RecordId, RecordIdKey, RecordIdKeyRange, Value};

use super::Line;

const TABLE: &str = "event_tag";
/// Sorts after every place.
const END: &str = "w";

/// An id of an event, which is hexadecimal, in letters that sort the other way round: a range of entries is read in
/// ascending order only, and the newest events are wanted first.
fn place(id: &str) -> String {
    id.chars().map(|c| c.to_digit(16).and_then(|d| char::from_u32(u32::from('v') - d)).unwrap_or(c)).collect()
}

/// The id of a place.
fn id(place: &str) -> String {
    let digit = |c: char| u32::from('v').checked_sub(u32::from(c)).and_then(|d| char::from_digit(d, 16));
    place.chars().map(|c| digit(c).unwrap_or(c)).collect()
}

/// What events are listed by: a kind, a target, both, or nothing. A kind has no line end, so no two tags are written alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tag(String);

impl Tag {
    pub(super) fn any() -> Self {
        Self(String::new())
    }

    fn kind(kind: &str) -> Self {
        Self(format!("k\n{kind}"))
    }

    fn target(target: &str) -> Self {
        Self(format!("t\n{target}"))
    }

    fn both(kind: &str, target: &str) -> Self {
        Self(format!("b\n{kind}\n{target}"))
    }

    /// What a query asks for, but for its words.
    pub(super) fn of(query: &ListQuery) -> Self {
        match (query.filter.is_empty(), query.target.is_empty()) {
            (true, true) => Self::any(),
            (false, true) => Self::kind(&query.filter),
            (true, false) => Self::target(&query.target),
            (false, false) => Self::both(&query.filter, &query.target),
        }
    }

    /// The tags of a row and how many of its events have each.
    pub(super) fn count(lines: &[Line]) -> BTreeMap<Self, i64> {
        // Most events of a row are of few kinds and about few things.
        let mut pairs = BTreeMap::<(&str, &str), i64>::new();
        for line in lines {
            *pairs.entry((line.kind, &line.target)).or_default() += 1;
        }
        let mut counts = BTreeMap::new();
        for ((kind, target), n) in pairs {
            for tag in [Self::any(), Self::kind(kind), Self::target(target), Self::both(kind, target)] {
                *counts.entry(tag).or_default() += n;
            }
        }
        counts
    }

    fn key(&self, place: &str) -> RecordIdKey {
        RecordIdKey::Array([self.0.as_str(), place].into_iter().collect::<Array>())
    }

    /// To insert: this tag of the row `id`, on `n` of its events.
    pub(super) fn entry(&self, id: &str, n: i64) -> Value {
        let mut entry = Object::new();
        entry.insert("id", Value::RecordId(RecordId { table: TABLE.into(), key: self.key(&place(id)) }));
        entry.insert("n", n);
        Value::Object(entry)
    }

    /// The entries of all rows, the newest first.
    pub(super) fn all(&self) -> Value {
        range(Bound::Included(self.key("")), Bound::Excluded(self.key(END)))
    }

    /// The entries of rows older than one.
    pub(super) fn before(&self, id: &str) -> Value {
        range(Bound::Excluded(self.key(&place(id))), Bound::Excluded(self.key(END)))
    }

    /// The entries of rows up to one, and of it.
    pub(super) fn up_to(&self, id: &str) -> Value {
        range(Bound::Included(self.key(&place(id))), Bound::Excluded(self.key(END)))
    }

    /// The entries of rows newer than one.
    pub(super) fn after(&self, id: &str) -> Value {
        range(Bound::Included(self.key("")), Bound::Excluded(self.key(&place(id))))
    }
}

fn range(start: Bound<RecordIdKey>, end: Bound<RecordIdKey>) -> Value {
    let key = RecordIdKey::Range(Box::new(RecordIdKeyRange { start, end }));
    Value::RecordId(RecordId { table: TABLE.into(), key })
}

/// An entry as it is read: the row's id, and on how many of its events the tag is.
pub(super) struct Tagged {
    pub id: String,
    pub n: usize,
}

impl Tagged {
    pub(super) fn read(value: Value) -> Option<Self> {
        let Value::Object(mut entry) = value else { return None };
        let Some(Value::RecordId(RecordId { key: RecordIdKey::Array(key), .. })) = entry.remove("id") else {
            return None;
        };
        let (Some(Value::String(place)), Some(Value::Number(n))) = (key.into_iter().nth(1), entry.remove("n")) else {
            return None;
        };
        Some(Self { id: id(&place), n: n.to_int().and_then(|n| usize::try_from(n).ok())? })
    }
}

#[cfg(test)]
mod tests {
    use super::{END, id, place};

    #[test]
    fn places_sort_the_other_way_round_and_lead_back() {
        let ids = ["0000", "0009", "000a", "00f0", "0100", "9fff", "a000", "ffff"];
        let places = ids.map(place);
        assert!(places.windows(2).all(|pair| pair[0] > pair[1]), "{places:?}");
        assert!(places.iter().all(|place| place.as_str() < END));
        assert_eq!(places.each_ref().map(|place| id(place)), ids);
    }
}
