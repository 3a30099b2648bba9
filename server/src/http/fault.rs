use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use model::Fault;

/// A fault as the browser's server-function client reads it.
pub fn json(status: StatusCode, fault: &Fault) -> Response {
    (status, Json(fault)).into_response()
}
