use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use reqwest::{Client, RequestBuilder, Response, redirect::Policy};
use serde::{Serialize, de::DeserializeOwned};

use super::failure::Failure;
use crate::compose::secret_from_env;

/// A running server, asked through its API with the token of the environment.
pub struct Remote {
    client: Client,
    base: String,
    token: String,
}

impl Remote {
    /// At an address as a server announces it. `why` is said where there is no token.
    pub fn at(address: &str, why: &str) -> Result<Self, Failure> {
        let address: SocketAddr = address
            .parse()
            .map_err(|_| Failure::failed(format!("{why}, and answers at `{address}`, which is no address")))?;
        // A server that listens everywhere listens here.
        let ip = if address.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { address.ip() };
        Self::new(&format!("http://{}", SocketAddr::new(ip, address.port())), why)
    }

    /// At the base of a server's addresses.
    pub fn new(base: &str, why: &str) -> Result<Self, Failure> {
        let token = secret_from_env("ROLECALL_TOKEN")?;
        let token = token.ok_or_else(|| {
            Failure::refused(format!("{why}; give ROLECALL_TOKEN_FILE or ROLECALL_TOKEN a token of its API"))
        })?;
        // The token goes to this address and nowhere else.
        let client = Client::builder().redirect(Policy::none()).build().map_err(Failure::failed)?;
        Ok(Self { client, base: base.trim_end_matches('/').to_owned(), token: token.trim().to_owned() })
    }

    /// Tells tokens apart without telling them.
    pub fn fingerprint(&self) -> String {
        openssl::sha::sha256(self.token.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// `path` is below `/api/v1`. Anything but success is a failure with the server's words.
    pub async fn get(&self, path: &str) -> Result<Response, Failure> {
        self.done(self.client.get(self.url(path))).await
    }

    pub async fn post(&self, path: &str) -> Result<Response, Failure> {
        self.done(self.client.post(self.url(path))).await
    }

    pub async fn post_json(&self, path: &str, body: &impl Serialize) -> Result<Response, Failure> {
        self.done(self.client.post(self.url(path)).json(body)).await
    }

    pub async fn put_json(&self, path: &str, body: &impl Serialize) -> Result<Response, Failure> {
        self.done(self.client.put(self.url(path)).json(body)).await
    }

    pub async fn delete(&self, path: &str) -> Result<Response, Failure> {
        self.done(self.client.delete(self.url(path))).await
    }

    /// What is made there.
    pub async fn made<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.post(path).await?.json().await.map_err(|e| self.failed(&e))
    }

    /// What is there.
    pub async fn read<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.get(path).await?.json().await.map_err(|e| self.failed(&e))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.base)
    }

    fn failed(&self, error: &reqwest::Error) -> Failure {
        Failure::failed(format!("{}: {error}", self.base))
    }

    async fn done(&self, request: RequestBuilder) -> Result<Response, Failure> {
        let answer = request.bearer_auth(&self.token).send().await.map_err(|e| self.failed(&e))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let problem: serde_json::Value = answer.json().await.unwrap_or_default();
        let detail = problem.get("detail").and_then(serde_json::Value::as_str).unwrap_or("it did not say why");
        let why = format!("{} answered {status}: {detail}", self.base);
        Err(if status.is_client_error() { Failure::refused(why) } else { Failure::failed(why) })
    }
}
