//! Answers, understood: what happened over there, and what to do next.
mod answer;
mod everybody;
mod explain;
mod interpret;
mod look;
mod outcome;

pub use answer::Answer;
pub use everybody::{Everybody, can_wait, reading_pays};
pub use interpret::{doubted, interpret, lost};
pub use look::Look;
pub use outcome::Outcome;
