//! Pages of Rolecall.
//!
//! - `pages`: complete documents that work without JavaScript; rendered on the server only
//! - [`App`]: the portal and the console, rendered on the server and taken over by the browser; `shell` is the document around it
//! - a folder for each thing a person names aloud: `portal`, `overview`, `applications`, `saml_providers`, `scim_providers`, `property_mappings`,
//!   `keys`, `users`, `groups`, `policies`, `api_tokens`, `webhooks`, `events`; `connect` leads through several of them, step by step;
//!   in each, `api` holds the calls to the server, and the other files the pages
//! - `drawn`: pages that the server alone draws, and their forms; `search`: the way to everything
//! - `ui`: the component kit, which knows no word of the domain
//! - `error`: the only place where a domain error becomes a [`model::Fault`]; `session`: who is calling
#[cfg(feature = "ssr")]
mod api_tokens;
mod applications;
mod changes;
mod conflict;
mod connect;
mod drawn;
mod error;
mod events;
mod files;
mod frame;
#[cfg(feature = "ssr")]
mod groups;
mod keys;
mod list;
mod overview;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod policies;
mod portal;
mod property_mappings;
#[cfg(feature = "ssr")]
mod renaming;
mod root;
mod saml_providers;
mod scim_providers;
mod search;
#[cfg(feature = "ssr")]
mod selection;
#[cfg(feature = "ssr")]
mod server_functions;
mod session;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
mod typeface;
mod ui;
mod users;
#[cfg(feature = "ssr")]
mod webhooks;

#[cfg(feature = "ssr")]
pub use drawn::{Drawing, Posted, Reply, drawn_pages, forms, submit};
pub use error::AppError;
pub use list::segment;
pub use root::App;
#[cfg(feature = "ssr")]
pub use server_functions::{ServerFunction, prepare, register_server_functions, server_functions};
pub use session::Taste;
#[cfg(feature = "ssr")]
pub use shell::shell;
#[cfg(feature = "ssr")]
pub use typeface::TYPEFACE;
