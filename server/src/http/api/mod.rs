//! The API of administrators: `/api/v1`. One file for each thing it speaks of.
mod applications;
mod backup;
mod bearer;
mod body;
mod events;
mod given;
mod groups;
mod keys;
mod me;
mod openapi;
mod operation;
mod policies;
mod property_mappings;
mod renames;
mod routes;
mod saml_providers;
mod scim_objects;
mod scim_providers;
mod scim_runs;
mod scim_tokens;
mod tokens;
mod users;
mod webhooks;

pub use bearer::token_caller;
pub use openapi::document;
pub use operation::Least;
pub use routes::{operations, router};
