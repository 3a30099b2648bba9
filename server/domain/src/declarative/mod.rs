//! The declarative file: read, plan, apply, export.
mod apply;
mod check;
mod default_key;
mod export;
mod file;
mod group;
mod metadata;
mod name_id_secret;
mod places;
mod plan;
mod planning;
mod provider;
mod prune;
mod renames;
mod scim;
mod source;
mod told;
mod webhook;

pub use apply::{Apply, ApplyError};
pub use file::{DeclaredKey, DeclaredUser, Elsewhere, File, FileError, Secret, SecretResolver};
pub use group::DeclaredGroup;
pub use metadata::{DeclaredMetadata, MetadataAddress};
pub use plan::{Plan, PlanStep, StepKind};
pub use provider::DeclaredProvider;
pub use scim::DeclaredScim;
pub use webhook::DeclaredWebhook;
