//! The commands, one file each.
mod apply;
mod aws;
mod backup;
mod doctor;
mod export;
mod failure;
mod master_key;
mod offline;
mod preview;
mod remote;
mod restore;
mod root;
mod scim;
mod serve;
mod standard_input;
mod token;
mod user;

pub use root::main;
