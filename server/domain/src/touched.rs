use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::port::{ChangeSet, Document, Kind, Write};

/// Changes that are remembered. Whoever follows them less often looks at everybody.
const KEPT: usize = 1_000;
/// People who are named. To read more of them one by one takes as long as to read everybody.
pub(crate) const NAMED: usize = 500;

/// Whom the last changes were about: names in lower case by the epoch that a change made; None where it was about anything
/// else. Only what was changed here is known. An epoch that is missing may be of another server, or of a change whose answer
/// was lost, and be about anybody and anything.
#[derive(Default)]
pub(crate) struct Touched(Mutex<BTreeMap<u64, Option<BTreeSet<String>>>>);

/// Whom a change is about; None: not about users alone, or about very many.
pub(crate) fn people(change: &ChangeSet) -> Option<BTreeSet<String>> {
    let name = |write: &Write| match write {
        Write::Put { document: document @ Document::User(_), .. } => Some(document.key()),
        Write::Delete { kind: Kind::User, key, .. } => Some(key.to_lowercase()),
        _ => None,
    };
    if change.writes.len() > NAMED { None } else { change.writes.iter().map(name).collect() }
}

impl Touched {
    /// Takes note of a change that made an epoch.
    pub fn note(&self, epoch: u64, people: Option<BTreeSet<String>>) {
        let mut changes = self.changes();
        changes.insert(epoch, people);
        while changes.len() > KEPT {
            changes.pop_first();
        }
    }

    /// Whom the changes were about that led from one epoch to another. None: it is not known, or about more than users.
    pub fn between(&self, former: u64, latter: u64) -> Option<BTreeSet<String>> {
        let missing = latter.checked_sub(former)?;
        if missing == 0 {
            return Some(BTreeSet::new());
        }
        let changes = self.changes();
        let mut between = changes.range((Bound::Excluded(former), Bound::Included(latter)));
        let (mut found, mut known) = (BTreeSet::new(), 0);
        between.try_for_each(|(_, people)| {
            known += 1;
            found.extend(people.as_ref()?.iter().cloned());
            Some(())
        })?;
        (known == missing && found.len() <= NAMED).then_some(found)
    }

    /// Nothing is done under the lock that could leave it half done.
    fn changes(&self) -> MutexGuard<'_, BTreeMap<u64, Option<BTreeSet<String>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use model::User;
    use serde_json::json;

    use super::{KEPT, NAMED, Touched, people};
    use crate::port::{ChangeSet, Document, Expect, Kind, Setting, UserRecord, Write};

    fn put(document: Document) -> Write {
        Write::Put { document, expect: Expect::Anything }
    }

    fn user(username: &str) -> Document {
        let user: User = serde_json::from_value(json!({
            "username": username, "uid": "u", "name": "", "given_name": "", "family_name": "", "email": "",
            "active": true, "role": "member", "service_account": false, "groups": [], "attributes": {},
        }))
        .unwrap();
        Document::User(UserRecord { user, password: None })
    }

    fn of(writes: Vec<Write>) -> Option<BTreeSet<String>> {
        people(&ChangeSet { writes, ..ChangeSet::default() })
    }

    #[expect(clippy::unnecessary_wraps, reason = "what it is compared with may be none")]
    fn names(names: &[&str]) -> Option<BTreeSet<String>> {
        Some(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn a_change_is_about_people_as_long_as_nothing_else_is_in_it() {
        let gone = Write::Delete { kind: Kind::User, key: "Bob".to_owned(), expect: Expect::Anything };
        let group = Write::Delete { kind: Kind::Group, key: "ada".to_owned(), expect: Expect::Anything };
        let setting = put(Document::Setting(Setting { name: "ada".to_owned(), value: json!(1) }));
        assert_eq!(of(vec![]), names(&[]));
        assert_eq!(of(vec![put(user("Ada")), gone.clone()]), names(&["ada", "bob"]));
        for other in [group, setting] {
            assert_eq!(of(vec![put(user("Ada")), other]), None);
        }
        assert_eq!(of(vec![gone; NAMED + 1]), None);
    }

    #[test]
    fn only_a_way_from_one_epoch_to_another_without_a_gap_is_known() {
        let touched = Touched::default();
        for (epoch, people) in
            [(5, names(&["ada"])), (7, names(&[])), (6, names(&["bob", "ada"])), (9, names(&["eve"]))]
        {
            touched.note(epoch, people);
        }
        assert_eq!(touched.between(4, 7), names(&["ada", "bob"]));
        assert_eq!(touched.between(6, 7), names(&[]));
        assert_eq!(touched.between(70, 70), names(&[]), "nothing has changed");
        for (former, latter) in [(3, 7), (4, 9), (7, 9), (9, 10), (7, 4)] {
            assert_eq!(touched.between(former, latter), None, "{former} {latter}");
        }
        touched.note(8, None);
        assert_eq!((touched.between(4, 9), touched.between(8, 9)), (None, names(&["eve"])));
    }

    #[test]
    fn no_more_is_remembered_than_is_stated() {
        let touched = Touched::default();
        for epoch in 1..=KEPT as u64 + 1 {
            touched.note(epoch, names(&[]));
        }
        let last = KEPT as u64 + 1;
        assert_eq!((touched.between(0, last), touched.between(1, last)), (None, names(&[])));
        for epoch in 1..=2 {
            touched.note(last + epoch, Some((0..NAMED).map(|n| format!("{epoch} {n}")).collect()));
        }
        assert_eq!(touched.between(last, last + 1).map(|names| names.len()), Some(NAMED));
        assert_eq!(touched.between(last, last + 2), None);
    }
}
