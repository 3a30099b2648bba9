//! What goes out to other services.
mod address;
mod metadata;
mod scim;

pub use metadata::{HttpMetadata, MetadataLimits, Resolve, SystemResolver};
pub use scim::HttpScim;
