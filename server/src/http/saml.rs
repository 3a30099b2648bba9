use axum::{
    Form,
    extract::{Path, Query, RawQuery, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{Arrival, AuthnRequest, Caller, Error, Services, SignOn, request};
use serde::Deserialize;

use super::{
    client::Client,
    forwarding::{as_redirect, component, local, login},
    pages,
    security_headers::FormTarget,
};

#[derive(Deserialize)]
pub struct Init {
    #[serde(rename = "RelayState")]
    relay_state: Option<String>,
}

#[derive(Deserialize)]
pub struct Posted {
    #[serde(rename = "SAMLRequest", default)]
    saml_request: String,
    #[serde(rename = "RelayState")]
    relay_state: Option<String>,
}

/// SAML bindings §3.4.3 allows 80 bytes; AWS's own deep links are longer. This only keeps pages small.
const LONGEST_RELAY_STATE: usize = 2048;

/// IdP-initiated sign-on (SAML profiles §4.1.5).
pub async fn init(
    State(services): State<Services>,
    client: Client,
    Path(slug): Path<String>,
    Query(query): Query<Init>,
) -> Response {
    if let Err(error) = services.check_application(&slug) {
        return pages::error(&client, &error);
    }
    let path = format!("/application/saml/{slug}/sso/binding/init/");
    let next = match &query.relay_state {
        Some(state) => format!("{path}?RelayState={}", component(state)),
        None => path,
    };
    go_on(&services, &client, &slug, Arrival::IdpInitiated, query.relay_state, &next).await
}

/// SP-initiated by HTTP-Redirect (SAML bindings §3.4). The query is taken apart here, so that a parameter sent twice is refused.
pub async fn redirect(
    State(services): State<Services>,
    client: Client,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let (mut saml_request, mut relay_state) = (None, None);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let slot = match name.as_ref() {
            "SAMLRequest" => &mut saml_request,
            "RelayState" => &mut relay_state,
            _ => continue,
        };
        if slot.replace(value.into_owned()).is_some() {
            let error = Error::invalid(name.into_owned(), "the parameter is sent twice");
            return refuse(&services, &client, &slug, error).await;
        }
    }
    let parsed = request::parse_redirect(&saml_request.unwrap_or_default());
    let next = format!("/application/saml/{slug}/sso/binding/redirect/?{query}");
    arrive(&services, &client, &slug, parsed.map_err(|e| e.to_string()), relay_state, &next).await
}

/// SP-initiated by HTTP-POST (SAML bindings §3.5).
pub async fn post(
    State(services): State<Services>,
    client: Client,
    Path(slug): Path<String>,
    Form(form): Form<Posted>,
) -> Response {
    let parsed = request::parse_post(&form.saml_request);
    let next = as_redirect(&slug, &form.saml_request, form.relay_state.as_deref()).unwrap_or_default();
    arrive(&services, &client, &slug, parsed.map_err(|e| e.to_string()), form.relay_state, &next).await
}

async fn arrive(
    services: &Services,
    client: &Client,
    slug: &str,
    parsed: Result<AuthnRequest, String>,
    relay_state: Option<String>,
    next: &str,
) -> Response {
    let request = match parsed {
        Ok(request) => request,
        Err(why) => return refuse(services, client, slug, Error::invalid("SAMLRequest", why)).await,
    };
    let base = format!("{}/application/saml/{slug}/sso/binding", services.public_url());
    // A request that came by POST goes on by Redirect after sign-in, so either address is right.
    let endpoint = match request.destination.as_deref() {
        Some(destination) if destination == format!("{base}/post/") => format!("{base}/post/"),
        _ => format!("{base}/redirect/"),
    };
    if let Err(error) = services.check_request(slug, &request, &endpoint) {
        return refuse(services, client, slug, error).await;
    }
    go_on(services, client, slug, Arrival::Request(Box::new(request)), relay_state, next).await
}

/// A request whose sender cannot be trusted gets a page, never a redirect.
async fn refuse(services: &Services, client: &Client, slug: &str, error: Error) -> Response {
    if let Err(failed) = services.request_refused(slug, &client.origin.address, &error).await {
        return pages::error(client, &failed);
    }
    pages::error(client, &error)
}

async fn go_on(
    services: &Services,
    client: &Client,
    slug: &str,
    arrival: Arrival,
    relay_state: Option<String>,
    next: &str,
) -> Response {
    if relay_state.as_ref().is_some_and(|s| s.len() > LONGEST_RELAY_STATE || s.chars().any(char::is_control)) {
        let error = Error::invalid(
            "RelayState",
            format!("RelayState has at most {LONGEST_RELAY_STATE} bytes and no control characters"),
        );
        return refuse(services, client, slug, error).await;
    }
    let caller = match client.caller(services).await {
        Ok(Some(caller)) => caller,
        // What could not be carried through sign-in would be lost without a word.
        Ok(None) if local(Some(next)) != next => {
            let why = "this request is too long to be carried through sign-in; sign in at this server first, then start again";
            return refuse(services, client, slug, Error::invalid("SAMLRequest", why)).await;
        }
        Ok(None) => return Redirect::to(&login(next)).into_response(),
        Err(error) => return pages::error(client, &error),
    };
    match caller.sign_on(slug, arrival).await {
        Ok(outcome) => answer(client, &caller, outcome, relay_state),
        Err(error) => pages::error(client, &error),
    }
}

fn answer(client: &Client, caller: &Caller, outcome: SignOn, relay_state: Option<String>) -> Response {
    let privileged = caller.auditor().is_ok();
    match outcome {
        SignOn::Issued { acs_url, saml_response } => {
            let target = url::Url::parse(&acs_url).map(|u| u.origin().ascii_serialization()).unwrap_or_default();
            let mut response = Html(pages::post_form(client, acs_url, saml_response, relay_state)).into_response();
            response.extensions_mut().insert(FormTarget(target));
            response
        }
        SignOn::Denied { application, trace } => {
            (StatusCode::FORBIDDEN, Html(pages::denied(client, &application, privileged.then_some(trace))))
                .into_response()
        }
        SignOn::Withheld { application, failures, verdicts } => {
            let html = pages::withheld(client, &application, &failures, verdicts, privileged);
            (StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response()
        }
    }
}
