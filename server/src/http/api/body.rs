use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderName, StatusCode, header},
};
use model::FieldError;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::http::problem::Problem;

/// What an operation answers where something was made: 201, where it is, and how it is.
pub type Created<T> = (StatusCode, [(HeaderName, String); 1], Json<T>);

/// `segments` are the names below `/api/v1`, unescaped.
pub fn created<T>(segments: &[&str], thing: T) -> Created<T> {
    let escaped: Vec<String> = segments.iter().map(|s| crate::http::forwarding::component(s)).collect();
    (StatusCode::CREATED, [(header::LOCATION, format!("/api/v1/{}", escaped.join("/")))], Json(thing))
}

/// The JSON of a request; whatever is wrong with it is a problem document.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let detail = "the body is JSON: send it with `Content-Type: application/json`";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", detail));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the body is larger than 256 KiB")
            }
            _ => Problem::new(StatusCode::BAD_REQUEST, "broken", "the body did not arrive"),
        })?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| match error.classify() {
            Category::Data => domain::Error::Invalid(vec![FieldError::new("", error.to_string())]).into(),
            _ => Problem::new(StatusCode::BAD_REQUEST, "not_json", format!("the body is not JSON: {error}")),
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let text = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}
