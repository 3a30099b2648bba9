//! Use cases of Rolecall and the ports they need. Knows neither HTTP nor pages nor the database.
//!
//! - way in: [`Services`] (anonymous: sign-in, set-up, metadata), [`Caller`] (a live session) and its narrowing handles
//!   [`Member`], [`Auditor`] and [`Admin`], which are the only doors to everything else
//! - `snapshot`: the configuration in process, replaced when the store's epoch moves
//! - `person`, `groups`, `subject`, `access`, `render`, `sign_on`, `preview`: from a user to a signed response
//! - `key_life`, `key_fit`, `key_seen`, `key_retired`, `key_expiry`: which keys a provider shows, whether they can sign for it,
//!   what shows that the service has them, which it shows no more, and when they end; `put_provider`: that no program takes
//!   back a move of them unawares
//! - `sp_test`, `test_key`, `kept_responses`, `response_report`, `aws_trace`: a response received, judged and explained
//! - `sp_reading`, `sp_import`, `sp_merge`, `sp_attributes`, `sp_encryption`: from a service's metadata to a provider, and new metadata to one that is there
//! - `logout`: from one service provider to the next, and on where one is stuck
//! - `applications`, `keys`, `property_mappings`, `policies`, `users`, `user_changes`, `group_changes`, `directory`, `api_tokens`,
//!   `audit`, `metrics`: what the admin reads and changes; `user_standing`, `group_standing`: what hangs on it; `search`;
//!   `change`: how, and `validate`: the rules
//! - `renaming`: another name for a group or a user, wherever it is named
//! - `provisioning`: from who is in scope to what is at a SCIM service; [`Worker`] does it
//! - `touched`: whom the last changes were about, for those who follow them
//! - `webhooks`: who is told of events; [`Courier`] does it
//! - `backup`: the whole store as a file; `vault`, `reseal`: what is sealed in it, and under which master key
//! - [`declarative`]: the file; [`port`]: what is asked of the outside
mod access;
mod api_tokens;
mod applications;
mod audit;
mod aws_attributes;
mod aws_trace;
mod backup;
mod caller;
mod change;
mod content;
mod counters;
pub mod declarative;
mod directory;
mod error;
mod events;
mod examine;
mod exchange;
mod expression_trial;
mod first_run;
mod group_changes;
mod group_standing;
mod groups;
mod identifiers;
mod issue;
mod kept_responses;
mod key_expiry;
mod key_fit;
mod key_life;
mod key_making;
mod key_moves;
mod key_retired;
mod key_seen;
mod key_trial;
mod keys;
mod known_browser;
mod logout;
mod managed;
mod mapped;
mod metadata;
mod metrics;
mod name_identifier;
mod offered;
mod overview;
mod passwords;
mod person;
mod policies;
pub mod port;
mod portal;
mod preview;
mod property_mappings;
mod provisioning;
mod put_provider;
mod renaming;
mod render;
mod reseal;
mod response_report;
mod saml_providers;
mod scim_tokens;
mod search;
mod service_expiry;
mod services;
mod sign_in;
mod sign_on;
mod snapshot;
mod sp_attributes;
mod sp_encryption;
mod sp_import;
mod sp_merge;
mod sp_reading;
mod sp_test;
mod subject;
mod test_key;
mod throttle;
mod touched;
mod user_changes;
mod user_standing;
mod users;
mod validate;
mod vault;
mod webhooks;

pub use backup::{Backup, BackupError, BackupWriter, Header};
pub use caller::{Admin, Auditor, Caller, Member};
pub use content::MappingFailure;
pub use error::Error;
pub use events::Origin;
pub use examine::Finding;
pub use exchange::{Carrier, Exchange, Received, StatusAnswer};
pub use first_run::FirstAdministrator;
pub use group_standing::{GroupStanding, NestedMember};
pub use key_making::BroughtKey;
pub use known_browser::KNOWN_BROWSER_LIFE;
pub use logout::{LOGOUT_LIFE, Logout, LogoutStep, PendingLogout};
pub use metadata::Metadata;
pub use metrics::{KeyMetrics, KeyRoleMetrics, Metrics, ScimMetrics, ServiceEndMetrics};
pub use passwords::{Argon2id, PasswordPolicy};
pub use provisioning::{NameLook, Next, PlannedSync, STEPS_SHOWN, Worker};
pub use put_provider::PutProvider;
pub use renaming::{GroupRenaming, UserRenaming};
pub use reseal::Resealed;
pub use search::Found;
pub use services::{Parts, Services};
pub use sign_in::{ABSOLUTE, Brought, Entrance, IDLE};
pub use sign_on::{Arrival, SignOn};
pub use user_standing::UserStanding;
pub use users::NewUser;
pub use vault::{MasterKey, Vault};
pub use webhooks::Courier;
