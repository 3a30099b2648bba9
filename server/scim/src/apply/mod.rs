//! Answers, understood: what happened over there, and what to do next.
mod answer;
mod explain;
mod interpret;
mod look;
mod outcome;

pub use answer::Answer;
pub use interpret::{doubted, interpret, lost};
pub use look::Look;
pub use outcome::Outcome;
