use async_trait::async_trait;

use super::StoreError;

/// The right to work for a provider, until it runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Grows whenever another worker takes over. Writes carry it; those of an earlier worker are refused.
    pub fence: u64,
}

/// Who asks for a lease, and for how long. Times are unix seconds, by the clock of whoever asks: those of several servers have
/// to agree to within a few.
#[derive(Debug, Clone, Copy)]
pub struct LeaseClaim<'a> {
    pub provider: &'a str,
    /// The same for one worker for as long as it lives, and no other's.
    pub holder: &'a str,
    pub now: i64,
    pub expires: i64,
    /// Whether the lease of another holder is void: no other process can be there.
    pub sole: bool,
}

/// The mirror of a provider as it is kept: text that the engine understands, in the order it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MirrorText {
    /// None: there is none yet.
    pub snapshot: Option<String>,
    /// What happened since, with ascending numbers.
    pub journal: Vec<(u64, String)>,
}

/// Which mirror it is: two that are marked the same are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirrorMark {
    /// Of the snapshot, as it was given; None: it was written before there were marks.
    pub snapshot: Option<String>,
    /// The number of the last entry of the journal; 0: it is empty.
    pub entry: u64,
}

/// Where the worker keeps what a service has acknowledged. A call that returned `Ok` has reached the disk. None of these
/// raises the epoch.
#[async_trait]
pub trait ProvisioningStore: Send + Sync {
    /// Whether no other process can hold this store.
    fn is_sole(&self) -> bool;
    /// Takes or renews the lease; None: another worker has it.
    async fn lease(&self, claim: LeaseClaim<'_>) -> Result<Option<Lease>, StoreError>;
    /// Lets the lease go, where it is still this holder's.
    async fn release(&self, provider: &str, holder: &str) -> Result<(), StoreError>;
    /// The whole mirror, as of one moment.
    async fn mirror(&self, provider: &str) -> Result<MirrorText, StoreError>;
    /// Appends to the journal, in order. Where it fails, the first of them may have been written; none, where they are more than
    /// can be kept.
    async fn append(&self, provider: &str, lease: Lease, entries: Vec<(u64, String)>) -> Result<(), StoreError>;
    /// Which mirror there is, without reading it.
    async fn mirror_mark(&self, provider: &str) -> Result<MirrorMark, StoreError>;
    /// Puts a snapshot in the place of the former one and of the journal. `mark` is one that no other snapshot has.
    async fn replace(&self, provider: &str, lease: Lease, snapshot: &str, mark: &str) -> Result<(), StoreError>;
    /// How provisioning stands; None: nothing has been done yet.
    async fn state(&self, provider: &str) -> Result<Option<String>, StoreError>;
    async fn put_state(&self, provider: &str, lease: Lease, state: &str) -> Result<(), StoreError>;
    /// What was written down for people under a name; None: nothing.
    async fn note(&self, provider: &str, name: &str) -> Result<Option<String>, StoreError>;
    /// Writes a note in the place of the former one. None: takes it away.
    async fn put_note(&self, provider: &str, lease: Lease, name: &str, text: Option<&str>) -> Result<(), StoreError>;
    /// The notes whose names begin so, by name.
    async fn notes(&self, provider: &str, prefix: &str) -> Result<Vec<(String, String)>, StoreError>;
    /// Writes and takes away (None) notes that no worker ever writes, so no lease is needed; all of them, or none.
    async fn keep_notes(&self, provider: &str, notes: Vec<(String, Option<String>)>) -> Result<(), StoreError>;
    /// Forgets everything about a provider that is no more.
    async fn forget(&self, provider: &str) -> Result<(), StoreError>;
}
