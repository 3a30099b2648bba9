//! domain (placeholder while it is written)
pub mod port;
