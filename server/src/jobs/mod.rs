//! What runs beside the requests.
mod follow;

pub use follow::start;
