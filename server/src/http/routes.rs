use app::pages::Frame;
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequestParts, Query, Request, State},
    http::StatusCode,
    middleware,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use domain::{Caller, Services};
use model::ListQuery;

use super::{
    assets, client::Client, forwarding, guard, health, login, metadata, pages, saml, security_headers, set_up, theme,
};

/// The largest body of any request: a SAML request of 128 KiB in base64, and then some.
const BODY: usize = 256 * 1024;

/// Every path of the server.
pub fn router(services: Services) -> Router {
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
        .route("/", get(page))
        .route("/admin", get(page))
        .route("/admin/{*path}", get(page))
        .route("/pkg/rolecall.css", get(assets::style))
        .route("/favicon.svg", get(assets::favicon))
        .fallback(not_found)
        .layer(middleware::from_fn_with_state(services.clone(), guard::same_site))
        .layer(middleware::from_fn(security_headers::security_headers))
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(services)
}

async fn not_found(client: Client) -> Response {
    pages::message(
        &client,
        StatusCode::NOT_FOUND,
        "There is nothing here",
        &["The address may be mistyped, or what was here was removed."],
    )
}

/// The portal and the console. Who may not see a page gets none of it.
async fn page(State(services): State<Services>, request: Request) -> Response {
    let wanted = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
    let (mut parts, _) = request.into_parts();
    let client = match Client::from_request_parts(&mut parts, &services).await {
        Ok(client) => client,
        Err(never) => match never {},
    };
    let query = Query::<ListQuery>::try_from_uri(&parts.uri).map(|q| q.0).unwrap_or_default();
    let caller = match client.caller(&services).await {
        Ok(Some(caller)) => caller,
        Ok(None) => return Redirect::to(&forwarding::login(forwarding::local(Some(&wanted)))).into_response(),
        Err(error) => return pages::error(&client, &error),
    };
    let frame = Frame { who: caller.signed_in(), theme: client.theme.clone(), path: wanted };
    match render(&caller, &frame, parts.uri.path(), &query).await {
        Ok(Some(html)) => Html(html).into_response(),
        Ok(None) => not_found(client).await,
        Err(error) => pages::error(&client, &error),
    }
}

async fn render(
    caller: &Caller,
    frame: &Frame,
    path: &str,
    query: &ListQuery,
) -> Result<Option<String>, domain::Error> {
    if path == "/" {
        return Ok(Some(app::pages::portal(frame, caller.member().tiles().await?)));
    }
    let auditor = caller.auditor()?;
    Ok(match path {
        "/admin" | "/admin/applications" => {
            Some(app::pages::applications(frame, query, auditor.applications(query).await?))
        }
        "/admin/users" => Some(app::pages::users(frame, query, auditor.users(query).await?)),
        "/admin/events" => Some(app::pages::events(frame, query, auditor.events(query).await?)),
        _ => None,
    })
}
