//! The commands, one file each.
mod apply;
mod export;
mod failure;
mod offline;
mod preview;
mod root;
mod scim;
mod serve;
mod token;
mod user;

pub use root::main;
