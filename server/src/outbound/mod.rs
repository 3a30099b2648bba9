//! What goes out to other services.
mod address;
mod metadata;
mod reach;
mod scim;
mod webhook;
mod words;

pub use metadata::{HttpMetadata, MetadataLimits};
pub use reach::{Resolve, SystemResolver};
pub use scim::HttpScim;
pub use webhook::HttpWebhook;
