//! The identity store: users, groups and who is in which.

mod group;
mod id;
mod store;
mod table;
mod user;

pub(crate) use group::Group;
pub(crate) use id::new_id;
pub(crate) use store::Directory;
pub(crate) use user::User;
