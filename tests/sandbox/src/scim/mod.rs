//! The SCIM endpoint of IAM Identity Center: SCIM 2.0 as far as AWS has it, and no further.

mod constraint;
mod discovery;
mod filter;
mod groups;
mod listing;
mod members;
mod operation;
mod patch;
mod path;
mod refusal;
mod resource;
mod schema;
mod throttle;
mod token;
mod users;

pub(crate) use discovery::{resource_types, schemas, service_provider_config};
pub(crate) use groups::Groups;
pub(crate) use listing::Listing;
pub(crate) use members::membership_changes;
pub(crate) use operation::Operation;
pub(crate) use refusal::{Answer, Refusal};
pub(crate) use schema::ENTERPRISE;
pub(crate) use throttle::Throttle;
pub(crate) use token::Tokens;
pub(crate) use users::Users;

pub use throttle::Rates;
pub use token::Token;
