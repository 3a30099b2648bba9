use std::collections::{BTreeMap, BTreeSet};

use super::{file::File, plan::Plan, planning::step, source::Source};
use crate::{
    Error, Services,
    port::{ChangeSet, Document, Expect, Kind, Write},
    renaming::{Renames, carried, guarded},
};

impl Services {
    /// What a file renames: who is there under the former name and not yet under the new one.
    pub(super) async fn declared_renames(&self, file: &File) -> Result<Renames, Error> {
        let snapshot = self.snapshot();
        let declared: Vec<(&String, &String)> =
            file.groups.iter().filter_map(|group| Some((group.renamed_from.as_ref()?, &group.name))).collect();
        let present = snapshot.configuration.groups.keys().cloned().collect();
        let groups = in_order(&declared, present);
        let mut made = BTreeMap::new();
        for (from, to) in declared {
            let is_new = !snapshot.configuration.groups.contains_key(to) && groups.get(from) != Some(to);
            if is_new && from != to && snapshot.group_ids.first_name(to) != Some(from) {
                made.insert(to.clone(), from.clone());
            }
        }
        let mut people = Vec::new();
        let mut present = BTreeSet::new();
        for user in &file.users {
            let Some(from) = user.renamed_from.as_ref().map(|from| from.to_lowercase()) else { continue };
            let to = user.username.to_lowercase();
            for name in [&from, &to] {
                if self.store().user(name).await?.is_some() {
                    present.insert(name.clone());
                }
            }
            people.push((from, to));
        }
        let people: Vec<(&String, &String)> = people.iter().map(|(from, to)| (from, to)).collect();
        let mut users = in_order(&people, present);
        for user in &file.users {
            if let Some(next) = users.values_mut().find(|next| **next == user.username.to_lowercase()) {
                next.clone_from(&user.username);
            }
        }
        Ok(Renames { groups, users, made })
    }

    /// What follows a rename beside what the file says itself. Comes last, when all else is in the change.
    pub(super) async fn plan_renames(
        &self,
        renames: &Renames,
        plan: &mut Plan,
        change: &mut ChangeSet,
    ) -> Result<(), Error> {
        if renames.is_empty() {
            return Ok(());
        }
        for (kind, key) in carried(self, renames, change).await? {
            plan.follows(kind, key);
        }
        Ok(())
    }

    /// The same thing under another name. The old name goes, unless the file gives it to something else.
    pub(super) fn plan_renamed(
        &self,
        document: Document,
        from: (&str, u64),
        taken: bool,
        plan: &mut Plan,
        change: &mut ChangeSet,
    ) {
        let ((old, version), kind) = (from, document.kind());
        plan.renames(kind, old, &document.key());
        change.writes.push(guarded(self, document));
        if !taken {
            let expect = Expect::Version(version);
            change.writes.push(Write::Delete { kind, key: old.to_owned(), expect });
        }
    }

    pub(super) fn plan_groups(&self, file: &File, renames: &Renames, plan: &mut Plan, change: &mut ChangeSet) {
        let snapshot = self.snapshot();
        let groups = &snapshot.configuration.groups;
        let declared: BTreeSet<&str> = file.groups.iter().map(|group| group.name.as_str()).collect();
        for group in &file.groups {
            let from = group.renamed_from.as_ref().filter(|from| renames.groups.get(*from) == Some(&group.name));
            if let Some((from, old)) = from.and_then(|from| Some((from, groups.get(from)?))) {
                let taken = declared.contains(from.as_str());
                self.plan_renamed(Document::Group(group.group()), (from, old.version), taken, plan, change);
                continue;
            }
            let known = groups.get(&group.name);
            if known.is_some_and(|known| known.value == group.group()) {
                plan.unchanged += 1;
            } else {
                step(plan, change, Document::Group(group.group()), known.map(|known| known.version));
            }
        }
    }
}

/// Which of the renames are to be done, given the names that there are: one that frees a name comes before the one that
/// takes it.
fn in_order(declared: &[(&String, &String)], mut present: BTreeSet<String>) -> BTreeMap<String, String> {
    let mut done = BTreeMap::new();
    loop {
        let next = declared
            .iter()
            .find(|(from, to)| !done.contains_key(*from) && present.contains(*from) && !present.contains(*to));
        let Some((from, to)) = next else { return done };
        present.remove(*from);
        present.insert((*to).clone());
        done.insert((*from).clone(), (*to).clone());
    }
}

/// Two things cannot both have been one.
pub(super) fn check_renames(file: &File, source: &mut Source<'_>) {
    let groups = file.groups.iter().map(|g| (g.name.as_str(), g.renamed_from.clone()));
    let users =
        file.users.iter().map(|u| (u.username.as_str(), u.renamed_from.as_ref().map(|from| from.to_lowercase())));
    let mut once = |section: &str, kind: Kind, all: Vec<(&str, Option<String>)>| {
        let mut seen = BTreeSet::new();
        for (name, from) in all {
            if let Some(from) = from.filter(|from| !seen.insert(from.clone())) {
                let why = format!("renamed_from: another {} was `{from}` too", kind.word());
                source.fault(section, name, name, &why);
            }
        }
    };
    once("groups", Kind::Group, groups.collect());
    once("users", Kind::User, users.collect());
}

#[cfg(test)]
mod tests {
    use super::in_order;

    fn renamed(declared: &[(&str, &str)], present: &[&str]) -> Vec<(String, String)> {
        let owned: Vec<(String, String)> = declared.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let borrowed: Vec<(&String, &String)> = owned.iter().map(|(a, b)| (a, b)).collect();
        in_order(&borrowed, present.iter().map(|name| (*name).to_owned()).collect()).into_iter().collect()
    }

    #[test]
    fn a_rename_is_done_once_and_one_that_frees_a_name_comes_first() {
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(renamed(&[("a", "b")], &["a"]), [pair("a", "b")]);
        assert_eq!(renamed(&[("a", "b")], &["b"]), []);
        assert_eq!(renamed(&[("a", "b")], &["a", "b"]), []);
        assert_eq!(renamed(&[("a", "b"), ("b", "c")], &["a", "b"]), [pair("a", "b"), pair("b", "c")]);
        assert_eq!(renamed(&[("a", "b"), ("b", "c")], &["b", "c"]), []);
    }
}
