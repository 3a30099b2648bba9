//! What the endpoint answers, and how it refuses.

use serde_json::{Value, json};

use crate::instant::stamp;

/// The message schema of errors (RFC 7644 §3.12).
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// An answer: status and, unless there is nothing to say, a body.
pub(crate) type Answer = Result<(u16, Option<Value>), Refusal>;

/// A refusal: status, the name of the exception and the `detail`, which is AWS's own text where it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) exception: &'static str,
    pub(crate) detail: String,
}

impl Refusal {
    fn new(status: u16, exception: &'static str, detail: impl Into<String>) -> Self {
        Self { status, exception, detail: detail.into() }
    }

    /// A request that AWS can say something particular about.
    pub(crate) fn validation(detail: impl Into<String>) -> Self {
        Self::new(400, "ValidationException", detail)
    }

    /// The general refusal: not JSON of the right kind, an attribute or an operation that is not supported.
    pub(crate) fn violates() -> Self {
        Self::validation("Request is unparsable, syntactically incorrect, or violates schema.")
    }

    /// A body that is not JSON.
    pub(crate) fn json() -> Self {
        Self::validation("Invalid JSON from RequestBody")
    }

    /// A filter of another form, with another operator or on another attribute.
    pub(crate) fn filter() -> Self {
        Self::validation("Invalid Filter format")
    }

    /// A `remove` that does not say what.
    pub(crate) fn missing_path() -> Self {
        Self::validation("Missing path in PATCH request")
    }

    /// Several attributes in one operation without a path.
    pub(crate) fn without_path() -> Self {
        Self::validation(
            "Current PATCH support allows omitting \"path\" attribute only for Add and Replace operations modifying a \
             single attribute.",
        )
    }

    /// A second value in a list. AWS's texts for two attributes differ by a word.
    pub(crate) fn list(attribute: &str) -> Self {
        let exceeds = if attribute == "addresses" { "" } else { "exceeds " };
        Self::validation(format!("List attribute {attribute} {exceeds}allowed limit of 1"))
    }

    /// Values that break length or pattern, all of them.
    pub(crate) fn constraints(violations: &[String]) -> Self {
        Self::validation(format!("{} validation errors detected: {}", violations.len(), violations.join("; ")))
    }

    /// No bearer token, or one that is not known or has ended.
    pub(crate) fn unauthorized() -> Self {
        Self::new(401, "UnauthorizedException", "Authorization header is invalid or missing.")
    }

    /// No such tenant.
    pub(crate) fn tenant() -> Self {
        Self::new(404, "ResourceNotFoundException", "TENANT does not exist.")
    }

    /// No such user, group or member; `kind` is `USER` or `GROUP`.
    pub(crate) fn not_found(kind: &str) -> Self {
        Self::new(404, "ResourceNotFoundException", format!("{kind} does not exist."))
    }

    /// A name, an external id or an address that another has.
    pub(crate) fn duplicate() -> Self {
        Self::new(409, "ConflictException", "Refused to create a new, duplicate resource.")
    }

    /// More requests than AWS takes.
    pub(crate) fn throttled() -> Self {
        Self::new(429, "ThrottlingException", "Rate exceeded")
    }

    /// A status that a fault plan asked for.
    pub(crate) fn planned(status: u16, detail: Option<&str>) -> Self {
        let known = match status {
            401 => Self::unauthorized(),
            403 => Self::new(
                403,
                "AccessDeniedException",
                "Operation is not permitted based on the supplied authorization.",
            ),
            404 => Self::not_found("RESOURCE"),
            409 => Self::duplicate(),
            429 => Self::throttled(),
            400..=499 => Self { status, ..Self::violates() },
            _ => Self::new(status, "InternalServerException", "Internal server error"),
        };
        Self { detail: detail.map_or(known.detail, Into::into), ..known }
    }

    /// The body, with `schema` beside `schemas` and the status as text.
    pub(crate) fn body(&self, request_id: &str, now: i64) -> Value {
        json!({
            "schema": [ERROR],
            "schemas": [ERROR],
            "detail": self.detail,
            "status": self.status.to_string(),
            "exceptionRequestId": request_id,
            "timeStamp": stamp(now),
        })
    }
}
