//! What runs beside the requests.
mod expire;
mod follow;
mod provision;
mod start;

pub use start::start;
