use model::{Fault, FieldError};
use serde::{Deserialize, Serialize};
use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

/// A [`Fault`] as server functions return it. On the wire it is the fault itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(transparent)]
#[error("{0}")]
pub struct AppError(pub Fault);

/// What a server function answers.
pub type Answer<T> = Result<T, AppError>;

impl AppError {
    /// On the server this also sets the status of the answer being made, so that no handler has to.
    fn new(fault: Fault) -> Self {
        #[cfg(feature = "ssr")]
        if let (Some(response), Ok(status)) =
            (leptos::prelude::use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(fault.status()))
        {
            response.set_status(status);
        }
        Self(fault)
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::new(match error {
            // On the server this is what the caller sent; in the browser, an answer that is none of ours.
            ServerFnErrorErr::Deserialization(why) if cfg!(feature = "ssr") => {
                Fault::Invalid(vec![FieldError::new("", why)])
            }
            ServerFnErrorErr::Request(why) | ServerFnErrorErr::Deserialization(why) => Fault::Transport(why),
            ServerFnErrorErr::Args(why) | ServerFnErrorErr::MissingArg(why) => {
                Fault::Invalid(vec![FieldError::new("", why)])
            }
            _ => Fault::Internal("the call itself".to_owned()),
        })
    }
}

#[cfg(feature = "ssr")]
impl From<domain::Error> for AppError {
    fn from(error: domain::Error) -> Self {
        use domain::Error;
        Self::new(match error {
            Error::NotFound { kind, key } => Fault::NotFound(format!("{kind} `{key}`")),
            Error::Conflict(why) => Fault::Conflict(why),
            Error::Invalid(fields) => Fault::Invalid(fields),
            Error::Refused(role) => Fault::Forbidden(role),
            Error::Unauthenticated => Fault::Unauthenticated,
            Error::TooMany { seconds } => Fault::TooMany(seconds),
            Error::Unavailable(_) => {
                log(&error);
                Fault::Unavailable
            }
            Error::Internal(_) => Fault::Internal(log(&error)),
        })
    }
}

/// Writes the cause to the log, once, and returns the reference under which it is found there.
#[cfg(feature = "ssr")]
fn log(error: &domain::Error) -> String {
    use std::hash::{BuildHasher, Hasher, RandomState};
    let reference = format!("{:08x}", RandomState::new().build_hasher().finish() >> 32);
    leptos::logging::error!("{reference}: {error}");
    reference
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::{AppError, Fault, FromServerFnError, ServerFnErrorErr};

    #[test]
    fn the_text_of_an_inner_failure_stays_on_the_server() {
        for error in [domain::Error::Internal("secret path".into()), domain::Error::Unavailable("secret path".into())] {
            let wire = serde_json::to_string(&AppError::from(error)).unwrap();
            assert!(!wire.contains("secret"), "{wire}");
        }
    }

    #[test]
    fn arguments_that_cannot_be_read_are_the_callers_fault() {
        let error = ServerFnErrorErr::Deserialization("no such slug".into());
        assert_eq!(AppError::from_server_fn_error(error).0.status(), 422);
    }

    #[test]
    fn on_the_wire_an_error_is_the_fault_itself() {
        let fault = Fault::NotFound("application `x`".into());
        let wire = serde_json::to_value(AppError(fault.clone())).unwrap();
        assert_eq!(wire, serde_json::to_value(fault).unwrap());
    }
}
