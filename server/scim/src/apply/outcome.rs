//! What an answer means.
//!
//! The loop of a worker, for each step of a plan: [`prepare`](crate::step::Step::prepare) (skip the step when it is not
//! ready), [`begin`](crate::state::Observed::begin), write the mirror down, send, then [`interpret`](crate::apply::interpret)
//! or, without an answer, [`lost`](crate::apply::lost). Follow [`Outcome::Conflict`] and [`Outcome::Unknown`] by sending
//! [`Look::request`] and reading [`Look::interpret`] until another outcome comes. Then
//! [`record`](crate::state::Observed::record) the effect or [`park`](crate::state::Observed::park) the step,
//! [`finish`](crate::state::Observed::finish) and write the mirror down again. After a start, each step that is still in
//! flight is treated as lost before a new plan is made. One that nobody wants any more is not repeated but asked about, by
//! [`doubted`](crate::apply::doubted): a mirror that knows nothing of what was done could never undo it.

use crate::apply::Look;
use crate::state::Effect;
use serde::{Deserialize, Serialize};

/// What to do after an answer, or after the lack of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It is done: record the effect and go on.
    Done {
        /// What it did to the mirror.
        effect: Effect,
    },
    /// The object exists already: look who it is.
    Conflict {
        /// The question to ask.
        look: Look,
    },
    /// Nobody knows whether it was done: look.
    Unknown {
        /// The question to ask.
        look: Look,
    },
    /// Not now: repeat the same step. Every step that gets this answer may be repeated.
    Retry {
        /// The least time to wait, in seconds, where the server named one.
        after: Option<u64>,
        /// What the server said.
        words: String,
    },
    /// The token or the address is not accepted: stop everything until an administrator comes.
    TokenRefused {
        /// What the server said.
        words: String,
    },
    /// The service has no PATCH after all, or not for this: plan again for a service without it, by a dialect whose
    /// configuration says so. Nothing was done.
    NoPatch {
        /// What the server said.
        words: String,
    },
    /// This object cannot be brought there as it is: go on with the others and show it.
    Parked {
        /// What the server said, or what is wrong.
        words: String,
        /// What the administrator can do.
        fix: String,
        /// What was learnt all the same.
        effect: Option<Effect>,
    },
}

impl Outcome {
    pub(super) fn parked(words: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::Parked { words: words.into(), fix: fix.into(), effect: None }
    }
}
