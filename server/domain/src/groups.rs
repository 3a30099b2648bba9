use std::collections::{BTreeMap, BTreeSet, VecDeque};

use model::{Attributes, Group, Versioned};
use serde_json::Value;

/// For each group, itself and all its ancestors.
pub type Ancestry = BTreeMap<String, BTreeSet<String>>;

/// Follows parents upwards. Parents that do not exist are passed over; cycles end where they close.
pub fn ancestry(groups: &BTreeMap<String, Versioned<Group>>) -> Ancestry {
    groups
        .keys()
        .map(|name| {
            let mut found = BTreeSet::new();
            let mut open = vec![name.as_str()];
            while let Some(next) = open.pop() {
                if let Some(group) = groups.get(next)
                    && found.insert(next.to_owned())
                {
                    open.extend(group.value.parents.iter().map(String::as_str));
                }
            }
            (name.clone(), found)
        })
        .collect()
}

/// A cycle among parents, as the path that closes it; none where there is none.
pub fn cycle<'a>(parents: &BTreeMap<&'a str, Vec<&'a str>>) -> Option<Vec<&'a str>> {
    let mut done = BTreeSet::new();
    for start in parents.keys() {
        // Depth first with the path kept, without recursion: a file may nest groups as deep as it likes.
        let mut path: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((name, index)) = path.pop() {
            if done.contains(name) {
                continue;
            }
            match parents.get(name).and_then(|p| p.get(index)) {
                Some(parent) => {
                    path.push((name, index + 1));
                    if let Some(at) = path.iter().position(|(n, _)| n == parent) {
                        let mut closed: Vec<&str> = path.iter().skip(at).map(|(n, _)| *n).collect();
                        closed.push(parent);
                        return Some(closed);
                    }
                    path.push((parent, 0));
                }
                None => {
                    done.insert(name);
                }
            }
        }
    }
    None
}

/// For each group of somebody, a shortest way to it: from a direct group upwards, each a parent of the one before.
pub fn paths(direct: &BTreeSet<String>, groups: &BTreeMap<String, Versioned<Group>>) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut open: VecDeque<Vec<String>> = direct.iter().map(|name| vec![name.clone()]).collect();
    while let Some(path) = open.pop_front() {
        let Some(group) = path.last().and_then(|last| groups.get(last)) else { continue };
        if found.contains_key(&group.value.name) {
            continue;
        }
        for parent in &group.value.parents {
            open.push_back(path.iter().chain([parent]).cloned().collect());
        }
        found.insert(group.value.name.clone(), path);
    }
    found
}

/// All groups of a user: the direct ones and their ancestors.
pub fn all_groups(direct: &BTreeSet<String>, ancestry: &Ancestry) -> BTreeSet<String> {
    direct.iter().filter_map(|name| ancestry.get(name)).flatten().cloned().collect()
}

/// What `user.group_attributes()` gives: groups by name ascending, later ones over earlier ones, the user's own last.
/// Objects merge, lists append, anything else is replaced.
pub fn merged_attributes<'a>(layers: impl Iterator<Item = &'a Attributes>) -> Attributes {
    let mut merged = Attributes::new();
    for layer in layers {
        merge(&mut merged, layer);
    }
    merged
}

fn merge(into: &mut Attributes, from: &Attributes) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Object(a)), Value::Object(b)) => merge(a, b),
            (Some(Value::Array(a)), Value::Array(b)) => a.extend(b.iter().cloned()),
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use model::{Group, Versioned};
    use serde_json::json;

    use super::{all_groups, ancestry, cycle, merged_attributes, paths};

    fn group(name: &str, parents: &[&str]) -> (String, Versioned<Group>) {
        let parents = parents.iter().map(|p| (*p).to_owned()).collect();
        (
            name.to_owned(),
            Versioned { version: 1, value: Group { name: name.to_owned(), attributes: Default::default(), parents } },
        )
    }

    #[test]
    fn a_member_of_a_group_is_a_member_of_every_ancestor_by_every_path() {
        let groups = BTreeMap::from([group("a", &["b", "c"]), group("b", &["d"]), group("c", &["d"]), group("d", &[])]);
        let all = all_groups(&BTreeSet::from(["a".to_owned()]), &ancestry(&groups));
        assert_eq!(all.into_iter().collect::<Vec<_>>(), ["a", "b", "c", "d"]);
    }

    #[test]
    fn the_way_to_a_group_is_the_shortest_one_and_a_cycle_does_not_matter() {
        let groups = BTreeMap::from([group("a", &["b"]), group("b", &["c"]), group("c", &["a", "d"]), group("d", &[])]);
        let found = paths(&BTreeSet::from(["a".to_owned(), "c".to_owned(), "gone".to_owned()]), &groups);
        let lines: Vec<String> = found.values().map(|path| path.join(" ")).collect();
        assert_eq!(lines, ["a", "a b", "c", "c d"]);
    }

    #[test]
    fn a_cycle_is_named_and_a_diamond_is_none() {
        let diamond = BTreeMap::from([("a", vec!["b", "c"]), ("b", vec!["d"]), ("c", vec!["d"]), ("d", vec![])]);
        assert_eq!(cycle(&diamond), None);
        let ring = BTreeMap::from([("a", vec!["b"]), ("b", vec!["c"]), ("c", vec!["a"])]);
        assert_eq!(cycle(&ring).unwrap(), ["a", "b", "c", "a"]);
        assert!(cycle(&BTreeMap::from([("a", vec!["a"])])).is_some());
    }

    #[test]
    fn later_layers_overwrite_dicts_merge_and_lists_append() {
        let one = json!({"aws_role": "Reader", "tags": {"a": 1, "b": 1}, "list": [1]});
        let two = json!({"aws_role": "Admin", "tags": {"b": 2}, "list": [2]});
        let merged = merged_attributes([one, two].iter().filter_map(|v| v.as_object()));
        assert_eq!(
            serde_json::Value::Object(merged),
            json!({"aws_role": "Admin", "tags": {"a": 1, "b": 2}, "list": [1, 2]})
        );
    }
}
