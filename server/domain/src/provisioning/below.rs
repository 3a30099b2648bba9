use std::collections::{BTreeMap, BTreeSet};

use model::{Group, Versioned};

/// For groups that decide about a scope: each with all groups below it, whose members are its members.
#[derive(Debug, Default)]
pub struct Below(BTreeMap<String, BTreeSet<String>>);

impl Below {
    /// Walks down from each of the named groups. Who is in a group that is not there is in no group.
    pub fn walk<'a>(groups: &BTreeMap<String, Versioned<Group>>, named: impl IntoIterator<Item = &'a String>) -> Self {
        let named: BTreeSet<&String> = named.into_iter().collect();
        if named.is_empty() {
            return Self::default();
        }
        let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, group) in groups {
            for parent in &group.value.parents {
                children.entry(parent).or_default().push(name);
            }
        }
        let down = |top: &String| {
            let (mut found, mut open) = (BTreeSet::new(), vec![top.as_str()]);
            while let Some(next) = open.pop() {
                if groups.contains_key(next) && found.insert(next.to_owned()) {
                    open.extend(children.get(next).into_iter().flatten());
                }
            }
            (top.clone(), found)
        };
        Self(named.into_iter().map(down).collect())
    }

    /// A group that was named, with all groups below it.
    pub fn of(&self, group: &str) -> impl Iterator<Item = &String> {
        self.0.get(group).into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use model::{Group, Versioned};

    use super::Below;

    #[test]
    fn all_that_is_below_is_found_by_every_path_and_a_cycle_ends() {
        let group = |name: &str, parents: &[&str]| {
            let parents = parents.iter().map(|parent| (*parent).to_owned()).collect();
            let group = Group { name: name.to_owned(), attributes: Default::default(), parents };
            (name.to_owned(), Versioned { version: 1, value: group })
        };
        let groups = BTreeMap::from([
            group("top", &[]),
            group("left", &["top"]),
            group("right", &["top", "gone"]),
            group("low", &["left", "right", "ring"]),
            group("ring", &["low"]),
        ]);
        let named = ["top", "ring", "gone"].map(str::to_owned);
        let below = Below::walk(&groups, &named);
        let of = |name: &str| below.of(name).map(String::as_str).collect::<Vec<_>>();
        assert_eq!(of("top"), ["left", "low", "right", "ring", "top"]);
        assert_eq!(of("ring"), ["low", "ring"]);
        assert!(of("gone").is_empty() && of("left").is_empty(), "nobody asked for the second");
    }
}
