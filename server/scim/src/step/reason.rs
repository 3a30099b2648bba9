//! Why a step is there.

use crate::id::LocalId;
use serde::{Deserialize, Serialize};

/// Why a step is there, as data: the pages put it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// In scope and not there.
    New,
    /// There with our `externalId`: made by us before, its mirror was lost.
    OursAlready,
    /// There with the same name, and adoption is wanted.
    SameName,
    /// There with the same name, and somebody has decided that it becomes ours.
    Decided,
    /// Attributes differ.
    Changed {
        /// The paths of the attributes.
        attributes: Vec<String>,
    },
    /// The person was deactivated and is in scope again.
    Returned,
    /// The person is disabled here.
    Disabled,
    /// Not in scope any more.
    LeftScope,
    /// Deactivated for longer than the grace.
    GraceOver {
        /// When the person was deactivated, in unix seconds.
        since: i64,
    },
    /// Memberships differ.
    Members,
    /// Two objects trade a unique value; one of them lets go of it for a moment.
    MakesWay {
        /// The object that gets the value.
        taker: LocalId,
    },
}
