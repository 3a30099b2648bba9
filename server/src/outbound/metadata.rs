use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use domain::port::{MetadataSource, NotFetched};
use reqwest::{Client, Response, header::ACCEPT, redirect::Policy};
use url::{Host, Url};

use super::address::is_public;

/// What one reading may take.
#[derive(Debug, Clone)]
pub struct MetadataLimits {
    /// From the look-up of the name to the last byte.
    pub whole: Duration,
    /// Bytes of the document; as many as the reader of metadata takes.
    pub largest: usize,
}

impl Default for MetadataLimits {
    fn default() -> Self {
        Self { whole: Duration::from_secs(15), largest: 10 << 20 }
    }
}

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

/// Metadata over HTTPS, from addresses of the public internet only.
///
/// The name is looked up once and the connection goes to what was found then, so a name cannot lead to one address when
/// it is checked and to another when it is used. No redirect is followed, no proxy of the environment is asked.
pub struct HttpMetadata {
    /// Private addresses too and, from this very machine, plain http.
    private: bool,
    limits: MetadataLimits,
    resolver: Arc<dyn Resolve>,
}

impl HttpMetadata {
    /// With `private`, addresses that are not of the public internet are accepted too.
    pub fn new(private: bool) -> Self {
        Self::with(private, MetadataLimits::default(), Arc::new(SystemResolver))
    }

    /// The same with other limits and another resolver.
    pub fn with(private: bool, limits: MetadataLimits, resolver: Arc<dyn Resolve>) -> Self {
        Self { private, limits, resolver }
    }

    async fn read(&self, text: &str) -> Result<String, NotFetched> {
        let url = address(text)?;
        let (host, addresses) = self.resolved(&url).await?;
        if url.scheme() == "http" && !(self.private && addresses.iter().all(|a| a.ip().is_loopback())) {
            return refuse(
                "plain http is accepted from this machine itself only, and only where the server was started with --metadata-private-addresses; use https",
            );
        }
        let client = Client::builder()
            .user_agent(concat!("rolecall/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .resolve_to_addrs(&host, &addresses)
            .build()
            .map_err(|e| NotFetched(format!("no connection can be made: {e}")))?;
        let accept = "application/samlmetadata+xml, application/xml, text/xml";
        let response = client.get(url).header(ACCEPT, accept).send().await.map_err(|e| NotFetched(words(&e)))?;
        let status = response.status();
        if status.is_redirection() {
            let to = response.headers().get("location").and_then(|v| v.to_str().ok()).unwrap_or("elsewhere");
            let to: String = to.chars().filter(|c| !c.is_control()).take(200).collect();
            return refuse(&format!(
                "it answered {status} and leads to {to}: give that address, if it is the right one"
            ));
        }
        if status != reqwest::StatusCode::OK {
            return refuse(&format!("it answered {status}"));
        }
        let body = self.body(response).await?;
        String::from_utf8(body).map_err(|_| NotFetched("the document is not UTF-8".to_owned()))
    }

    /// The host as the address writes it, and where it is.
    async fn resolved(&self, url: &Url) -> Result<(String, Vec<SocketAddr>), NotFetched> {
        let port = url.port_or_known_default().unwrap_or(443);
        let host = url.host_str().unwrap_or_default().to_owned();
        let found = match url.host() {
            Some(Host::Ipv4(v4)) => vec![SocketAddr::new(IpAddr::V4(v4), port)],
            Some(Host::Ipv6(v6)) => vec![SocketAddr::new(IpAddr::V6(v6), port)],
            Some(Host::Domain(name)) => self
                .resolver
                .resolve(name, port)
                .await
                .map_err(|e| NotFetched(format!("the name {name} cannot be looked up: {e}")))?,
            None => Vec::new(),
        };
        if found.is_empty() {
            return refuse(&format!("the name {host} has no address"));
        }
        // One of several would be enough to get in.
        if !self.private
            && let Some(private) = found.iter().find(|a| !is_public(a.ip()))
        {
            let why = format!(
                "{host} is at {}, which is no address of the public internet: start the server with \
                 --metadata-private-addresses if it may read from there, or upload the file",
                private.ip()
            );
            return refuse(&why);
        }
        Ok((host, found))
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, NotFetched> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| NotFetched(words(&e)))? {
            if body.len() + chunk.len() > self.limits.largest {
                return refuse(&format!("the document has more than {} bytes", self.limits.largest));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

#[async_trait]
impl MetadataSource for HttpMetadata {
    async fn fetch(&self, url: &str) -> Result<String, NotFetched> {
        match tokio::time::timeout(self.limits.whole, self.read(url)).await {
            Ok(read) => read,
            Err(_) => refuse(&format!("it did not answer within {} s", self.limits.whole.as_secs_f32())),
        }
    }
}

/// An address that may be asked, as far as its text tells.
fn address(text: &str) -> Result<Url, NotFetched> {
    let url = Url::parse(text.trim()).map_err(|e| NotFetched(format!("this is not an address: {e}")))?;
    if !matches!(url.scheme(), "https" | "http") {
        return refuse(&format!("`{}:` is not accepted; use https", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("an address here has no user and no password");
    }
    Ok(url)
}

fn refuse<T>(why: &str) -> Result<T, NotFetched> {
    Err(NotFetched(why.to_owned()))
}

/// The innermost reason says most.
fn words(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(next) = inner.source() {
        inner = next;
    }
    format!("it cannot be read: {inner}")
}
