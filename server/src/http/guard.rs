use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::state::AppState;

/// Refuses what another site makes a browser send (cross-site request forgery).
///
/// `Sec-Fetch-Site` decides where it is sent; an older browser's `Origin` must be ours; a program sends neither.
/// Only the SAML endpoint that other sites are meant to post to is left out.
pub async fn same_site(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let path = request.uri().path();
    let meant_for_others = path.starts_with("/application/saml/") && path.ends_with("/binding/post/");
    if safe || meant_for_others {
        return next.run(request).await;
    }
    let text = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    let foreign = match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some("same-origin" | "none"), _) => false,
        (Some(_), _) => true,
        (None, Some(origin)) => origin != state.services.public_url(),
        (None, None) => false,
    };
    if foreign {
        return (
            StatusCode::FORBIDDEN,
            "This request came from another site and was refused. Go back and use the page itself.",
        )
            .into_response();
    }
    next.run(request).await
}
