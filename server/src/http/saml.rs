use axum::{
    extract::{Path, Query, RawForm, RawQuery, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{Arrival, Caller, Carrier, Error, Exchange, Received, Services, SignOn, StatusAnswer};
use serde::Deserialize;

use super::{
    client::Client,
    forwarding::{as_redirect, component, local, login, login_again},
    pages,
    posted::Posted,
    security_headers::FormTarget,
};

#[derive(Deserialize)]
pub struct Init {
    #[serde(rename = "RelayState")]
    relay_state: Option<String>,
    /// The ARN of the one role of AWS that the person chose.
    role: Option<String>,
    /// The name of a key that an administrator tries.
    key: Option<String>,
}

/// SAML bindings §3.4.3 allows 80 bytes; AWS's own deep links are longer. This only keeps pages small.
const LONGEST_RELAY_STATE: usize = 2048;
/// AWS's own limit for ARNs.
const LONGEST_ROLE: usize = 2048;

/// Whether a `RelayState` is one that nothing takes along.
fn unfit(state: &str) -> bool {
    state.len() > LONGEST_RELAY_STATE || state.chars().any(char::is_control)
}

/// The same of a message that was not looked at yet.
fn brings_unfit(carrier: &Carrier<'_>) -> bool {
    match carrier {
        Carrier::Redirect { query } => {
            url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "RelayState" && unfit(&value))
        }
        Carrier::Post { relay_state, .. } => relay_state.is_some_and(unfit),
    }
}

fn unfit_state() -> Error {
    let why = format!("RelayState has at most {LONGEST_RELAY_STATE} bytes and no control characters");
    Error::invalid("RelayState", why)
}

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
    let Init { relay_state, role, key } = query;
    let role = role.filter(|role| !role.is_empty());
    if let Some(why) = role.as_deref().and_then(|role| unfit_role(role, key.is_some())) {
        return refuse(&services, &client, &slug, Error::invalid("role", why)).await;
    }
    let wanted = [("key", key.as_deref()), ("role", role.as_deref()), ("RelayState", relay_state.as_deref())];
    let next = init_path(&slug, &wanted);
    let arrival = key.map_or(Arrival::IdpInitiated { role }, Arrival::Trial);
    match client.caller(&services).await {
        Ok(caller) => go_on(&services, &client, &slug, caller, arrival, relay_state, &next).await,
        Err(error) => pages::error(&client, &error),
    }
}

/// Why this cannot be the one role that is wanted.
fn unfit_role(role: &str, tries_key: bool) -> Option<&'static str> {
    if tries_key {
        return Some("a key is tried with all roles; leave `role` or `key` out");
    }
    let no_arn = role.len() > LONGEST_ROLE || role.chars().any(char::is_control);
    no_arn.then_some("a role is named by its ARN, which has at most 2048 bytes and no control characters")
}

/// The way back to [`init`] with all that was wanted.
fn init_path(slug: &str, wanted: &[(&str, Option<&str>)]) -> String {
    let pairs = wanted.iter().filter_map(|(name, value)| value.map(|value| format!("{name}={}", component(value))));
    let query = pairs.collect::<Vec<_>>().join("&");
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/application/saml/{slug}/sso/binding/init/{mark}{query}")
}

/// SP-initiated by HTTP-Redirect (SAML bindings §3.4). The query is kept as it came, for a signature is over those bytes.
pub async fn redirect(
    State(services): State<Services>,
    client: Client,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let next = format!("/application/saml/{slug}/sso/binding/redirect/?{query}");
    arrive(&services, &client, &slug, Carrier::Redirect { query: &query }, &next).await
}

/// SP-initiated by HTTP-POST (SAML bindings §3.5).
pub async fn post(
    State(services): State<Services>,
    client: Client,
    Path(slug): Path<String>,
    RawForm(body): RawForm,
) -> Response {
    let form = match Posted::of(&body) {
        Ok(form) => form,
        Err(error) => return refuse(&services, &client, &slug, error).await,
    };
    let (field, relay_state) = (form.saml_request.as_deref().unwrap_or_default(), form.relay_state.as_deref());
    let next = as_redirect(&slug, field, relay_state).unwrap_or_default();
    let carrier = Carrier::Post { parameter: "SAMLRequest", field, relay_state };
    arrive(&services, &client, &slug, carrier, &next).await
}

