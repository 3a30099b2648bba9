//! Faults on demand, and the log of what was asked and answered.

mod log;
mod plan;
mod schedule;

pub use log::Exchange;
pub use plan::{FaultPlan, FaultRule, Outcome, When};

pub(crate) use log::Log;
pub(crate) use schedule::{Schedule, Sight, Verdict};
