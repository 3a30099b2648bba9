//! What runs beside the requests.
mod expire;
mod follow;
mod names;
mod provision;
mod start;
mod webhooks;

pub use provision::GATHER;
pub use start::start;
