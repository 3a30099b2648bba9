//! HTML pages.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use quick_xml::escape::escape;

use crate::sandbox::Sandbox;

/// A page around a body that is already HTML.
pub(super) fn page(title: &str, body: &str) -> Html<String> {
    let title = escape(title);
    Html(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/sandbox.css\">\n</head>\n<body>\n\
         <header><p class=\"banner\">Sandbox: this is not Amazon Web Services</p></header>\n\
         <main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    ))
}

/// A definition list; texts are escaped here.
pub(super) fn facts(pairs: &[(&str, String)]) -> String {
    let row = |(term, text): &(&str, String)| format!("<dt>{}</dt><dd>{}</dd>\n", escape(*term), escape(text.as_str()));
    format!("<dl>\n{}</dl>\n", pairs.iter().map(row).collect::<String>())
}

/// `GET /`: what this is.
pub(crate) async fn home(State(sandbox): State<Sandbox>) -> Html<String> {
    let base = sandbox.endpoints.base().to_owned();
    let body = format!(
        "<p>A strict double of AWS sign-in, STS and IAM for SAML federation, and of IAM Identity Center. It \
         refuses what AWS refuses, in the same words, \
         and its credentials open nothing.</p>\n\
         <p><a href=\"/start\">Sign in to the access portal of Identity Center</a></p>\n{}",
        facts(&[
            ("Assertion consumer service", sandbox.endpoints.own()),
            ("Metadata", format!("{base}/static/saml-metadata.xml")),
            ("STS and IAM (endpoint_url)", base),
            ("Account", sandbox.options.account.clone()),
            ("Identity Center", sandbox.center.entity_id()),
            ("Identity Center sign-in", format!("{}/start", sandbox.endpoints.base())),
            ("SCIM endpoint", sandbox.center.scim_endpoint()),
        ])
    );
    page("AWS sandbox", &body)
}

/// `GET /saml`: AWS knows the HTTP-POST binding only.
pub(crate) async fn post_only() -> Response {
    let body =
        "<p>This address takes SAML responses, and only by POST. Start at your identity provider's portal.</p>\n";
    let allow = [(header::ALLOW, "POST")];
    (StatusCode::METHOD_NOT_ALLOWED, allow, page("Nothing was sent", body)).into_response()
}

/// `GET /health`: that it runs.
pub(crate) async fn healthy() -> &'static str {
    "ok\n"
}

/// `GET /sandbox.css`
pub(crate) async fn stylesheet() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("sandbox.css")).into_response()
}
