//! Renaming in place: everything that names a group or a user follows in the same change, and services keep knowing it.
mod carried;
mod group;
mod group_ids;
mod mentions;
mod names;
mod standing;
mod user;

pub(crate) use carried::{carried, guarded};
pub(crate) use group_ids::GroupIds;
pub(crate) use names::Renames;
pub use standing::{GroupRenaming, UserRenaming};
