use model::FieldError;

use crate::port::{Kind, StoreError};

/// Every way a use case fails, grouped by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no {kind} `{key}`")]
    NotFound { kind: &'static str, key: String },
    #[error("{0}")]
    Conflict(String),
    #[error("{}", .0.iter().map(|f| format!("{}: {}", f.field, f.message)).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldError>),
    /// Signed in, but not allowed; holds the role that would be.
    #[error("this needs the role {0}")]
    Refused(String),
    #[error("not signed in")]
    Unauthenticated,
    #[error("too many attempts: try again in {seconds} seconds")]
    TooMany { seconds: u64 },
    #[error("unavailable: {0}")]
    Unavailable(String),
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    pub fn missing(kind: Kind, key: impl Into<String>) -> Self {
        Self::NotFound { kind: kind.word(), key: key.into() }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Exists { .. }
            | StoreError::Stale { .. }
            | StoreError::LastAdministrator
            | StoreError::TooLarge { .. } => Self::Conflict(error.to_string()),
            StoreError::Unavailable(why) => Self::Unavailable(why),
            StoreError::Corrupt(why) => Self::Internal(why),
        }
    }
}
