//! The identity store: users, groups and who is in which.

mod id;
mod store;
mod user;

pub(crate) use store::{Directory, Group};
pub(crate) use user::User;

pub(crate) use id::new_id;
