//! One step of a plan: what is done to which object, why, and as which request.
mod action;
mod prepare;
mod reason;

pub use action::{Action, Step};
pub use prepare::{Ready, Unready};
pub use reason::Reason;
