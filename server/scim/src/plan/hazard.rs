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

/// What a plan would take away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hazard {
    /// Users who are deactivated or deleted. Who is inactive already and only deactivated once more is not among them.
    pub users: usize,
    /// Of this many.
    pub of_users: usize,
    /// Groups that are deleted.
    pub groups: usize,
    /// Of this many.
    pub of_groups: usize,
    /// Memberships that are removed, also those that go with a deleted group.
    pub memberships: usize,
    /// Of this many.
    pub of_memberships: usize,
}

impl Plan {
    /// What the plan would take away, when that exceeds the threshold; `None` when it may go ahead.
    #[must_use]
    pub fn hazard(&self, threshold: &Threshold) -> Option<Hazard> {
        let counts = self.counts();
        let hazard = Hazard {
            users: (counts.users_deactivated + counts.users_deleted).saturating_sub(self.users_inactive),
            of_users: self.users,
            groups: counts.groups_deleted,
            of_groups: self.groups,
            memberships: counts.members_removed + self.members_gone,
            of_memberships: self.memberships,
        };
        let share = |part: usize, whole: usize| part > threshold.floor && exact(part) > threshold.share * exact(whole);
        let exceeded = hazard.users > threshold.count
            || hazard.groups > threshold.count
            || self.members_lost > threshold.count
            || share(hazard.users, hazard.of_users)
            || share(hazard.groups, hazard.of_groups)
            || share(hazard.memberships, hazard.of_memberships);
        exceeded.then_some(hazard)
    }
}

/// No store of users comes near the counts at which a `f64` loses a unit.
fn exact(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
