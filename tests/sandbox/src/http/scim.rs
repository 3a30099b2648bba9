//! The SCIM endpoint.

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::entropy::request_id;
use crate::sandbox::Sandbox;
use crate::scim::{Answer, Operation, Refusal};

/// The exception of a refusal, for the log of requests; it is not in the answer itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exception(pub(crate) &'static str);

/// Everything below `/{tenant}/scim/v2/`.
pub(crate) async fn scim(
    State(sandbox): State<Sandbox>,
    Path((tenant, path)): Path<(String, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    respond(judged(&sandbox, &tenant, (method.as_str(), &path), &uri, &headers, &body), sandbox.center.now())
}

/// `/{tenant}/scim/v2` itself is no resource.
pub(crate) async fn scim_root(State(sandbox): State<Sandbox>) -> Response {
    respond(Err(Refusal::not_found("RESOURCE")), sandbox.center.now())
}

fn judged(
    sandbox: &Sandbox,
    tenant: &str,
    (method, path): (&str, &str),
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
) -> Answer {
    let center = &sandbox.center;
    center.authorize(tenant, bearer(headers))?;
    let operation = Operation::parse(method, path)?;
    let body = if operation.has_body() { Some(read(headers, body)) } else { None };
    center.admit(&operation, body.as_ref().and_then(|body| body.as_ref().ok()))?;
    let Query(query): Query<Vec<(String, String)>> = Query::try_from_uri(uri).map_err(|_| Refusal::violates())?;
    center.run(&operation, &query, body.transpose()?)
}

/// The token of `Authorization: Bearer …`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let secret = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
    (!secret.is_empty() && headers.get_all(header::AUTHORIZATION).iter().count() == 1).then_some(secret)
}

fn read(headers: &HeaderMap, body: &[u8]) -> Result<Value, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind != "application/scim+json" && kind != "application/json" {
        return Err(Refusal::violates());
    }
    serde_json::from_slice(body).map_err(|_| Refusal::json())
}

/// Writes an answer as AWS does.
pub(crate) fn respond(answer: Answer, now: i64) -> Response {
    let id = request_id();
    let (status, body, exception) = match answer {
        Ok((status, body)) => (status, body, None),
        Err(refusal) => (refusal.status, Some(refusal.body(&id, now)), Some(Exception(refusal.exception))),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match body {
        Some(body) => (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response(),
        None => status.into_response(),
    };
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-amzn-requestid", value);
    }
    if let Some(exception) = exception {
        response.extensions_mut().insert(exception);
    }
    response
}
