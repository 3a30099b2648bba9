//! Paths and answers. One file for each kind of page.
mod api;
mod assets;
mod client;
mod client_address;
mod door;
mod event_stream;
mod exposition;
mod forwarding;
mod guard;
mod health;
mod keys;
mod login;
mod metadata;
mod metrics;
mod pages;
mod problem;
mod routes;
mod saml;
mod scim_stream;
mod security_headers;
mod set_up;
mod sign_out;
mod slo;
mod theme;

pub use api::{Least, document, operations};
pub use forwarding::component;
pub use routes::{HttpOptions, router};
