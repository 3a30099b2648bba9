use std::{net::IpAddr, sync::Arc};

use axum::{extract::Request, middleware::Next, response::Response};
use domain::Services;

use super::{client_address, guard, security_headers::SecurityHeaders};

/// What every request passes, whatever answers it: where it comes from is noted, what another site made a browser send is
/// refused, and the answer gets the security headers. One layer for all, for each one more costs every request.
pub async fn door(services: Services, trusted: Arc<[IpAddr]>, mut request: Request, next: Next) -> Response {
    let headers = SecurityHeaders::begin(&mut request);
    client_address::note(&trusted, &mut request);
    let mut response = match guard::refusal(&services, &request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    headers.put_on(&mut response);
    response
}
