use axum::extract::FromRef;
use domain::Services;
use leptos::config::LeptosOptions;

/// What every handler may ask for.
#[derive(Clone, FromRef)]
pub struct AppState {
    pub services: Services,
    pub leptos: LeptosOptions,
}
