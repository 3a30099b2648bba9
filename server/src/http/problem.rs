use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::Error;

/// A failure for a program: the fault as JSON, as server functions answer it.
pub fn answer(error: Error) -> Response {
    let fault = app::AppError::from(error).0;
    let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(fault)).into_response()
}
