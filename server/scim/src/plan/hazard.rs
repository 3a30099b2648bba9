//! The brake: a plan that takes away more than it should waits for a person.

use crate::plan::Plan;
use serde::{Deserialize, Serialize};

/// How much a plan may take away without being asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// The most users who lose access, the most groups that are deleted, and the most memberships that are taken from
    /// people who stay: what goes with somebody who leaves is counted with the user.
    pub count: usize,
    /// The largest share of the users, of the groups or of the memberships, from 0 to 1.
    pub share: f64,
    /// Up to this many the share does not matter: one of three people is a third.
    pub floor: usize,
}

impl Default for Threshold {
    fn default() -> Self {
        Self { count: 100, share: 0.2, floor: 5 }
    }
}

/// Of what earlier plans took away so much is still missing: many small plans may take what one would have to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Earlier {
    /// Users who lost access.
    pub users: usize,
    /// Of them, those who are not there at all any more.
    pub users_gone: usize,
    /// Of them, those whom the plan itself deletes: they are among what it takes.
    #[serde(default)]
    pub users_deleted: usize,
    /// Users that were deleted when they had no access any more, and had lost it before that.
    #[serde(default)]
    pub accounts: usize,
    /// Groups that were deleted.
    pub groups: usize,
    /// Memberships that were removed.
    pub memberships: usize,
    /// Of them, those of people who have stayed.
    pub lost: usize,
}

/// What a plan would take away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hazard {
    /// Users who are deactivated or deleted. Who is inactive already and only deactivated once more is not among them.
    pub users: usize,
    /// Of this many, with those of before: of all who had access or, where some are among them who had none, of all.
    pub of_users: usize,
    /// Groups that are deleted.
    pub groups: usize,
    /// Of this many, with those of before.
    pub of_groups: usize,
    /// Memberships that are removed, also those that go with a deleted group.
    pub memberships: usize,
    /// Of this many, with those of before.
    pub of_memberships: usize,
    /// What was taken away before.
    #[serde(default)]
    pub earlier: Earlier,
}

/// With what earlier plans took, the count is at least this part of what was there: in a large house people leave every
/// day.
const PART: usize = 100;

impl Threshold {
    /// Whether so much of `whole` is too much for one plan, or with `earlier` too much for all of them.
    fn is_exceeded(&self, now: usize, earlier: usize, whole: usize) -> bool {
        let most = if earlier == 0 { self.count } else { self.count.max(whole / PART) };
        now > self.count || (now > 0 && now.saturating_add(earlier) > most)
    }

    fn is_large_share(&self, now: usize, earlier: usize, whole: usize) -> bool {
        let part = now.saturating_add(earlier);
        now > 0 && part > self.floor && exact(part) > self.share * exact(whole)
    }
}

impl Plan {
    /// What the plan would take away, when that exceeds the threshold; `None` when it may go ahead.
    #[must_use]
    pub fn hazard(&self, threshold: &Threshold) -> Option<Hazard> {
        self.hazard_after(threshold, Earlier::default())
    }

    /// The same where earlier plans have taken something. What the plan itself takes is judged for itself, and together
    /// with what is missing already, of what would be there without either. A kind of which it takes nothing is no reason.
    #[must_use]
    pub fn hazard_after(&self, threshold: &Threshold, earlier: Earlier) -> Option<Hazard> {
        let counts = self.counts();
        let users = (counts.users_deactivated + counts.users_deleted).saturating_sub(self.users_inactive);
        // Whoever was deactivated long ago makes nobody else's loss a smaller part.
        let losing = users.saturating_sub(self.accounts_deleted);
        let (with_access, all) =
            (self.users_active + earlier.users, self.users + earlier.users_gone + earlier.accounts);
        // Whoever lost access and is deleted after that is one, not two.
        let earlier_users = (earlier.users + earlier.accounts).saturating_sub(earlier.users_deleted);
        let hazard = Hazard {
            users,
            of_users: if users == losing && earlier.accounts == 0 { with_access } else { all },
            groups: counts.groups_deleted,
            of_groups: self.groups + earlier.groups,
            memberships: counts.members_removed + self.members_gone,
            of_memberships: self.memberships + earlier.memberships,
            earlier,
        };
        let exceeded = threshold.is_exceeded(losing, earlier.users, with_access)
            || threshold.is_exceeded(users, earlier_users, all)
            || threshold.is_exceeded(hazard.groups, earlier.groups, hazard.of_groups)
            || threshold.is_exceeded(self.members_lost, earlier.lost, hazard.of_memberships)
            || threshold.is_large_share(users, earlier_users, all)
            || threshold.is_large_share(losing, earlier.users, with_access)
            || threshold.is_large_share(hazard.groups, earlier.groups, hazard.of_groups)
            || threshold.is_large_share(hazard.memberships, earlier.memberships, hazard.of_memberships);
        exceeded.then_some(hazard)
    }
}

/// No store of users comes near the counts at which a `f64` loses a unit.
fn exact(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
