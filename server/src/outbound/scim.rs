use std::time::Duration;

use async_trait::async_trait;
use domain::port::{NoAnswer, ScimAnswer, ScimRequest, ScimTransport};
use reqwest::{
    Client, Method, Response,
    header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER},
    redirect::Policy,
};

use super::words::words;

/// The media type of SCIM (RFC 7644 §3.1).
const SCIM: &str = "application/scim+json";
/// Until there is a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Until the whole answer is there.
const WHOLE: Duration = Duration::from_secs(30);
/// The largest answer. A page of 100 users stays far below.
const LARGEST: usize = 8 << 20;

/// SCIM over HTTP. The token goes to the address of the provider and nowhere else: no redirect is followed.
pub struct HttpScim(Client);

impl HttpScim {
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub fn new() -> Result<Self, reqwest::Error> {
        let agent = concat!("rolecall/", env!("CARGO_PKG_VERSION"));
        let client = Client::builder()
            .user_agent(agent)
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .build()?;
        Ok(Self(client))
    }
}

#[async_trait]
impl ScimTransport for HttpScim {
    async fn send(&self, base: &str, token: &str, request: &ScimRequest) -> Result<ScimAnswer, NoAnswer> {
        let method = Method::from_bytes(request.method.as_str().as_bytes())
            .map_err(|e| NoAnswer::NotSent(format!("no method: {e}")))?;
        let mut sending = self.0.request(method, format!("{base}{}", request.path)).bearer_auth(token);
        sending = sending.header(ACCEPT, SCIM);
        if let Some(body) = &request.body {
            sending = sending.header(CONTENT_TYPE, SCIM).body(body.to_string());
        }
        let response = sending.send().await.map_err(no_answer)?;
        let (status, retry_after) = (response.status().as_u16(), retry_after(&response));
        Ok(ScimAnswer { status, body: body(response).await?, retry_after })
    }
}

/// Without a connection nothing was sent; in every other case the request may have arrived.
fn no_answer(error: reqwest::Error) -> NoAnswer {
    let words = words(&error);
    if error.is_connect() || error.is_builder() { NoAnswer::NotSent(words) } else { NoAnswer::Lost(words) }
}

/// Whole seconds; a date is not read (RFC 9110 §10.2.3 allows both).
fn retry_after(response: &Response) -> Option<u64> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

async fn body(mut response: Response) -> Result<Vec<u8>, NoAnswer> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
        if body.len() + chunk.len() > LARGEST {
            return Err(NoAnswer::Lost(format!("the answer has more than {LARGEST} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
