use std::path::PathBuf;

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequestParts, Request, State},
    http::StatusCode,
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{any, get, post},
};
use domain::{Caller, Services};
use leptos::{config::LeptosOptions, prelude::provide_context};
use tower_http::services::ServeDir;

use super::{
    client::Client, fault, forwarding, guard, health, login, metadata, pages, saml, security_headers, set_up,
    state::AppState, theme,
};

/// What the router needs beside the services.
#[derive(Debug, Clone, Default)]
pub struct HttpOptions {
    /// Folder that holds `pkg/` and what else is public.
    pub site: PathBuf,
}

/// The largest body of any request: a SAML request of 128 KiB in base64, and then some.
const BODY: usize = 256 * 1024;

/// Every path of the server.
pub fn router(services: Services, options: HttpOptions) -> Router {
    let leptos = LeptosOptions::builder()
        .output_name("rolecall")
        .site_root(options.site.display().to_string())
        .site_pkg_dir("pkg")
        .build();
    app::register_server_functions();
    let state = AppState { services, leptos };
    let files =
        ServeDir::new(&options.site).append_index_html_on_directories(false).precompressed_br().precompressed_gzip();
    Router::new()
        .route("/login", get(login::form).post(login::submit))
        .route("/logout", post(login::logout))
        .route("/setup", get(set_up::form).post(set_up::submit))
        .route("/theme", post(theme::choose))
        .route("/application/saml/{slug}/metadata/", get(metadata::metadata))
        .route("/application/saml/{slug}/sso/binding/init/", get(saml::init))
        .route("/application/saml/{slug}/sso/binding/redirect/", get(saml::redirect))
        .route("/application/saml/{slug}/sso/binding/post/", post(saml::post))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/fn/{*path}", any(server_function))
        .route("/", get(page))
        .route("/admin", get(page))
        .route("/admin/{*path}", get(page))
        .fallback_service(files.fallback(get(not_found).with_state(state.clone())))
        .layer(middleware::from_fn_with_state(state.clone(), guard::same_site))
        .layer(middleware::from_fn(security_headers::security_headers))
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(state)
}

async fn not_found(client: Client) -> Response {
    pages::message(
        &client,
        StatusCode::NOT_FOUND,
        "There is nothing here",
        &["The address may be mistyped, or what was here was removed."],
    )
}

/// Who is calling, for pages and server functions; the guard of documents, ahead of any rendering.
async fn identify(state: &AppState, request: Request) -> Result<(Client, Option<Caller>, Request), Response> {
    let (mut parts, body) = request.into_parts();
    let client = match Client::from_request_parts(&mut parts, state).await {
        Ok(client) => client,
        Err(never) => match never {},
    };
    match client.caller(&state.services).await {
        Ok(caller) => Ok((client, caller, Request::from_parts(parts, body))),
        Err(error) => Err(pages::error(&client, &error)),
    }
}

/// The portal and the admin console.
async fn page(State(state): State<AppState>, request: Request) -> Response {
    let wanted = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
    let (client, caller, request) = match identify(&state, request).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let Some(caller) = caller else {
        return Redirect::to(&forwarding::login(forwarding::local(Some(&wanted)))).into_response();
    };
    if wanted.starts_with("/admin")
        && let Err(error) = caller.auditor()
    {
        return pages::error(&client, &error);
    }
    let (services, options) = (state.services.clone(), state.leptos.clone());
    let nonce = client.nonce.clone();
    let context = move || {
        provide_context(services.clone());
        provide_context(Some(caller.clone()));
        provide_context(leptos::nonce::Nonce::from_value(nonce.clone()));
    };
    let theme = client.theme.clone();
    let render =
        leptos_axum::render_app_async_with_context(context, move || app::shell(options.clone(), theme.clone()));
    render(request).await.into_response()
}

/// The calls that the pages make. Anonymous callers learn nothing: not even which functions there are.
async fn server_function(State(state): State<AppState>, request: Request) -> Response {
    let (_, caller, request) = match identify(&state, request).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let Some(caller) = caller else {
        return fault::json(StatusCode::UNAUTHORIZED, &model::Fault::Unauthenticated);
    };
    let services = state.services.clone();
    let context = move || {
        provide_context(services.clone());
        provide_context(Some(caller.clone()));
    };
    leptos_axum::handle_server_fns_with_context(context, request).await.into_response()
}
