//! The commands, one file each.
mod apply;
mod export;
mod failure;
mod preview;
mod root;
mod serve;
mod user;

pub use root::main;
