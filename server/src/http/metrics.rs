use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use domain::{Metrics, Services};

use super::{api, client::Client, client_address::ClientAddress, exposition::exposition, problem::Problem};

/// The figures in the text format of Prometheus, for a monitor on this machine or with a token of an auditor.
pub async fn show(State(services): State<Services>, trusted: &[IpAddr], request: Request) -> Response {
    match read(&services, trusted, request).await {
        Ok(metrics) => {
            let kind = "text/plain; version=0.0.4; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], exposition(&metrics)).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

async fn read(services: &Services, trusted: &[IpAddr], request: Request) -> Result<Metrics, Problem> {
    let (parts, _) = request.into_parts();
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    let client = parts.extensions.get::<ClientAddress>().and_then(|address| address.0.parse().ok());
    let proxied = services.public_url().starts_with("https:");
    if !parts.headers.contains_key(header::AUTHORIZATION) && near(peer, client, &parts.headers, trusted, proxied) {
        return Ok(services.metrics().await?);
    }
    let origin = Client::of(&parts, services.public_url()).origin;
    let caller = api::token_caller(services, &parts.headers, &origin).await?;
    Ok(caller.auditor()?.metrics().await?)
}

/// Whether a request comes from this very machine. With a public address of https there is a proxy in front; where it is
/// on this machine too, everybody seems near, unless it is named as trusted and tells whom it speaks for.
fn near(peer: Option<IpAddr>, client: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpAddr], proxied: bool) -> bool {
    let (Some(peer), Some(client)) = (peer.map(|p| p.to_canonical()), client) else { return false };
    let forwarded = ["x-forwarded-for", "x-real-ip", "forwarded", "via"].iter().any(|name| headers.contains_key(*name));
    let known = trusted.contains(&peer);
    peer.is_loopback() && client.is_loopback() && !forwarded && (known || !proxied)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::near;

    #[test]
    fn only_this_machine_is_near_and_nobody_is_behind_a_proxy_that_does_not_tell() {
        let ip = |text: &str| Some(text.parse().unwrap());
        let (here, there, none) = (ip("127.0.0.1"), ip("203.0.113.5"), HeaderMap::new());
        assert!(near(here, here, &none, &[], false));
        assert!(!near(there, there, &none, &[], false));
        assert!(!near(None, here, &none, &[], false));
        assert!(!near(here, here, &none, &[], true), "a proxy on this machine speaks for everybody");
        assert!(near(here, here, &none, &[here.unwrap()], true), "it would have named whom it speaks for");
        let mut forwarded = HeaderMap::new();
        forwarded.insert("x-forwarded-for", HeaderValue::from_static("127.0.0.1"));
        assert!(!near(here, here, &forwarded, &[here.unwrap()], true), "a claim is not a place");
        assert!(!near(here, here, &forwarded, &[], false));
    }
}
