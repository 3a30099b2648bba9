use std::{net::IpAddr, path::PathBuf, sync::Arc};

use app::{Drawing, Posted, Reply, Taste};
use axum::{
    Extension, Json, Router,
    body::Body,
    extract::{DefaultBodyLimit, FromRequestParts, Path, Request, State},
    http::{HeaderMap, StatusCode},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{any, get, post},
};
use domain::{Caller, Error, Services};
use leptos::{nonce::Nonce, prelude::provide_context};
use model::Fault;

use super::{
    api, assets, client::Client, closing::Closing, door, event_stream, fields, fonts, forwarding, health, keys, login,
    metadata, metrics, pages, saml, scim_stream, set_up, sign_out, slo, theme,
};

/// The largest body of any request: a SAML request of 128 KiB in base64, and then some.
const BODY: usize = 256 * 1024;

/// What the router needs beside the services.
#[derive(Debug, Clone, Default)]
pub struct HttpOptions {
    /// Folder that holds `pkg/` with the browser half of the pages.
    pub site: PathBuf,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Ends the streams of open pages.
    pub closing: Closing,
}

/// Every path of the server.
pub fn router(services: Services, options: HttpOptions) -> Router {
    app::prepare();
    let site: Arc<std::path::Path> = options.site.into();
    let trusted: Arc<[IpAddr]> = options.trusted_proxies.into();
    let package = move |Path(name): Path<String>, headers: HeaderMap| {
        let site = Arc::clone(&site);
        async move { assets::package(&site, &name, &headers).await }
    };
    let visited = services.clone();
    let scrapers = Arc::clone(&trusted);
    let show_metrics = move |state: State<Services>, request: Request| {
        let trusted = Arc::clone(&scrapers);
        async move { metrics::show(state, &trusted, request).await }
    };
    Router::new()
        .route("/login", get(login::form).post(login::submit))
        .route("/logout", get(sign_out::show).post(sign_out::submit))
        .route("/logout/everywhere", get(sign_out::ways).post(sign_out::everywhere))
        .route("/logout/continue", post(sign_out::go_on))
        .route("/setup", get(set_up::form).post(set_up::submit))
        .route("/theme", post(theme::choose))
        .route("/application/saml/{slug}/metadata/", get(metadata::metadata))
        .route("/application/saml/{slug}/sso/binding/init/", get(saml::init))
        .route("/application/saml/{slug}/sso/binding/redirect/", get(saml::redirect))
        .route("/application/saml/{slug}/sso/binding/post/", post(saml::post))
        .route("/application/saml/{slug}/slo/binding/redirect/", get(slo::redirect))
        .route("/application/saml/{slug}/slo/binding/post/", post(slo::post))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(show_metrics))
        .nest("/api/v1", api::router(services.clone()))
        // The one path below it that nesting leaves out.
        .route_service("/api/v1/", api::router(services.clone()).with_state(services.clone()))
        .route("/pkg/{name}", get(package))
        .route("/fn/{*path}", any(server_function))
        .route("/", get(page))
        .route("/admin", get(page))
        .route("/admin/keys/-/import", get(page).post(keys::import))
        .route("/admin/keys/{name}/certificate.pem", get(keys::certificate))
        .route("/admin/events/stream", get(event_stream::follow))
        .route("/admin/scim-providers/{name}/progress", get(scim_stream::follow))
        .route("/admin/{*path}", get(page).post(form))
        .route("/pkg/rolecall.css", get(assets::style))
        .route("/favicon.svg", get(assets::favicon))
        .route("/fonts/{name}", get(fonts::font))
        .fallback(not_found)
        .layer(middleware::from_fn(move |request, next| {
            door::door(visited.clone(), Arc::clone(&trusted), request, next)
        }))
        .layer(Extension(options.closing))
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

