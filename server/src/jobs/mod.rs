//! What runs beside the requests.
mod follow;
mod provision;
mod start;

pub use start::start;
