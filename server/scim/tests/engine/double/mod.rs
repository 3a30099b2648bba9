//! A small, strict double of the service: it refuses everything that AWS is known to refuse, and keeps count.
//! Its rules are written down a second time on purpose: shared tables would make the tests agree with themselves.

mod aws;
mod rules;
pub mod runner;
mod together;

pub use aws::{Aws, Object, Refusal};
