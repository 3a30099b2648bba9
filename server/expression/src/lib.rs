//! Python expressions of property mappings and policies, in a sandbox.
//!
//! Bytes in, values out: no file, network, environment, clock, sleep or randomness of the host can be reached.
//! - [`Expression`]: compiled once, evaluated with a [`Context`] under [`Limits`]
//! - [`Context`], [`UserContext`], [`GroupContext`]: what an expression may read, as plain data
//! - [`ExpressionError`]: what went wrong, with line and column
//! - `host`: the functions that are offered; `convert`: values in and out
//! - `meter`: whether a thread had the processor, so that a busy machine is not taken for a long expression
mod context;
mod convert;
mod engine;
mod error;
mod host;
mod limits;
mod meter;

pub use context::{Context, GroupContext, UserContext};
pub use engine::Expression;
pub use error::{ExpressionError, ExpressionErrorKind};
pub use limits::Limits;

#[cfg(test)]
mod tests;
