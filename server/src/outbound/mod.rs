//! What goes out to other services.
mod address;
mod metadata;
mod scim;
mod webhook;
mod words;

pub use metadata::{HttpMetadata, MetadataLimits, Resolve, SystemResolver};
pub use scim::HttpScim;
pub use webhook::HttpWebhook;
