//! What arrives from the identity provider, and whether it holds.

mod attributes;
mod decrypt;
mod endpoint;
mod guard;
mod message;
mod pair;
mod rules;
mod signature;

pub(crate) use attributes::Attributes;
pub(crate) use endpoint::Endpoints;
pub(crate) use message::Message;
pub(crate) use pair::Pair;
pub(crate) use rules::{Claims, claims};
