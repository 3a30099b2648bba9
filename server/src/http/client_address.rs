use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request},
    http::HeaderMap,
};

/// Where a request comes from: what waiting times and events go by.
#[derive(Clone)]
pub struct ClientAddress(pub String);

/// Finds the client's address and leaves it for the handlers.
pub fn note(trusted: &[IpAddr], request: &mut Request) {
    if let Some(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip()) {
        let address = behind(peer, request.headers(), trusted);
        request.extensions_mut().insert(ClientAddress(address.to_string()));
    }
}

/// A proxy appends the address it was called from, so the list is believed from its end, as long as those who appended
/// are trusted. Without that everybody behind a proxy would be one address, and one who guesses would slow all.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let mut address = peer.to_canonical();
    let values: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).collect();
    let hops = values.iter().flat_map(|value| value.split(',')).map(|hop| hop.trim().parse::<IpAddr>());
    for hop in hops.collect::<Vec<_>>().into_iter().rev() {
        let Ok(hop) = hop else { break };
        if !trusted.contains(&address) {
            break;
        }
        address = hop.to_canonical();
    }
    address
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::http::{HeaderMap, HeaderValue};

    use super::behind;

    #[test]
    fn forwarded_addresses_count_only_from_trusted_proxies_and_from_the_end() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        let from = |peer: &str, forwarded: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append("x-forwarded-for", HeaderValue::from_static(value));
            }
            behind(ip(peer), &headers, &trusted).to_string()
        };
        assert_eq!(from("203.0.113.5", &["198.51.100.1"]), "203.0.113.5", "a stranger names an address of his choice");
        assert_eq!(from("10.0.0.1", &["198.51.100.1, 203.0.113.5"]), "203.0.113.5", "what the client sent itself");
        assert_eq!(from("10.0.0.1", &["198.51.100.1, 203.0.113.5", "10.0.0.2"]), "203.0.113.5");
        assert_eq!(from("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(from("10.0.0.1", &["rubbish"]), "10.0.0.1");
        assert_eq!(from("::ffff:10.0.0.1", &["203.0.113.5"]), "203.0.113.5");
    }
}
