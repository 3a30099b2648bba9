use std::process::ExitCode;

use domain::{Error, declarative::ApplyError};
use store::OpenError;

use crate::compose::ComposeError;

/// How a command ends badly: one line for the reader, and an exit code.
pub struct Failure {
    pub message: String,
    pub code: u8,
}

impl Failure {
    /// Something did not work: exit code 1.
    pub fn failed(message: impl std::fmt::Display) -> Self {
        Self { message: message.to_string(), code: 1 }
    }

    /// What was asked is refused: exit code 2.
    pub fn refused(message: impl std::fmt::Display) -> Self {
        Self { message: message.to_string(), code: 2 }
    }

    pub fn report(&self) -> ExitCode {
        for line in self.message.lines() {
            eprintln!("rolecall: {line}");
        }
        ExitCode::from(self.code)
    }
}

impl From<ComposeError> for Failure {
    fn from(error: ComposeError) -> Self {
        match error {
            ComposeError::PublicUrl { .. } | ComposeError::NoPublicUrl(_) => Self::refused(error),
            ComposeError::Open(error) => error.into(),
            _ => Self::failed(error),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            // The other process has a right to it; nothing is broken.
            OpenError::Held { .. } | OpenError::BadUrl(_) | OpenError::Unfinished { .. } | OpenError::Marked { .. } => {
                Self::refused(error)
            }
            OpenError::Newer { .. } | OpenError::Failed(_) => Self::failed(error),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(_) | Error::Internal(_) => Self::failed(error),
            _ => Self::refused(error),
        }
    }
}

impl From<ApplyError> for Failure {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::File(error) => Self::refused(error),
            ApplyError::Domain(error) => error.into(),
        }
    }
}
