use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use async_trait::async_trait;
use url::{Host, Url};

use super::address::is_public;

/// Finds the addresses of a name.
#[async_trait]
pub trait Resolve: Send + Sync {
    async fn resolve(&self, host: &str, port: u16) -> std::io::Result<Vec<SocketAddr>>;
}

/// The resolver of this machine.
pub struct SystemResolver;

#[async_trait]
impl Resolve for SystemResolver {
    async fn resolve(&self, host: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((host, port)).await?.collect())
    }
}

/// How far requests reach whose address somebody typed: the public internet, by https, or further where the server was
/// started so.
///
/// The connection must go to what was found when the name was looked up: so a name cannot lead to one address when it is
/// checked and to another when it is used.
#[derive(Clone)]
pub(super) struct Reach {
    /// Private addresses too and, from this very machine, plain http.
    pub private: bool,
    pub resolver: Arc<dyn Resolve>,
    /// The flag that allows private addresses.
    pub flag: &'static str,
    /// What else to do about a private address, after "or"; empty: nothing.
    pub instead: &'static str,
}

impl Reach {
    /// An address that may be asked, as far as its text tells.
    pub fn address(text: &str) -> Result<Url, String> {
        let url = Url::parse(text.trim()).map_err(|e| format!("this is not an address: {e}"))?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(format!("`{}:` is not accepted; use https", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("an address here has no user and no password".to_owned());
        }
        Ok(url)
    }

    /// The host as the address writes it, and where it is; refused where no request may go.
    pub async fn places(&self, url: &Url) -> Result<(String, Vec<SocketAddr>), String> {
        let port = url.port_or_known_default().unwrap_or(443);
        let host = url.host_str().unwrap_or_default().to_owned();
        let found = match url.host() {
            Some(Host::Ipv4(v4)) => self.allowed(&host, vec![SocketAddr::new(IpAddr::V4(v4), port)])?,
            Some(Host::Ipv6(v6)) => self.allowed(&host, vec![SocketAddr::new(IpAddr::V6(v6), port)])?,
            Some(Host::Domain(name)) => self.look_up(name, port).await?,
            None => return Err("an address here has a host".to_owned()),
        };
        if url.scheme() == "http" && !(self.private && found.iter().all(|a| a.ip().is_loopback())) {
            return Err(format!(
                "plain http is accepted for this machine itself only, and only where the server was started with {}; use https",
                self.flag
            ));
        }
        Ok((host, found))
    }

    /// Where a name is; refused where no request may go.
    pub async fn look_up(&self, name: &str, port: u16) -> Result<Vec<SocketAddr>, String> {
        let found = self.resolver.resolve(name, port).await;
        self.allowed(name, found.map_err(|e| format!("the name {name} cannot be looked up: {e}"))?)
    }

    fn allowed(&self, host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, String> {
        if found.is_empty() {
            return Err(format!("the name {host} has no address"));
        }
        // One of several would be enough to get in.
        match found.iter().find(|a| !self.private && !is_public(a.ip())) {
            None => Ok(found),
            Some(private) => Err(format!(
                "{host} is at {}, which is no address of the public internet: start the server with {} if it may go there{}",
                private.ip(),
                self.flag,
                self.instead
            )),
        }
    }
}
