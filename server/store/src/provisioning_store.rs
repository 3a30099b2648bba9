use async_trait::async_trait;
use domain::port::{Lease, LeaseClaim, MirrorMark, MirrorText, ProvisioningStore, StoreError};

use crate::{SurrealStore, notes, provisioning};

#[async_trait]
impl ProvisioningStore for SurrealStore {
    /// An embedded database is held by one process, which its file lock sees to.
    fn is_sole(&self) -> bool {
        self.embedded
    }

    async fn lease(&self, claim: LeaseClaim<'_>) -> Result<Option<Lease>, StoreError> {
        provisioning::lease(&self.engine, claim).await
    }

    async fn release(&self, provider: &str, holder: &str) -> Result<(), StoreError> {
        provisioning::release(&self.engine, provider, holder).await
    }

    async fn mirror(&self, provider: &str) -> Result<MirrorText, StoreError> {
        provisioning::mirror(&self.engine, provider).await
    }

    async fn append(&self, provider: &str, lease: Lease, entries: Vec<(u64, String)>) -> Result<(), StoreError> {
        provisioning::append(&self.engine, provider, lease, entries, self.capacity).await
    }

    async fn mirror_mark(&self, provider: &str) -> Result<MirrorMark, StoreError> {
        provisioning::mirror_mark(&self.engine, provider).await
    }

    async fn replace(&self, provider: &str, lease: Lease, snapshot: &str, mark: &str) -> Result<(), StoreError> {
        provisioning::replace(&self.engine, provider, lease, (snapshot, mark), self.capacity).await
    }

    async fn state(&self, provider: &str) -> Result<Option<String>, StoreError> {
        provisioning::state(&self.engine, provider).await
    }

    async fn put_state(&self, provider: &str, lease: Lease, state: &str) -> Result<(), StoreError> {
        provisioning::put_state(&self.engine, provider, lease, state, self.capacity).await
    }

    async fn note(&self, provider: &str, name: &str) -> Result<Option<String>, StoreError> {
        provisioning::note(&self.engine, provider, name).await
    }

    async fn put_note(&self, provider: &str, lease: Lease, name: &str, text: Option<&str>) -> Result<(), StoreError> {
        provisioning::put_note(&self.engine, provider, lease, (name, text), self.capacity).await
    }

    async fn notes(&self, provider: &str, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        notes::notes(&self.engine, provider, prefix).await
    }

    async fn keep_notes(&self, provider: &str, notes: Vec<(String, Option<String>)>) -> Result<(), StoreError> {
        notes::keep_notes(&self.engine, provider, notes, self.capacity).await
    }

    async fn forget(&self, provider: &str) -> Result<(), StoreError> {
        provisioning::forget(&self.engine, provider).await
    }
}
