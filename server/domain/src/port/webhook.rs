use async_trait::async_trait;
use model::Webhook;
use serde::{Deserialize, Serialize};

use super::Sealed;

/// A webhook as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookRecord {
    pub webhook: Webhook,
    /// What its messages are signed with.
    pub secret: Sealed,
}

/// One message, signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookMessage {
    pub url: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: String,
}

/// Posts one message and waits for the answer, for a bounded time. Follows no redirect and repeats nothing.
#[async_trait]
pub trait WebhookTransport: Send + Sync {
    /// The status of the answer, or why there is none.
    async fn post(&self, message: &WebhookMessage) -> Result<u16, String>;
}
