//! The declarative file: read, plan, apply, export.
mod apply;
mod export;
mod file;
mod plan;

pub use apply::ApplyError;
pub use file::{DeclaredKey, DeclaredUser, Elsewhere, File, FileError, Secret, SecretResolver};
pub use plan::{Plan, PlanStep, StepKind};
