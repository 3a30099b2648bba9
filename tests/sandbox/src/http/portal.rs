//! The portal of Identity Center and its SAML side.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::sha::sha256;
use quick_xml::escape::escape;

use super::page::{facts, page};
use super::parameters::Parameters;
use crate::fault::Fault;
use crate::identity_center::{AuthnRequest, Binding, PortalRefusal, PortalSession};
use crate::instant::instant;
use crate::sandbox::Sandbox;

/// What sends the form without a click.
const SUBMIT: &str = "document.forms[0].submit()";

/// `GET /platform/saml/{identity store}`: the service provider's metadata, at the address that is its entity id.
pub(crate) async fn portal_metadata(State(sandbox): State<Sandbox>, Path(store): Path<String>) -> Response {
    match sandbox.center.metadata(&store) {
        Some(document) => ([(header::CONTENT_TYPE, "application/samlmetadata+xml")], document).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /start`: sends the person to the identity provider. `binding` is `redirect` or `post`, `host` the number of the
/// assertion consumer service, from 0.
pub(crate) async fn start(State(sandbox): State<Sandbox>, Query(query): Query<Vec<(String, String)>>) -> Response {
    match begin(&sandbox, &Parameters(query)) {
        Ok(response) => response,
        Err(fault) => {
            let body = format!("<p class=\"message\">{}</p>\n", escape(fault.message.as_str()));
            (StatusCode::BAD_REQUEST, page("Sign-in could not begin", &body)).into_response()
        }
    }
}

fn begin(sandbox: &Sandbox, query: &Parameters) -> Result<Response, Fault> {
    let binding = match query.get("binding") {
        None => None,
        Some("redirect") => Some(Binding::Redirect),
        Some("post") => Some(Binding::Post),
        Some(_) => return Err(Fault::validation("binding is redirect or post")),
    };
    let host = query.get("host").unwrap_or("0").parse().map_err(|_| Fault::validation("host is a number"))?;
    let request = sandbox.center.start(binding, host)?;
    match request.binding {
        Binding::Redirect => Ok(Redirect::to(&request.url()?).into_response()),
        Binding::Post => form(&request),
    }
}

/// The page of the HTTP-POST binding.
fn form(request: &AuthnRequest) -> Result<Response, Fault> {
    let body = format!(
        "<form action=\"{}\" method=\"post\">\n<input type=\"hidden\" name=\"SAMLRequest\" value=\"{}\">\n\
         <input type=\"hidden\" name=\"RelayState\" value=\"{}\">\n<button type=\"submit\">Continue</button>\n</form>\n\
         <script>{SUBMIT}</script>\n",
        escape(request.destination.as_str()),
        escape(request.parameter()?),
        escape(request.relay_state.as_str()),
    );
    // The form goes elsewhere and sends itself; nothing else is allowed more than on other pages.
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'sha256-{}'; base-uri 'none'; frame-ancestors 'none'",
        STANDARD.encode(sha256(SUBMIT.as_bytes()))
    );
    let policy = HeaderValue::from_str(&policy).map_err(Fault::internal)?;
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], page("To your identity provider", &body)).into_response())
}

/// `POST /platform/saml/acs/{tenant}`
pub(crate) async fn portal_sign_in(
    State(sandbox): State<Sandbox>,
    Path(tenant): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let form = Parameters(form);
    let relay_state = form.get("RelayState");
    match sandbox.center.sign_in(&tenant, form.get("SAMLResponse").unwrap_or_default(), relay_state).await {
        Ok(session) => portal(&session),
        Err(refusal) => refused(&refusal),
    }
}

fn portal(session: &PortalSession) -> Response {
    let origin = match &session.request_id {
        Some(id) => format!("Identity Center, with request {id}"),
        None => "The identity provider".into(),
    };
    let mut rows = vec![
        ("User", session.user_name.clone()),
        ("Name", session.display_name.clone()),
        ("User id", session.user_id.clone()),
        ("Session ends", instant(session.ends)),
        ("Begun by", origin),
        ("Consumer service", session.consumer_service.clone()),
    ];
    if session.request_id.is_none() {
        rows.extend(session.relay_state.clone().map(|state| ("Relay state", state)));
    }
    let mut body = facts(&rows);
    if !session.access_control.is_empty() {
        let pairs: Vec<_> = session.access_control.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
        body.push_str(&format!("<h2>Attributes for access control</h2>\n{}", facts(&pairs)));
    }
    page("AWS access portal", &body).into_response()
}

fn refused(refusal: &PortalRefusal) -> Response {
    let body = format!(
        "<p class=\"message\">{}</p>\n<p class=\"detail\">ExternalIdPDirectoryLogin: {}</p>\n",
        escape(refusal.page),
        escape(refusal.event.as_str())
    );
    (StatusCode::BAD_REQUEST, page("Sign-in failed", &body)).into_response()
}
