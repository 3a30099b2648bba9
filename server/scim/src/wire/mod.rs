//! What travels: resources, lists, patches, errors and requests (RFC 7643, RFC 7644).
mod config;
mod error;
mod list;
mod patch;
mod request;
mod resource;
mod resource_types;
mod schemas;

pub use config::ServiceProviderConfig;
pub use error::ErrorBody;
pub use list::ListResponse;
pub use patch::{Op, Operation, patch_body};
pub(crate) use request::resource_path;
pub use request::{Method, Request, quoted};
pub(crate) use resource::identifier;
pub use resource::{CORE_GROUP, CORE_USER, ENTERPRISE_USER, Resource, name_of, remote_id, text, with_schemas};
pub use resource_types::{ResourceType, ResourceTypes};
pub use schemas::{SchemaAttribute, Schemas};
