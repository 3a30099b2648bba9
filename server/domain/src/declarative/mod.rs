//! The declarative file: read, plan, apply, export.
mod apply;
mod check;
mod export;
mod file;
mod plan;
mod planning;
mod provider;
mod scim;
mod source;

pub use apply::ApplyError;
pub use file::{DeclaredKey, DeclaredUser, Elsewhere, File, FileError, Secret, SecretResolver};
pub use plan::{Plan, PlanStep, StepKind};
pub use provider::DeclaredProvider;
pub use scim::DeclaredScim;
