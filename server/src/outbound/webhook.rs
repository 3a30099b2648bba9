use std::time::Duration;

use async_trait::async_trait;
use domain::port::{WebhookMessage, WebhookTransport};
use reqwest::{Client, header::CONTENT_TYPE, redirect::Policy};

use super::words::words;

/// Until there is a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Until the answer has begun. What it says beside the status is not read.
const WHOLE: Duration = Duration::from_secs(20);

/// Webhooks over HTTP. A message goes to the address that an administrator set and nowhere else: no redirect is followed.
pub struct HttpWebhook(Client);

impl HttpWebhook {
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub fn new() -> Result<Self, reqwest::Error> {
        let agent = concat!("rolecall/", env!("CARGO_PKG_VERSION"));
        let builder = Client::builder().user_agent(agent).redirect(Policy::none());
        Ok(Self(builder.connect_timeout(CONNECT).timeout(WHOLE).build()?))
    }
}

#[async_trait]
impl WebhookTransport for HttpWebhook {
    async fn post(&self, message: &WebhookMessage) -> Result<u16, String> {
        let mut sending = self.0.post(&message.url).header(CONTENT_TYPE, "application/json");
        for (name, value) in &message.headers {
            sending = sending.header(*name, value);
        }
        let answer = sending.body(message.body.clone()).send().await.map_err(|error| words(&error))?;
        Ok(answer.status().as_u16())
    }
}
