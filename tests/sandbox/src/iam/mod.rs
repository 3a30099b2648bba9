//! IAM: SAML providers, roles, and who may assume them.

mod condition;
mod encryption;
mod handle;
mod metadata;
mod provider;
mod role;
mod trust;

pub use encryption::{EncryptionChange, EncryptionMode, PrivateKey};
pub use handle::Iam;
pub use provider::Provider;
pub use role::{NewRole, Role};
pub use trust::trust_policy;

pub(crate) use condition::{Context, like};
pub(crate) use trust::TrustPolicy;
