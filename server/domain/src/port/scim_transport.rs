use async_trait::async_trait;

/// One request, before any transport: the caller adds the base address, the token and the media type.
pub use scim::wire::Request as ScimRequest;

/// An answer of a SCIM service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScimAnswer {
    pub status: u16,
    /// Of bounded size.
    pub body: Vec<u8>,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The service was not reached: nothing was done.
    #[error("the service cannot be reached: {0}")]
    NotSent(String),
    /// The service asked for a pause that is not over, in seconds: nothing was sent.
    #[error("the service wants no request for another {0} seconds (Retry-After)")]
    NotWanted(u64),
    /// Another worker may work for the provider now: nothing was sent.
    #[error("the lease of this worker has ended; nothing was sent")]
    LeaseEnded,
    /// The request may have arrived.
    #[error("the service did not answer: {0}")]
    Lost(String),
}

/// Sends one request and waits for its answer, for a bounded time. Follows no redirect and repeats nothing.
#[async_trait]
pub trait ScimTransport: Send + Sync {
    /// `base` is the address of the endpoint, without a slash at its end.
    async fn send(&self, base: &str, token: &str, request: &ScimRequest) -> Result<ScimAnswer, NoAnswer>;
}
