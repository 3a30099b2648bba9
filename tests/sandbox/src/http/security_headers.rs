//! Headers on every answer.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Nothing loads but our own stylesheet, nothing frames us, nothing is kept.
pub(crate) async fn harden(mut response: Response) -> Response {
    let fixed: [(HeaderName, &str); 4] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        // A page that needs more than the others brings its own policy.
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
