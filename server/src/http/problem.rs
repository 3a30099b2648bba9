use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::Error;
use model::{Fault, FieldError};
use schemars::JsonSchema;
use serde::Serialize;

/// A failure for a page's script: the fault as JSON, as server functions answer it.
pub fn answer(error: Error) -> Response {
    let fault = app::AppError::from(error).0;
    let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(fault)).into_response()
}

/// A failure for a program: a problem document (RFC 9457).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Problem {
    /// `about:blank`: the status says what kind of problem it is, and `code` says it more closely.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The phrase of the status.
    title: &'static str,
    status: u16,
    /// Stable; for a program to decide by.
    code: String,
    /// For a person.
    detail: String,
    /// What is wrong with which field of the body; empty where it is something else.
    errors: Vec<FieldError>,
    #[serde(skip)]
    header: Option<(header::HeaderName, String)>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            errors: Vec::new(),
            header: None,
        }
    }

    /// Nobody is known to be calling. `given`: a token came along (RFC 6750 §3).
    pub fn unauthenticated(given: bool) -> Self {
        let (detail, challenge) = if given {
            (
                "this token is not valid: it is mistyped, over or revoked, or its owner is deactivated",
                "error=\"invalid_token\"",
            )
        } else {
            ("send a token of the API: `Authorization: Bearer rolecall_…`; `rolecall token create` makes one", "")
        };
        let separator = if challenge.is_empty() { "" } else { ", " };
        let challenge = format!("Bearer realm=\"rolecall\"{separator}{challenge}");
        let problem = Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail);
        problem.with_header(header::WWW_AUTHENTICATE, challenge)
    }

    pub fn with_header(self, name: header::HeaderName, value: String) -> Self {
        Self { header: Some((name, value)), ..self }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let fault = app::AppError::from(error).0;
        if fault == Fault::Unauthenticated {
            return Self::unauthenticated(false);
        }
        let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let code = match &fault {
            Fault::Unauthenticated => "unauthenticated",
            Fault::Forbidden(_) => "forbidden",
            Fault::NotFound(_) => "not_found",
            Fault::Conflict(_) => "conflict",
            Fault::Invalid(_) => "invalid",
            Fault::TooMany(_) => "too_many",
            Fault::Transport(_) | Fault::Unavailable => "unavailable",
            Fault::Internal(_) => "internal",
        };
        let mut problem = Self::new(status, code, fault.to_string());
        match fault {
            Fault::Invalid(errors) => problem.errors = errors,
            Fault::TooMany(seconds) => problem = problem.with_header(header::RETRY_AFTER, seconds.to_string()),
            _ => {}
        }
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some((name, value)) = self.header
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            headers.insert(name, value);
        }
        response
    }
}
