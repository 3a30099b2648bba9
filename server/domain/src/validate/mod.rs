//! The rules of what may be kept, one file for each noun. A fault names the field and says what is right.
mod address;
mod application;
mod exchange;
mod expressions;
mod faults;
mod names;
mod object_name;
mod partition;
mod saml_provider;
mod scim_provider;
mod user;
mod webhook;

pub(crate) use address::web_address;
pub use application::application;
pub use expressions::{policy, property_mapping};
pub use names::Names;
pub use object_name::object_name;
pub use partition::role_table;
pub use saml_provider::saml_provider;
pub use scim_provider::{scim_address, scim_provider};
pub use user::user;
pub use webhook::webhook;
