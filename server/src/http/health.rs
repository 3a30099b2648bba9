use axum::{extract::State, http::StatusCode};
use domain::Services;

/// The process answers.
pub async fn live() -> &'static str {
    "live"
}

/// The store answers too, and keeps what is written.
pub async fn ready(State(services): State<Services>) -> (StatusCode, &'static str) {
    match services.ready().await {
        Ok(()) => (StatusCode::OK, "ready"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store cannot be reached or written")
        }
    }
}
