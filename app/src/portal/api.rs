use leptos::prelude::*;
use model::{SessionSummary, Tile};

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::session::caller;

/// The applications that the caller may open. Any signed-in person.
#[server]
pub async fn list_tiles() -> Result<Vec<Tile>, AppError> {
    Ok(caller()?.member().tiles().await?)
}

/// The caller's own live sessions. Any signed-in person.
#[server]
pub async fn list_sessions() -> Result<Vec<SessionSummary>, AppError> {
    Ok(caller()?.member().sessions().await?)
}

/// Ends one of the caller's own sessions. Any signed-in person.
#[server]
pub async fn revoke_session(handle: String) -> Result<(), AppError> {
    Ok(caller()?.member().revoke_session(&handle).await?)
}
