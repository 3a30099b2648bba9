use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Caller, Origin, Services};

use super::operation::Least;
use crate::http::{client::Client, problem::Problem};

/// Whoever the token of a request stands for.
pub struct Bearer(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for Bearer {
    type Rejection = Problem;

    /// There is one only where [`authenticate`] has let the request in.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Caller>().cloned().map(Self).ok_or_else(|| Problem::unauthenticated(false))
    }
}

/// Lets nothing in without a valid token, not even to learn which paths there are.
pub async fn authenticate(State(services): State<Services>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let origin = Client::of(&parts, services.public_url()).origin;
    match token_caller(&services, &parts.headers, &origin).await {
        Ok(caller) => {
            parts.extensions.insert(caller);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Lets only callers of a role in.
pub async fn require(least: Least, Bearer(caller): Bearer, request: Request, next: Next) -> Response {
    let allowed = match least {
        Least::Member => Ok(()),
        Least::Auditor => caller.auditor().map(|_| ()),
        Least::Administrator => caller.admin().map(|_| ()),
    };
    match allowed {
        Ok(()) => next.run(request).await,
        Err(error) => Problem::from(error).into_response(),
    }
}

/// The caller behind the `Authorization` header (RFC 6750 §2.1). Cookies count for nothing here, so a browser cannot be
/// made to act for its person.
pub async fn token_caller(services: &Services, headers: &HeaderMap, origin: &Origin) -> Result<Caller, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let token = match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok().and_then(|text| text.split_once(' ')),
        (None, _) => return Err(Problem::unauthenticated(false)),
        _ => None,
    };
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
    let Some(token) = token else { return Err(Problem::unauthenticated(true)) };
    services.caller_by_token(token, origin).await?.ok_or_else(|| Problem::unauthenticated(true))
}
