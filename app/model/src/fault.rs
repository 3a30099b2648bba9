use serde::{Deserialize, Serialize};

/// What is wrong with one field of a form or a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldError {
    /// Path of the field, such as `acs_url` or `bindings.0`; empty: the whole.
    pub field: String,
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Every way a call can fail, as it travels to the browser. The codes are stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", content = "detail", rename_all = "snake_case")]
pub enum Fault {
    #[error("sign in to go on")]
    Unauthenticated,
    #[error("this needs the role {0}")]
    Forbidden(String),
    #[error("there is no {0}")]
    NotFound(String),
    #[error("{0}")]
    Conflict(String),
    #[error("{}", summary(.0))]
    Invalid(Vec<FieldError>),
    #[error("too many attempts: try again in {0} seconds")]
    TooMany(u64),
    #[error("the server cannot be reached: {0}")]
    Transport(String),
    #[error("the server is not able to answer now; try again")]
    Unavailable,
    /// The reference is in the log beside the cause.
    #[error("something went wrong here; the log has it under {0}")]
    Internal(String),
}

fn summary(fields: &[FieldError]) -> String {
    let lines: Vec<String> = fields
        .iter()
        .map(|f| if f.field.is_empty() { f.message.clone() } else { format!("{}: {}", f.field, f.message) })
        .collect();
    lines.join("; ")
}

impl Fault {
    /// The HTTP status that goes with it.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::Forbidden(_) => 403,
            Self::NotFound(_) => 404,
            Self::Conflict(_) => 409,
            Self::Invalid(_) => 422,
            Self::TooMany(_) => 429,
            Self::Transport(_) | Self::Unavailable => 503,
            Self::Internal(_) => 500,
        }
    }
}
