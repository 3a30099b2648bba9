//! Provisioning on the command line: without a server, and by a running one.
mod alone;
mod ask;
mod plans;
mod print;
mod server;

pub use server::scim;
