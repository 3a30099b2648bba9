//! The two sides: what should be there, and what is known to be there.
mod decided;
mod desired;
mod effect;
mod observed;
mod owners;
mod parked;
mod pattern;
mod record;

pub use decided::Decided;
pub use desired::{Desired, DesiredGroup};
pub use effect::Effect;
pub use observed::{Held, Observed, Roster, Status};
pub use owners::Owners;
pub use parked::Parked;
pub use pattern::Pattern;
