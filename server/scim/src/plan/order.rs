//! Unique values change hands in an order in which nobody ever asks for one that is still taken.

use crate::id::LocalId;
use crate::plan::index::Key;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// What waits for what: for each change, the values it takes and who has them now (nobody is left out).
pub(super) type Waits<'a> = BTreeMap<&'a LocalId, Vec<(Key, &'a LocalId)>>;

/// One entry of the order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn<'a> {
    /// The change itself.
    Change(&'a LocalId),
    /// An object lets go of a value for a moment, because two or more wait for one another.
    Release { holder: &'a LocalId, key: Key, taker: &'a LocalId },
}

/// Every change that can never go, with the value and the object that it waits for: somebody has a value and is not
/// going to give it up.
pub(super) fn stuck<'a>(waits: &Waits<'a>, lost: Vec<&'a LocalId>) -> BTreeMap<&'a LocalId, (Key, &'a LocalId)> {
    let mut waiting_for: HashMap<&LocalId, Vec<(&'a LocalId, &Key)>> = HashMap::new();
    let mut queue: VecDeque<&LocalId> = lost.into();
    for (id, takes) in waits {
        for (key, holder) in takes {
            waiting_for.entry(holder).or_default().push((id, key));
            if !waits.contains_key(holder) {
                queue.push_back(holder);
            }
        }
    }
    let (mut stuck, mut seen) = (BTreeMap::new(), HashSet::new());
    while let Some(holder) = queue.pop_front() {
        if !seen.insert(holder) {
            continue;
        }
        for (id, key) in waiting_for.get(holder).into_iter().flatten() {
            stuck.entry(*id).or_insert_with(|| ((*key).clone(), holder));
            queue.push_back(id);
        }
    }
    stuck
}

/// The order: a depth-first walk from each of `roots` over what it waits for, without recursion.
pub(super) fn order<'a>(waits: &Waits<'a>, roots: impl Iterator<Item = &'a LocalId>) -> Vec<Turn<'a>> {
    let mut turns = Vec::new();
    let mut done: HashMap<&LocalId, bool> = HashMap::new();
    for root in roots {
        if done.contains_key(root) {
            continue;
        }
        done.insert(root, false);
        let mut path = vec![(root, 0_usize)];
        while let Some((id, next)) = path.last_mut() {
            let id = *id;
            let Some((key, holder)) = waits.get(id).and_then(|takes| takes.get(*next)) else {
                turns.push(Turn::Change(id));
                done.insert(id, true);
                path.pop();
                continue;
            };
            *next += 1;
            match done.get(holder) {
                Some(true) => {}
                Some(false) => turns.push(Turn::Release { holder, key: key.clone(), taker: id }),
                None => {
                    done.insert(holder, false);
                    path.push((holder, 0));
                }
            }
        }
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Unique;

    fn key(name: &str) -> Key {
        (Unique::Name, name.to_owned())
    }

    #[test]
    fn who_waits_goes_after_whom_it_waits_for() {
        let (a, b, c) = (LocalId::from("a"), LocalId::from("b"), LocalId::from("c"));
        let waits = Waits::from([(&a, vec![(key("x"), &b)]), (&b, vec![(key("y"), &c)]), (&c, vec![])]);
        assert_eq!(order(&waits, [&a, &b, &c].into_iter()), [Turn::Change(&c), Turn::Change(&b), Turn::Change(&a)]);
        assert!(stuck(&waits, vec![]).is_empty());
    }

    #[test]
    fn a_swap_is_broken_by_one_release() {
        let (a, b) = (LocalId::from("a"), LocalId::from("b"));
        let waits = Waits::from([(&a, vec![(key("b"), &b)]), (&b, vec![(key("a"), &a)])]);
        let release = Turn::Release { holder: &a, key: key("a"), taker: &b };
        assert_eq!(order(&waits, [&a, &b].into_iter()), [release, Turn::Change(&b), Turn::Change(&a)]);
    }

    #[test]
    fn a_whole_chain_is_stuck_behind_somebody_who_keeps_the_value() {
        let (a, b, c) = (LocalId::from("a"), LocalId::from("b"), LocalId::from("c"));
        let waits = Waits::from([(&a, vec![(key("x"), &b)]), (&b, vec![(key("y"), &c)])]);
        let stuck = stuck(&waits, vec![]);
        assert_eq!(stuck[&b], (key("y"), &c));
        assert_eq!(stuck[&a], (key("x"), &b));
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_needs_no_stack() {
        let ids: Vec<LocalId> = (0..100_000).map(|n| LocalId(format!("{n:06}"))).collect();
        let waits: Waits = ids.windows(2).map(|w| (&w[0], vec![(key(&w[1].0), &w[1])])).collect();
        assert_eq!(order(&waits, ids.iter()).len(), ids.len());
    }
}
