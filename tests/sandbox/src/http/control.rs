//! The control endpoint: what tests set and ask.

use axum::Json;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::wire::Wire;
use crate::fault::Fault;
use crate::faults::FaultPlan;
use crate::identity_center::PortalSession;
use crate::sandbox::Sandbox;
use crate::scim::Token;

/// Lets in callers on this machine only, and no browser on behalf of some page.
pub(crate) async fn guard(State(sandbox): State<Sandbox>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<Wire>>().map(|ConnectInfo(wire)| wire.peer);
    let near = peer.is_none_or(|peer| peer.ip().to_canonical().is_loopback());
    if !sandbox.options.control || !near || request.headers().contains_key(header::ORIGIN) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

/// `GET /_sandbox/faults`: the plan, and how often each rule has fired.
pub(crate) async fn faults(State(sandbox): State<Sandbox>) -> Json<Value> {
    let (plan, fired) = sandbox.faults();
    Json(json!({ "seed": plan.seed, "rules": plan.rules, "fired": fired }))
}

/// `PUT /_sandbox/faults`: another plan, counting from the start.
pub(crate) async fn set_faults(State(sandbox): State<Sandbox>, body: String) -> Response {
    done(FaultPlan::parse(&body).and_then(|plan| sandbox.set_faults(plan)))
}

/// `DELETE /_sandbox/faults`: nothing goes wrong any more.
pub(crate) async fn clear_faults(State(sandbox): State<Sandbox>) -> Response {
    done(sandbox.set_faults(FaultPlan::default()))
}

/// `GET /_sandbox/requests`: counts by kind, and every request.
pub(crate) async fn requests(State(sandbox): State<Sandbox>) -> Json<Value> {
    Json(json!({ "counts": sandbox.request_counts(), "requests": sandbox.requests() }))
}

/// `DELETE /_sandbox/requests`
pub(crate) async fn forget_requests(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.forget_requests();
    StatusCode::NO_CONTENT
}

/// `GET /_sandbox/directory`: users and groups, exactly.
pub(crate) async fn directory(State(sandbox): State<Sandbox>) -> Json<Value> {
    Json(sandbox.center.directory())
}

/// `DELETE /_sandbox/directory`
pub(crate) async fn clear_directory(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.center.clear_directory();
    StatusCode::NO_CONTENT
}

/// `GET /_sandbox/tokens`
pub(crate) async fn tokens(State(sandbox): State<Sandbox>) -> Json<Value> {
    Json(sandbox.center.tokens().iter().map(described).collect())
}

/// `POST /_sandbox/tokens`: `{}`, or `secret` and `seconds` of the caller's choice.
pub(crate) async fn create_token(State(sandbox): State<Sandbox>, body: String) -> Response {
    let wish: Value = serde_json::from_str(&body).unwrap_or_default();
    let made = match (wish.get("secret").and_then(Value::as_str), wish.get("seconds").and_then(Value::as_i64)) {
        (Some(secret), Some(seconds)) => sandbox.center.create_token_as(secret, seconds),
        (None, None) => sandbox.center.create_token(),
        _ => Err(Fault::validation("secret and seconds go together")),
    };
    match made {
        Ok(token) => (StatusCode::CREATED, Json(described(&token))).into_response(),
        Err(fault) => refusal(&fault),
    }
}

/// `DELETE /_sandbox/tokens/{id}`
pub(crate) async fn delete_token(State(sandbox): State<Sandbox>, Path(id): Path<String>) -> StatusCode {
    if sandbox.center.delete_token(&id) { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

/// `PUT /_sandbox/identity-provider`: the metadata of Identity Center's identity provider, as XML.
pub(crate) async fn set_identity_provider(State(sandbox): State<Sandbox>, body: String) -> Response {
    done(sandbox.center.set_identity_provider(&body))
}

/// `GET /_sandbox/sessions`: who signed in to the portal.
pub(crate) async fn sessions(State(sandbox): State<Sandbox>) -> Json<Value> {
    let session = |one: &PortalSession| {
        json!({
            "userId": one.user_id,
            "userName": one.user_name,
            "started": one.started,
            "ends": one.ends,
            "requestId": one.request_id,
            "consumerService": one.consumer_service,
            "accessControl": one.access_control,
        })
    };
    Json(sandbox.center.sessions().iter().map(session).collect())
}

fn described(token: &Token) -> Value {
    json!({ "id": token.id, "secret": token.secret, "created": token.created, "expires": token.expires })
}

fn done(result: Result<(), Fault>) -> Response {
    match result {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(fault) => refusal(&fault),
    }
}

fn refusal(fault: &Fault) -> Response {
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(json!({ "code": fault.code, "message": fault.message }))).into_response()
}
