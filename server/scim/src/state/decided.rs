//! What somebody has decided to take over.

use crate::id::{Kind, LocalId, RemoteId};
use crate::state::{Effect, Observed, Roster};
use std::collections::BTreeMap;

/// What is there and becomes ours with the next plan, because somebody has decided so. It is set before each plan, as the
/// protected names are, and is not written down with the mirror: that holds what was acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Decided {
    /// The users, with their identifiers there.
    pub users: BTreeMap<LocalId, RemoteId>,
    /// The groups, with their identifiers there.
    pub groups: BTreeMap<LocalId, RemoteId>,
    /// Who is in those groups whose members were read. Whoever becomes ours along with a group is one of ours in it.
    pub rosters: BTreeMap<LocalId, Roster>,
}

impl Decided {
    /// What becomes ours of one kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> &BTreeMap<LocalId, RemoteId> {
        match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        }
    }

    /// Who is in a group, if it becomes ours as the one that was decided on and its members were read.
    #[must_use]
    pub fn roster_of(&self, group: &LocalId, remote: &RemoteId) -> Option<&Roster> {
        self.rosters.get(group).filter(|_| self.groups.get(group) == Some(remote))
    }
}

impl Observed {
    /// Who is in a group of ours, or in one that is about to become ours and was read for that.
    #[must_use]
    pub fn roster(&self, group: &LocalId) -> Option<&Roster> {
        self.rosters.get(group).or_else(|| self.decided.rosters.get(group))
    }

    /// The members of those of the groups that have become ours and were read just before: nobody has to read them again.
    #[must_use]
    pub fn read_before<'a>(&self, groups: impl IntoIterator<Item = &'a LocalId>) -> Vec<Effect> {
        let unread = |group: &LocalId| self.rosters.get(group).is_some_and(|roster| roster.unread);
        let groups = groups.into_iter().filter(|group| unread(group));
        let read = |group| Some((group, self.decided.roster_of(group, &self.groups.get(group)?.remote)?));
        let read: Vec<_> = groups.filter_map(read).collect();
        if read.is_empty() {
            return Vec::new();
        }
        // Who was to become ours along with a group may not have.
        let owners = self.owners(Kind::User);
        let effect = |(group, roster): (&LocalId, &Roster)| {
            let there = roster.members.iter().filter_map(|member| match self.users.get(member) {
                Some(held) => Some(&held.remote),
                None => self.decided.users.get(member),
            });
            Effect::MembersRead { group: group.clone(), roster: owners.roster(there.chain(&roster.strangers)) }
        };
        read.into_iter().map(effect).collect()
    }
}
