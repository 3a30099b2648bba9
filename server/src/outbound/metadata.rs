use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::port::{MetadataSource, NotFetched};
use reqwest::{Client, Response, header::ACCEPT, redirect::Policy};

use super::{Resolve, SystemResolver, reach::Reach};

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

/// Metadata over HTTPS, from addresses of the public internet only. No redirect is followed, no proxy of the environment
/// is asked.
pub struct HttpMetadata {
    reach: Reach,
    limits: MetadataLimits,
}

impl HttpMetadata {
    /// With `private`, addresses that are not of the public internet are accepted too.
    pub fn new(private: bool) -> Self {
        Self::with(private, MetadataLimits::default(), Arc::new(SystemResolver))
    }

    /// The same with other limits and another resolver.
    pub fn with(private: bool, limits: MetadataLimits, resolver: Arc<dyn Resolve>) -> Self {
        let (flag, instead) = ("--metadata-private-addresses", ", or upload the file");
        Self { reach: Reach { private, resolver, flag, instead }, limits }
    }

    async fn read(&self, text: &str) -> Result<String, NotFetched> {
        let url = Reach::address(text).map_err(NotFetched)?;
        let (host, addresses) = self.reach.places(&url).await.map_err(NotFetched)?;
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
