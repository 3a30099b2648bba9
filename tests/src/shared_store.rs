use std::sync::Arc;

use async_trait::async_trait;
use domain::port::{Lease, LeaseClaim, MirrorMark, MirrorText, ProvisioningStore, StoreError};

/// A store in memory as if other processes held it too: a database on a server of its own.
pub struct SharedStore(pub Arc<dyn ProvisioningStore>);

#[async_trait]
impl ProvisioningStore for SharedStore {
    fn is_sole(&self) -> bool {
        false
    }

    async fn lease(&self, claim: LeaseClaim<'_>) -> Result<Option<Lease>, StoreError> {
        self.0.lease(claim).await
    }

    async fn release(&self, provider: &str, holder: &str) -> Result<(), StoreError> {
        self.0.release(provider, holder).await
    }

    async fn mirror(&self, provider: &str) -> Result<MirrorText, StoreError> {
        self.0.mirror(provider).await
    }

    async fn append(&self, provider: &str, lease: Lease, entries: Vec<(u64, String)>) -> Result<(), StoreError> {
        self.0.append(provider, lease, entries).await
    }

    async fn mirror_mark(&self, provider: &str) -> Result<MirrorMark, StoreError> {
        self.0.mirror_mark(provider).await
    }

    async fn replace(&self, provider: &str, lease: Lease, snapshot: &str, mark: &str) -> Result<(), StoreError> {
        self.0.replace(provider, lease, snapshot, mark).await
    }

    async fn state(&self, provider: &str) -> Result<Option<String>, StoreError> {
        self.0.state(provider).await
    }

    async fn put_state(&self, provider: &str, lease: Lease, state: &str) -> Result<(), StoreError> {
        self.0.put_state(provider, lease, state).await
    }

    async fn note(&self, provider: &str, name: &str) -> Result<Option<String>, StoreError> {
        self.0.note(provider, name).await
    }

    async fn put_note(&self, provider: &str, lease: Lease, name: &str, text: Option<&str>) -> Result<(), StoreError> {
        self.0.put_note(provider, lease, name, text).await
    }

    async fn notes(&self, provider: &str, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        self.0.notes(provider, prefix).await
    }

    async fn keep_notes(&self, provider: &str, notes: Vec<(String, Option<String>)>) -> Result<(), StoreError> {
        self.0.keep_notes(provider, notes).await
    }

    async fn forget(&self, provider: &str) -> Result<(), StoreError> {
        self.0.forget(provider).await
    }
}