/// A request whose sender cannot be trusted gets a page, never a redirect.
async fn arrive(services: &Services, client: &Client, slug: &str, carrier: Carrier<'_>, next: &str) -> Response {
    // A status carries it back as a response does.
    if brings_unfit(&carrier) {
        return refuse(services, client, slug, unfit_state()).await;
    }
    let posted = matches!(carrier, Carrier::Post { .. });
    let exchange = match services.receive(slug, carrier, &client.origin.address).await {
        Ok(Received::Accepted(exchange)) => exchange,
        Ok(Received::Answer(answer)) => return told(client, answer),
        Err(error) => return pages::error(client, &error),
    };
    let caller = match fresh_enough(services, client, &exchange).await {
        Ok(caller) => caller,
        Err(error) => return pages::error(client, &error),
    };
    if caller.is_none() && exchange.request.is_passive {
        // What another site posts comes without the session cookie, which is `SameSite=Lax`, whoever is signed in. The
        // navigation that this leads to carries it, and is answered for good.
        if posted && client.session.is_none() && local(Some(next)) == next {
            return Redirect::to(next).into_response();
        }
        return match services.answer_passive(slug, &exchange, &client.origin.address).await {
            Ok(answer) => told(client, answer),
            Err(error) => pages::error(client, &error),
        };
    }
    // One that demands a fresh sign-in is remembered already.
    if caller.is_none()
        && !exchange.request.force_authn
        && let Err(error) = services.first_seen(&exchange).await
    {
        return pages::error(client, &error);
    }
    let relay_state = exchange.relay_state.clone();
    go_on(services, client, slug, caller, Arrival::Request(exchange), relay_state, next).await
}

/// Who is signed in, unless the request demands that they prove themselves anew.
async fn fresh_enough(services: &Services, client: &Client, exchange: &Exchange) -> Result<Option<Caller>, Error> {
    let caller = client.caller(services).await?;
    if !exchange.request.force_authn {
        return Ok(caller);
    }
    let since = services.first_seen(exchange).await?;
    Ok(caller.filter(|caller| caller.authenticated() >= since))
}

/// A page that says why, and an event.
pub async fn refuse(services: &Services, client: &Client, slug: &str, error: Error) -> Response {
    if let Err(failed) = services.request_refused(slug, &client.origin.address, &error).await {
        return pages::error(client, &failed);
    }
    pages::error(client, &error)
}

async fn go_on(
    services: &Services,
    client: &Client,
    slug: &str,
    caller: Option<Caller>,
    arrival: Arrival,
    relay_state: Option<String>,
    next: &str,
) -> Response {
    if relay_state.as_deref().is_some_and(unfit) {
        return refuse(services, client, slug, unfit_state()).await;
    }
    let Some(caller) = caller else {
        // What could not be carried through sign-in would be lost without a word.
        if local(Some(next)) != next {
            let why = "this request is too long to be carried through sign-in; sign in at this server first, then start again";
            return refuse(services, client, slug, Error::invalid("SAMLRequest", why)).await;
        }
        let again = matches!(&arrival, Arrival::Request(exchange) if exchange.request.force_authn);
        let path = if again { login_again(next) } else { login(next) };
        return Redirect::to(&path).into_response();
    };
    let passive = matches!(&arrival, Arrival::Request(exchange) if exchange.request.is_passive);
    match caller.sign_on(slug, arrival).await {
        Ok(outcome) => answer(client, &caller, outcome, relay_state, passive),
        Err(error) => pages::error(client, &error),
    }
}

/// Posts to the service provider why there is no assertion.
fn told(client: &Client, answer: StatusAnswer) -> Response {
    post_to(client, answer.acs_url, answer.saml_response, answer.relay_state)
}

/// A page that posts by itself, allowed by its policy to post there and nowhere else.
fn post_to(client: &Client, acs_url: String, saml_response: String, relay_state: Option<String>) -> Response {
    let target = FormTarget(origin_of(&acs_url));
    let mut response = Html(pages::post_form(client, acs_url, saml_response, relay_state)).into_response();
    response.extensions_mut().insert(target);
    response
}

pub fn origin_of(url: &str) -> String {
    url::Url::parse(url).map(|u| u.origin().ascii_serialization()).unwrap_or_default()
}

/// A page that offers to post to the service provider why there is no assertion, where it asked.
fn with_way_back(status: StatusCode, html: String, target: Option<FormTarget>) -> Response {
    let mut response = (status, Html(html)).into_response();
    if let Some(target) = target {
        response.extensions_mut().insert(target);
    }
    response
}

/// `passive`: nothing may be shown to the person (SAML core §3.4.1), so the service provider is told at once.
fn answer(client: &Client, caller: &Caller, outcome: SignOn, relay_state: Option<String>, passive: bool) -> Response {
    let privileged = caller.auditor().is_ok();
    let target = |answer: &Option<StatusAnswer>| answer.as_ref().map(|a| FormTarget(origin_of(&a.acs_url)));
    match outcome {
        SignOn::Denied { answer: Some(answer), .. } | SignOn::Withheld { answer: Some(answer), .. } if passive => {
            told(client, answer)
        }
        SignOn::Issued(issued) => post_to(client, issued.acs_url, issued.saml_response, relay_state),
        SignOn::Answered(answer) => told(client, answer),
        SignOn::Denied { application, trace, answer } => {
            let target = target(&answer);
            let html = pages::denied(client, &application, privileged.then_some(trace), answer);
            with_way_back(StatusCode::FORBIDDEN, html, target)
        }
        SignOn::NotOffered { application, role } => pages::not_offered(client, &application, &role),
        SignOn::Withheld { application, failures, verdicts, answer } => {
            let target = target(&answer);
            let html = pages::withheld(client, &application, &failures, verdicts, privileged, answer);
            with_way_back(StatusCode::UNPROCESSABLE_ENTITY, html, target)
        }
    }
}
