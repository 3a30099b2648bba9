//! The choices of the administrator.

use serde::{Deserialize, Serialize};

/// What a plan may do. The default is the careful choice everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlanOptions {
    /// The time, in unix seconds.
    pub now: i64,
    /// What happens to objects that are already there.
    pub adopt: Adopt,
    /// What happens to users who leave the scope.
    pub deprovision: Deprovision,
    /// What happens to groups that leave the scope.
    pub groups: GroupRemoval,
    /// What happens to members of our groups who are no users of ours.
    pub strangers: Strangers,
}

/// What happens to an object that is there and not ours, but has the name of one of ours. One that carries our
/// `externalId` was made by us, and is always taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adopt {
    /// It is left alone, and ours is reported.
    #[default]
    Never,
    /// It becomes ours.
    SameName,
}

/// What happens to a user who leaves the scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deprovision {
    /// `active: false`; the identifier and, at AWS, the assignments stay for a return.
    #[default]
    Deactivate,
    /// Deactivated at once, deleted when the grace is over.
    DeleteAfter {
        /// The grace, in seconds; 0 deletes at once.
        grace_seconds: i64,
    },
    /// Deleted at once.
    Delete,
}

/// What happens to a group that leaves the scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupRemoval {
    /// All members of ours are taken out; the group and, at AWS, its assignments stay for a return.
    #[default]
    Empty,
    /// The group is deleted.
    Delete,
    /// Nothing.
    Keep,
}

/// What happens to members of our groups who are no users of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strangers {
    /// They stay.
    #[default]
    Keep,
    /// They are taken out of the group; as users they are not touched.
    Remove,
}
