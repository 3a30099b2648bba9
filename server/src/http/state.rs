use axum::extract::FromRef;
use domain::Services;

/// What every handler may ask for.
#[derive(Clone, FromRef)]
pub struct AppState {
    pub services: Services,
}
