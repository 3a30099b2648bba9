//! Provisioning on the command line: without a server, and by a running one.
mod alone;
mod ask;
mod objects;
mod plans;
mod preview;
mod print;
mod server;
mod tokens;

pub use server::scim;