/// Who is calling, for pages and server functions alike.
async fn identify(services: &Services, request: Request) -> (Client, Result<Option<Caller>, Error>, Request) {
    let (mut parts, body) = request.into_parts();
    let client = match Client::from_request_parts(&mut parts, services).await {
        Ok(client) => client,
        Err(never) => match never {},
    };
    let caller = client.caller(services).await;
    (client, caller, Request::from_parts(parts, body))
}

/// The portal and the console. Who may not see a page gets none of it.
async fn page(State(services): State<Services>, request: Request) -> Response {
    match admit(&services, request).await {
        Ok((client, caller, request)) => show(services, &client, caller, None, request).await,
        Err(answer) => answer,
    }
}

/// A form of the console: done and on to another page, or the page that it leads to in its place.
async fn form(State(services): State<Services>, request: Request) -> Response {
    let (client, caller, request) = match admit(&services, request).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    let (parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    let fields = match fields::fields(whole).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let query = parts.uri.query().unwrap_or_default();
    match app::submit(caller.clone(), parts.uri.path(), query, fields).await {
        Ok(Reply::To(path)) => Redirect::to(&path).into_response(),
        Ok(Reply::Page(drawing)) => {
            show(services, &client, caller, Some(drawing), Request::from_parts(parts, Body::empty())).await
        }
        Err(error) => pages::error(&client, &error),
    }
}

/// Who may see the page that is asked for; everybody else gets the answer that is theirs.
async fn admit(services: &Services, request: Request) -> Result<(Client, Caller, Request), Response> {
    let wanted = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
    let (client, caller, request) = identify(services, request).await;
    let caller = caller.map_err(|error| pages::error(&client, &error))?;
    let Some(caller) = caller else {
        return Err(Redirect::to(&forwarding::login(forwarding::local(Some(&wanted)))).into_response());
    };
    if request.uri().path() != "/" {
        caller.auditor().map_err(|error| pages::error(&client, &error))?;
    }
    Ok((client, caller, request))
}

/// The document of a page, with what a form came to where one was posted.
async fn show(
    services: Services,
    client: &Client,
    caller: Caller,
    posted: Option<Drawing>,
    request: Request,
) -> Response {
    // A logout that did not come to its end is spoken of where people begin.
    let unfinished =
        request.uri().path() == "/" && matches!(sign_out::pending(&services, client, Some(&caller)).await, Ok(Some(_)));
    let taste = Taste { theme: client.theme.clone(), single_keys: client.single_keys, unfinished };
    let nonce = client.nonce.clone();
    let context = move || {
        provide_context(services.clone());
        provide_context(Some(caller.clone()));
        provide_context(Nonce::from_value(nonce.clone()));
        if let Some(drawing) = posted.clone() {
            provide_context(Posted(drawing));
        }
    };
    let render = leptos_axum::render_app_async_with_context(context, move || app::shell(taste.clone()));
    // A page is made in several turns, on several threads. It is made to its end even where the browser has left meanwhile:
    // otherwise what it stands on would be taken from under a turn that is under way.
    match tokio::spawn(render(request)).await {
        Ok(page) => page.into_response(),
        Err(error) => pages::error(client, &Error::Internal(format!("a page broke off: {error}"))),
    }
}

/// The calls that pages make. A stranger learns nothing: not even which there are.
async fn server_function(State(services): State<Services>, request: Request) -> Response {
    let (_, caller, request) = identify(&services, request).await;
    let caller = match caller {
        Ok(caller) => caller,
        Err(error) => {
            tracing::error!(%error, "who is calling cannot be found out");
            return (StatusCode::SERVICE_UNAVAILABLE, Json(Fault::Unavailable)).into_response();
        }
    };
    let Some(caller) = caller else {
        return (StatusCode::UNAUTHORIZED, Json(Fault::Unauthenticated)).into_response();
    };
    let context = move || {
        provide_context(services.clone());
        provide_context(Some(caller.clone()));
    };
    leptos_axum::handle_server_fns_with_context(context, request).await.into_response()
}
