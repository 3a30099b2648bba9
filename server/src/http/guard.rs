use axum::{
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::Services;

/// Refuses what another site makes a browser send (cross-site request forgery).
///
/// Only the SAML endpoint that other sites are meant to post to is left out, and the API, which no cookie opens.
pub fn refusal(services: &Services, request: &Request) -> Option<Response> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let path = request.uri().path();
    let meant_for_others =
        path.starts_with("/application/saml/") && path.ends_with("/binding/post/") || path.starts_with("/api/v1/");
    if safe || meant_for_others || !foreign(request.headers(), services.public_url()) {
        return None;
    }
    let why = "This request came from another site and was refused. Go back and use the page itself.";
    Some((StatusCode::FORBIDDEN, why).into_response())
}

/// `Sec-Fetch-Site` decides where it is sent; an older browser's `Origin` must be ours; a program sends neither.
fn foreign(headers: &HeaderMap, ours: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some("same-origin" | "none"), _) | (None, None) => false,
        (Some(_), _) => true,
        (None, Some(origin)) => origin != ours,
    }
}
