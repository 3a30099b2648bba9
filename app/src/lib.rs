//! Pages of Rolecall.
//!
//! - `pages`: complete documents that work without JavaScript; rendered on the server only
//! - [`App`]: the portal and the console, rendered on the server and taken over by the browser; `shell` is the document around it
//! - a folder for each thing a person names aloud: `portal`, `overview`, `applications`, `saml_providers`, `scim_providers`, `property_mappings`,
//!   `keys`, `users`, `events`; `connect` leads through several of them, step by step;
//!   in each, `api` holds the calls to the server, and the other files the pages
//! - `ui`: the component kit, which knows no word of the domain
//! - `error`: the only place where a domain error becomes a [`model::Fault`]; `session`: who is calling
mod applications;
mod changes;
mod conflict;
mod connect;
mod error;
mod events;
mod files;
mod frame;
mod keys;
mod list;
mod overview;
#[cfg(feature = "ssr")]
pub mod pages;
mod portal;
mod property_mappings;
mod root;
mod saml_providers;
mod scim_providers;
#[cfg(feature = "ssr")]
mod server_functions;
mod session;
#[cfg(feature = "ssr")]
mod shell;
mod ui;
mod users;

pub use error::AppError;
pub use root::App;
#[cfg(feature = "ssr")]
pub use server_functions::{ServerFunction, prepare, register_server_functions, server_functions};
#[cfg(feature = "ssr")]
pub use shell::shell;
