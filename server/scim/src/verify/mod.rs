//! The mirror against a reading of the remote store.
mod drift;
mod listing;
mod rebuild;

pub(crate) use drift::seen_as;
pub use drift::{Drift, drift};
pub use listing::Listing;
pub use rebuild::{Claim, Claims, rebuild};
