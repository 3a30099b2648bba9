//! What goes out to other services.
mod scim;
mod webhook;
mod words;

pub use scim::HttpScim;
pub use webhook::HttpWebhook;
