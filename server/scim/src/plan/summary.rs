//! What a plan amounts to.

use crate::dialect::Dialect;
use crate::id::Kind;
use crate::plan::Plan;
use crate::rate::{MEMBERSHIPS_TRIED, first_memberships};
use crate::step::{Action, Step};
use serde::{Deserialize, Serialize};

/// How many steps do what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Users and groups that become ours.
    pub adopted: usize,
    /// Users that are created.
    pub users_created: usize,
    /// Users whose attributes change.
    pub users_changed: usize,
    /// Users who lose access but stay: out of scope or disabled.
    pub users_deactivated: usize,
    /// Users that are deleted.
    pub users_deleted: usize,
    /// Groups that are created.
    pub groups_created: usize,
    /// Groups whose attributes change, or that are sent as a whole because the service has no PATCH.
    pub groups_changed: usize,
    /// Groups that are deleted.
    pub groups_deleted: usize,
    /// Memberships that are added.
    pub members_added: usize,
    /// Memberships that are removed.
    pub members_removed: usize,
}

impl Plan {
    /// How many steps do what.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts =
            Counts { members_added: self.members_added, members_removed: self.members_removed, ..Counts::default() };
        for step in &self.steps {
            counts.count(step);
        }
        counts
    }

    /// The requests that the plan takes when every one succeeds.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.steps.len()
    }

    /// The seconds that the plan takes at the rates of a dialect, if the service takes as many changes of membership as its
    /// writes carry; the first of them are made at a pace of their own, until that is known. A rate of 0 counts as 1.
    #[must_use]
    pub fn seconds(&self, dialect: &Dialect) -> u64 {
        self.seconds_with(self.memberships().min(MEMBERSHIPS_TRIED), dialect)
    }

    /// The same, if the service never takes more changes of membership a second than are tried at first.
    #[must_use]
    pub fn seconds_at_most(&self, dialect: &Dialect) -> u64 {
        self.seconds_with(self.memberships(), dialect)
    }

    /// Changes of membership.
    fn memberships(&self) -> u64 {
        (self.members_added + self.members_removed) as u64
    }

    /// The seconds that the plan takes with so many changes of membership at the first pace.
    fn seconds_with(&self, tried: u64, dialect: &Dialect) -> u64 {
        let reads = self.steps.iter().filter(|step| step.is_read()).count();
        let filling = self.steps.iter().filter(|step| step.membership_changes() > 0).count();
        let over = |count: u64, rate: u32| count.div_ceil(u64::from(rate.max(1)));
        let first = over(tried, first_memberships(dialect.writes_per_second));
        over((self.steps.len() - reads - filling) as u64, dialect.writes_per_second)
            + over(filling as u64, dialect.writes_per_second).max(first)
            + over(reads as u64, dialect.reads_per_second)
    }
}

impl Counts {
    fn count(&mut self, step: &Step) {
        match (&step.action, step.object.kind) {
            _ if deactivates(step) => self.users_deactivated += 1,
            (Action::Adopt { .. }, _) => self.adopted += 1,
            (Action::Create { .. }, Kind::User) => self.users_created += 1,
            (Action::Create { .. }, Kind::Group) => self.groups_created += 1,
            (Action::Change { .. } | Action::Replace { .. }, Kind::User) => self.users_changed += 1,
            (Action::Change { .. } | Action::Replace { .. }, Kind::Group) => self.groups_changed += 1,
            // Users who are deactivated are counted above.
            (Action::ChangeMembers { .. } | Action::Deactivate { .. }, _) => {}
            (Action::Delete, Kind::User) => self.users_deleted += 1,
            (Action::Delete, Kind::Group) => self.groups_deleted += 1,
        }
    }
}

/// Whether a step takes a user's access away and leaves the user there.
pub(super) fn deactivates(step: &Step) -> bool {
    match &step.action {
        Action::Deactivate { .. } => true,
        _ => step.disables(),
    }
}
