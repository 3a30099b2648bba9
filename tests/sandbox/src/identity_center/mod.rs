//! An instance of IAM Identity Center with an external identity provider.

mod instance;
mod options;

pub use instance::IdentityCenter;
pub use options::IdentityCenterOptions;
