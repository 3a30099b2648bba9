use async_trait::async_trait;

/// Why there is no metadata, for an administrator to read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotFetched(pub String);

/// Reads metadata that services publish. An address is what an administrator typed: where it may lead is decided here.
#[async_trait]
pub trait MetadataSource: Send + Sync {
    /// The whole document.
    async fn fetch(&self, url: &str) -> Result<String, NotFetched>;
}
