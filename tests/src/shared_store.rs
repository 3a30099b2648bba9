use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use domain::port::{Lease, LeaseClaim, MirrorMark, MirrorText, ProvisioningStore, StoreError};

/// What becomes of a server's claims to leases on the way to its store, and of its snapshots of mirrors.
#[derive(Default)]
pub struct Claims {
    lost: AtomicBool,
    made: AtomicUsize,
    small: AtomicBool,
}

impl Claims {
    /// Loses those that follow, or loses none any more.
    pub fn lose(&self, lost: bool) {
        self.lost.store(lost, Ordering::SeqCst);
    }

    /// Takes no snapshot that follows, as if each were more than the database takes at once, or takes all again.
    pub fn refuse_snapshots(&self, refused: bool) {
        self.small.store(refused, Ordering::SeqCst);
    }

    /// Claims so far of which it is known what became of them.
    pub fn made(&self) -> usize {
        self.made.load(Ordering::SeqCst)
    }
}

/// A store in memory as if other processes held it too: a database on a server of its own.
pub struct SharedStore {
    pub store: Arc<dyn ProvisioningStore>,
    pub claims: Arc<Claims>,
}

#[async_trait]
impl ProvisioningStore for SharedStore {
    fn is_sole(&self) -> bool {
        false
    }

    async fn lease(&self, claim: LeaseClaim<'_>) -> Result<Option<Lease>, StoreError> {
        let lost = self.claims.lost.load(Ordering::SeqCst);
        let answer = if lost {
            Err(StoreError::Unavailable("the store does not answer".to_owned()))
        } else {
            self.store.lease(claim).await
        };
        self.claims.made.fetch_add(1, Ordering::SeqCst);
        answer
    }

    async fn release(&self, provider: &str, holder: &str) -> Result<(), StoreError> {
        self.store.release(provider, holder).await
    }

    async fn mirror(&self, provider: &str) -> Result<MirrorText, StoreError> {
        self.store.mirror(provider).await
    }

    async fn append(&self, provider: &str, lease: Lease, entries: Vec<(u64, String)>) -> Result<(), StoreError> {
        self.store.append(provider, lease, entries).await
    }

    async fn mirror_mark(&self, provider: &str) -> Result<MirrorMark, StoreError> {
        self.store.mirror_mark(provider).await
    }

    async fn replace(&self, provider: &str, lease: Lease, snapshot: &str, mark: &str) -> Result<(), StoreError> {
        if self.claims.small.load(Ordering::SeqCst) {
            return Err(StoreError::TooLarge { needed: 65, limit: 64 });
        }
        self.store.replace(provider, lease, snapshot, mark).await
    }

    async fn state(&self, provider: &str) -> Result<Option<String>, StoreError> {
        self.store.state(provider).await
    }

    async fn put_state(&self, provider: &str, lease: Lease, state: &str) -> Result<(), StoreError> {
        self.store.put_state(provider, lease, state).await
    }

    async fn note(&self, provider: &str, name: &str) -> Result<Option<String>, StoreError> {
        self.store.note(provider, name).await
    }

    async fn put_note(&self, provider: &str, lease: Lease, name: &str, text: Option<&str>) -> Result<(), StoreError> {
        self.store.put_note(provider, lease, name, text).await
    }

    async fn notes(&self, provider: &str, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        self.store.notes(provider, prefix).await
    }

    async fn keep_notes(&self, provider: &str, notes: Vec<(String, Option<String>)>) -> Result<(), StoreError> {
        self.store.keep_notes(provider, notes).await
    }

    async fn forget(&self, provider: &str) -> Result<(), StoreError> {
        self.store.forget(provider).await
    }
}
