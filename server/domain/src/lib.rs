//! Use cases of Rolecall and the ports they need. Knows neither HTTP nor pages nor the database.
//!
//! - way in: [`Services`] (anonymous: sign-in, set-up, metadata), [`Caller`] (a live session) and its narrowing handles
//!   [`Member`], [`Auditor`] and [`Admin`], which are the only doors to everything else
//! - `snapshot`: the configuration in process, replaced when the store's epoch moves
//! - `person`, `groups`, `access`, `render`, `sign_on`, `preview`: from a user to a signed response
//! - `applications`, `keys`, `property_mappings`, `users`, `audit`: what the admin reads and changes; `change`: how, and
//!   `validate`: the rules
//! - [`declarative`]: the file; [`port`]: what is asked of the outside
mod access;
mod applications;
mod audit;
mod caller;
mod change;
pub mod declarative;
mod error;
mod events;
mod first_run;
mod groups;
mod identifiers;
mod key_making;
mod keys;
mod managed;
mod metadata;
mod overview;
mod passwords;
mod person;
pub mod port;
mod preview;
mod property_mappings;
mod render;
mod services;
mod sign_in;
mod sign_on;
mod snapshot;
mod throttle;
mod users;
mod validate;
mod vault;

pub use caller::{Admin, Auditor, Caller, Member};
pub use error::Error;
pub use events::Origin;
pub use first_run::FirstAdministrator;
pub use passwords::PasswordPolicy;
pub use render::MappingFailure;
pub use saml::AuthnRequest;
pub use services::{Parts, Services};
pub use sign_in::{ABSOLUTE, IDLE};
pub use sign_on::{Arrival, SignOn};
pub use users::NewUser;
pub use vault::{MasterKey, Vault};

/// What a browser brings, taken apart (SAML bindings §3.4 and §3.5).
pub mod request {
    pub use saml::{parse_post, parse_redirect};
}
