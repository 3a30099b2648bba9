//! What goes out to other services.
mod scim;

pub use scim::HttpScim;
