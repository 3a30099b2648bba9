//! Promises of the store, each kept on an embedded database in memory and, where it matters, on disk.
mod api_tokens;
mod backup;
mod concurrency;
mod crash;
mod documents;
mod events;
mod fixture;
mod logout;
mod opening;
mod provisioning;
mod responses;
mod sessions;
mod users;

pub(crate) use fixture::{block_on, event};
