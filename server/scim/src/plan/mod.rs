//! From desired and observed to steps: the least that makes them equal, in an order that is safe to stop anywhere.
mod changes;
mod chunk;
mod diff;
mod hazard;
mod index;
mod made;
mod members;
mod objects;
mod options;
mod order;
mod scoped;
mod summary;
mod waiting;

pub use diff::diff;
pub use hazard::{Earlier, Hazard, Threshold};
pub use made::{Plan, Refusal, plan, plan_fitted, plan_of};
pub use options::{Adopt, Deprovision, GroupRemoval, PlanOptions, Strangers};
pub use scoped::fit;
pub use summary::Counts;
