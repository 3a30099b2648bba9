//! Every request passes here: it is noted, and the plan of faults has its way with it.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::scim::{Exception, bearer, respond};
use super::wire::Wire;
use crate::faults::{Exchange, Outcome, Sight};
use crate::sandbox::Sandbox;
use crate::scim::{Operation, Refusal, membership_changes};

/// The longest body of a SCIM request.
const BODY: usize = 4 * 1024 * 1024;

/// Notes a request and lets it, its answer or its connection suffer what the plan says.
pub(crate) async fn observe(State(sandbox): State<Sandbox>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with("/_sandbox/") {
        return next.run(request).await;
    }
    let method = request.method().to_string();
    let (kind, scim) = kind(&method, &path);
    let times = (sandbox.center.now(), sandbox.center.millis());
    let (request, exchange) = match noted(request, (&method, &path, kind), scim, times).await {
        Ok(both) => both,
        Err(answer) => return answer,
    };
    let sight = Sight { method: &method, path: &path, kind, now: exchange.at };
    let verdict = sandbox.judge(sight);
    let number = sandbox.log().open(exchange);
    let fault = |name: &str| sandbox.log().update(number, |exchange| exchange.fault = Some(name.into()));
    if verdict.delay > 0 {
        fault("delay");
        tokio::time::sleep(Duration::from_millis(verdict.delay)).await;
    }
    let wire = request.extensions().get::<ConnectInfo<Wire>>().map(|ConnectInfo(wire)| wire.clone());
    if verdict.outcome == Some(Outcome::ExpireToken) {
        fault("expire_token");
        if let Some(secret) = bearer(request.headers()) {
            sandbox.center.expire_token(secret);
        }
    }
    let applied = match &verdict.outcome {
        None | Some(Outcome::ExpireToken | Outcome::Delay { .. }) => true,
        Some(Outcome::Status { applied, .. } | Outcome::Reset { applied } | Outcome::Hang { applied }) => *applied,
    };
    let own = if applied {
        let answer = next.run(request).await;
        sandbox.log().update(number, |exchange| {
            exchange.answered = Some(answer.status().as_u16());
            exchange.exception = answer.extensions().get().map(|Exception(name)| (*name).to_owned());
        });
        Some(answer)
    } else {
        None
    };
    let answer = match verdict.outcome {
        Some(Outcome::Status { status, detail, body, content_type, retry_after, .. }) => {
            fault("status");
            let body = body.map(|body| (body, content_type));
            planned(status, detail.as_deref(), body, retry_after, scim, sandbox.center.now())
        }
        Some(Outcome::Reset { .. }) => {
            fault("reset");
            return reset(wire);
        }
        Some(Outcome::Hang { .. }) => {
            fault("hang");
            return std::future::pending().await;
        }
        _ => own.unwrap_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    };
    sandbox.log().update(number, |exchange| exchange.status = Some(answer.status().as_u16()));
    answer
}

/// The kind of a request, and whether it is one to the SCIM endpoint.
fn kind(method: &str, path: &str) -> (&'static str, bool) {
    let mut parts = path.trim_start_matches('/').splitn(4, '/');
    let (_, scim, version, rest) = (parts.next(), parts.next(), parts.next(), parts.next());
    if scim == Some("scim") && version == Some("v2") {
        let operation = rest.and_then(|rest| Operation::parse(method, rest).ok());
        return (operation.map_or("Unsupported", |operation| operation.name()), true);
    }
    let kind = match (method, path) {
        ("POST", "/") => "Query",
        ("POST", _) if path.starts_with("/platform/saml/acs/") => "PortalSignIn",
        ("POST", _) if path == "/saml" || path.starts_with("/saml/acs/") => "SignIn",
        _ => "Page",
    };
    (kind, false)
}

/// The request again, and what is noted of it.
async fn noted(
    request: Request,
    (method, path, kind): (&str, &str, &str),
    scim: bool,
    (at, millis): (i64, i64),
) -> Result<(Request, Exchange), Response> {
    let (parts, body) = request.into_parts();
    let query = parts.uri.query().map(str::to_owned);
    let (body, json) = if scim {
        let bytes = to_bytes(body, BODY).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())?;
        let json = serde_json::from_slice(&bytes).ok();
        (Body::from(bytes), json)
    } else {
        (body, None)
    };
    let exchange = Exchange {
        number: 0,
        at,
        millis,
        method: method.into(),
        path: path.into(),
        query,
        kind: kind.into(),
        membership_changes: if kind.ends_with("Group") { membership_changes(json.as_ref()) } else { 0 },
        body: json,
        answered: None,
        status: None,
        exception: None,
        fault: None,
    };
    Ok((Request::from_parts(parts, body), exchange))
}

fn planned(
    status: u16,
    detail: Option<&str>,
    body: Option<(String, Option<String>)>,
    retry_after: Option<u64>,
    scim: bool,
    now: i64,
) -> Response {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = match body {
        Some((body, kind)) => {
            let kind = kind.unwrap_or_else(|| "text/html; charset=utf-8".into());
            (code, [(header::CONTENT_TYPE, kind)], body).into_response()
        }
        None if scim && status >= 400 => respond(Err(Refusal::planned(status, detail)), now),
        None => (code, detail.unwrap_or_default().to_owned()).into_response(),
    };
    if let Some(seconds) = retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}

/// Cuts the connection. Where there is none, in a call within the process, an answer that AWS never gives stands for it.
fn reset(wire: Option<Wire>) -> Response {
    if let Some(wire) = wire {
        wire.cut();
    }
    let mark = [("x-sandbox-fault", "reset")];
    (StatusCode::BAD_GATEWAY, mark).into_response()
}
