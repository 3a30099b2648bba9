//! The mirror against a reading of the remote store.
mod drift;
mod listing;
mod rebuild;

pub use drift::{Drift, drift};
pub use listing::Listing;
pub use rebuild::{Claim, Claims, rebuild};
