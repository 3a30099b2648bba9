//! Use cases of Rolecall and the ports they need. Knows neither HTTP nor pages nor the database.
//!
//! - way in: [`Services`] (anonymous: sign-in, set-up, metadata), [`Caller`] (a live session) and its narrowing handles
//!   [`Member`], [`Auditor`] and [`Admin`], which are the only doors to everything else
//! - `snapshot`: the configuration in process, replaced when the store's epoch moves
//! - `person`, `groups`, `access`, `render`, `sign_on`, `preview`: from a user to a signed response
//! - `applications`, `keys`, `property_mappings`, `users`, `audit`: what the admin reads and changes; `change`: how, and
//!   `validate`: the rules
//! - `provisioning`: from who is in scope to what is at a SCIM service; [`Worker`] does it
//! - [`declarative`]: the file; [`port`]: what is asked of the outside
mod access;
mod applications;
mod audit;
mod caller;
mod change;
pub mod declarative;
mod error;
mod events;
mod exchange;
mod first_run;
mod groups;
mod identifiers;
mod issue;
mod key_making;
mod keys;
mod logout;
mod managed;
mod metadata;
mod overview;
mod passwords;
mod person;
pub mod port;
mod preview;
mod property_mappings;
mod provisioning;
mod render;
mod saml_providers;
mod scim_tokens;
mod services;
mod sign_in;
mod sign_on;
mod snapshot;
mod sp_import;
mod throttle;
mod users;
mod validate;
mod vault;

pub use caller::{Admin, Auditor, Caller, Member};
pub use error::Error;
pub use events::Origin;
pub use exchange::{Carrier, Exchange, Received, StatusAnswer};
pub use first_run::FirstAdministrator;
pub use logout::LogoutStep;
pub use passwords::{Argon2id, PasswordPolicy};
pub use provisioning::{Next, PlannedSync, Worker};
pub use render::MappingFailure;
pub use services::{Parts, Services};
pub use sign_in::{ABSOLUTE, IDLE};
pub use sign_on::{Arrival, SignOn};
pub use users::NewUser;
pub use vault::{MasterKey, Vault};
