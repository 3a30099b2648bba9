//! An instance of IAM Identity Center with an external identity provider.

mod access_control;
mod authn_request;
mod claims;
mod hosts;
mod idp;
mod instance;
mod options;
mod refusal;
mod session;
mod sign_on;

pub use authn_request::AuthnRequest;
pub use idp::Binding;
pub use instance::IdentityCenter;
pub use options::IdentityCenterOptions;
pub use refusal::PortalRefusal;
pub use session::PortalSession;
