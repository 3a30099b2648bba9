use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use arc_swap::ArcSwap;
use model::Event;
use tokio::sync::{Semaphore, watch};

use crate::{
    Error, PasswordPolicy, Vault,
    counters::Counters,
    person::Person,
    port::{
        BackupStore, ChangeSet, Clock, Entropy, MetadataSource, Pace, ProvisioningStore, ScimTransport, SessionRecord,
        Store, WebhookTransport,
    },
    provisioning::{Descriptions, FirstLooks, KnownAccounts, NameReports, Objects, Pacings},
    snapshot::Snapshot,
    throttle::Throttle,
    touched::{self, Touched},
};

/// What the domain is put together from.
pub struct Parts {
    pub store: Arc<dyn Store>,
    pub provisioning: Arc<dyn ProvisioningStore>,
    pub scim: Arc<dyn ScimTransport>,
    pub metadata: Arc<dyn MetadataSource>,
    pub backup: Arc<dyn BackupStore>,
    pub webhooks: Arc<dyn WebhookTransport>,
    pub pace: Arc<dyn Pace>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub vault: Arc<Vault>,
    pub passwords: PasswordPolicy,
    /// Base of every address of ours, without a slash at its end.
    pub public_url: String,
}

/// Everything a request may need. Cheap to clone.
#[derive(Clone)]
pub struct Services(Arc<Inner>);

struct Inner {
    parts: Parts,
    snapshot: ArcSwap<Snapshot>,
    cache: Mutex<Cache>,
    /// One reload at a time: of two, the one that read earlier must not be the one that is kept.
    reloading: tokio::sync::Mutex<()>,
    throttle: Throttle,
    set_up: Mutex<Option<String>>,
    /// Signing, hashing and expressions share the processors; no more of them run at once than there are.
    cpu: Semaphore,
    /// Until when brief work is not trusted to be brief, in microseconds of the clock.
    slow_until: AtomicI64,
    counters: Counters,
    /// When the use of each API token was last written down, by id, in unix seconds.
    token_uses: Mutex<HashMap<String, i64>>,
    objects: Objects,
    descriptions: Descriptions,
    first_looks: FirstLooks,
    pacings: Pacings,
    known_accounts: KnownAccounts,
    name_reports: NameReports,
    touched: Touched,
    /// The epoch of the snapshot, for those who wait for the next.
    changed: watch::Sender<u64>,
}

/// Sessions and people as of one epoch. Emptied when the epoch moves.
#[derive(Default)]
struct Cache {
    epoch: u64,
    sessions: HashMap<String, SessionRecord>,
    people: HashMap<String, Arc<Person>>,
}

/// What brief work may take of a processor, in microseconds: many signatures, and less than a person notices.
const SLOW: i64 = 20_000;
/// For how long it is done elsewhere after it took longer, in microseconds.
const SLOW_FOR: i64 = 10_000_000;

/// Bounds the memory of the cache; past it, the cache starts anew.
const MOST_CACHED: usize = 20_000;

impl Services {
    /// Reads the configuration and makes what an empty store lacks.
    pub async fn start(parts: Parts) -> Result<Self, Error> {
        let configuration = parts.store.configuration().await?;
        let snapshot = Snapshot::derive(configuration, &parts.vault, None)?;
        let changed = watch::Sender::new(snapshot.configuration.epoch);
        let permits = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let services = Self(Arc::new(Inner {
            parts,
            snapshot: ArcSwap::from_pointee(snapshot),
            cache: Mutex::default(),
            reloading: tokio::sync::Mutex::default(),
            throttle: Throttle::default(),
            set_up: Mutex::default(),
            cpu: Semaphore::new(permits),
            slow_until: AtomicI64::new(i64::MIN),
            counters: Counters::default(),
            token_uses: Mutex::default(),
            objects: Objects::default(),
            descriptions: Descriptions::default(),
            first_looks: FirstLooks::default(),
            pacings: Pacings::default(),
            known_accounts: KnownAccounts::default(),
            name_reports: NameReports::default(),
            touched: Touched::default(),
            changed,
        }));
        services.first_run().await?;
        Ok(services)
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.0.parts.store.as_ref()
    }

    pub(crate) fn provisioning(&self) -> &dyn ProvisioningStore {
        self.0.parts.provisioning.as_ref()
    }

    pub(crate) fn scim(&self) -> &dyn ScimTransport {
        self.0.parts.scim.as_ref()
    }

    pub(crate) fn metadata_source(&self) -> &dyn MetadataSource {
        self.0.parts.metadata.as_ref()
    }

    pub(crate) fn backup_store(&self) -> &dyn BackupStore {
        self.0.parts.backup.as_ref()
    }

    pub(crate) fn webhook_transport(&self) -> &dyn WebhookTransport {
        self.0.parts.webhooks.as_ref()
    }

    /// Time that passes.
    pub fn pace(&self) -> &dyn Pace {
        self.0.parts.pace.as_ref()
    }

    /// Tells of every change that is seen here.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.0.parts.clock.as_ref()
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        self.0.parts.entropy.as_ref()
    }

    pub(crate) fn entropy_handle(&self) -> Arc<dyn Entropy> {
        Arc::clone(&self.0.parts.entropy)
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.0.parts.vault
    }

    pub(crate) fn vault_handle(&self) -> Arc<Vault> {
        Arc::clone(&self.0.parts.vault)
    }

    pub(crate) fn passwords(&self) -> &PasswordPolicy {
        &self.0.parts.passwords
    }

    pub(crate) fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }

    pub(crate) fn set_up_slot(&self) -> &Mutex<Option<String>> {
        &self.0.set_up
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.0.counters
    }

    pub(crate) fn token_uses(&self) -> &Mutex<HashMap<String, i64>> {
        &self.0.token_uses
    }

    pub(crate) fn objects(&self) -> &Objects {
        &self.0.objects
    }

    pub(crate) fn descriptions(&self) -> &Descriptions {
        &self.0.descriptions
    }

    pub(crate) fn first_looks(&self) -> &FirstLooks {
        &self.0.first_looks
    }

    pub(crate) fn pacings(&self) -> &Pacings {
        &self.0.pacings
    }

    pub(crate) fn known_accounts(&self) -> &KnownAccounts {
        &self.0.known_accounts
    }

    pub(crate) fn name_reports(&self) -> &NameReports {
        &self.0.name_reports
    }

    /// Whom the last changes were about.
    pub(crate) fn touched(&self) -> &Touched {
        &self.0.touched
    }

    /// Base of every address of ours, without a slash at its end.
    pub fn public_url(&self) -> &str {
        &self.0.parts.public_url
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.0.snapshot.load_full()
    }

    /// Whether reads and writes work now.
    pub async fn ready(&self) -> Result<(), Error> {
        self.store().ready().await?;
        self.refresh().await.map(|_| ())
    }

    /// Follows the store: called every second by the server, and after each change of our own.
    /// Returns whether anything had changed.
    pub async fn refresh(&self) -> Result<bool, Error> {
        let epoch = self.store().epoch().await?;
        if epoch == self.snapshot().configuration.epoch {
            return Ok(false);
        }
        self.reload().await?;
        Ok(true)
    }

    async fn reload(&self) -> Result<(), Error> {
        let _turn = self.0.reloading.lock().await;
        let configuration = self.store().configuration().await?;
        let epoch = configuration.epoch;
        let former = self.snapshot();
        let snapshot = Snapshot::derive(configuration, self.vault(), Some(&former))?;
        self.0.snapshot.store(Arc::new(snapshot));
        let mut cache = self.cache()?;
        *cache = Cache { epoch, ..Cache::default() };
        drop(cache);
        self.0.changed.send_replace(epoch);
        Ok(())
    }

    pub(crate) async fn commit(&self, change: ChangeSet) -> Result<(), Error> {
        let people = touched::people(&change);
        let epoch = self.store().commit(change).await?;
        self.touched().note(epoch, people);
        self.reload().await
    }

    /// Ends a session; the caches are for the caller to bring up to date.
    pub(crate) async fn end_session(&self, id_hash: &str, events: Vec<Event>) -> Result<(), Error> {
        let epoch = self.store().end_session(id_hash, events).await?;
        self.touched().note(epoch, Some(BTreeSet::new()));
        Ok(())
    }

    /// As [`Self::commit`], of what several may find at once, here or at other servers: false where another was first.
    pub(crate) async fn commit_if_first(&self, change: ChangeSet) -> Result<bool, Error> {
        match self.commit(change).await {
            Ok(()) => Ok(true),
            Err(Error::Conflict(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn cache(&self) -> Result<std::sync::MutexGuard<'_, Cache>, Error> {
        self.0.cache.lock().map_err(|_| Error::Internal("the cache is poisoned".into()))
    }

    pub(crate) async fn session_record(&self, id_hash: &str) -> Result<Option<SessionRecord>, Error> {
        let epoch = {
            let cache = self.cache()?;
            if let Some(found) = cache.sessions.get(id_hash) {
                return Ok(Some(found.clone()));
            }
            cache.epoch
        };
        self.session_in_store(id_hash, epoch).await
    }

    /// A session as the store has it. Its last use may have been at another server, of which the cache here is not told.
    pub(crate) async fn session_in_store(&self, id_hash: &str, epoch: u64) -> Result<Option<SessionRecord>, Error> {
        let found = self.store().session(id_hash).await?;
        if let Some(record) = &found {
            let mut cache = self.cache()?;
            // What was read before the epoch moved may be revoked by now.
            if cache.epoch == epoch && cache.sessions.len() < MOST_CACHED {
                cache.sessions.insert(id_hash.to_owned(), record.clone());
            }
        }
        Ok(found)
    }

    /// The epoch that the cache is of; what is read from now on may be cached as long as it stays the same.
    pub(crate) fn cache_epoch(&self) -> Result<u64, Error> {
        Ok(self.cache()?.epoch)
    }

    /// Keeps a session as it was read or made at `epoch`. One that was ended since must not come back through the cache.
    pub(crate) async fn keep_session(&self, record: SessionRecord, epoch: u64) -> Result<(), Error> {
        self.store().put_session(&record).await?;
        let mut cache = self.cache()?;
        if cache.epoch != epoch {
            return Ok(());
        }
        if cache.sessions.len() >= MOST_CACHED {
            cache.sessions.clear();
        }
        cache.sessions.insert(record.id_hash.clone(), record);
        Ok(())
    }

    pub(crate) fn forget_sessions(&self) -> Result<(), Error> {
        self.cache()?.sessions.clear();
        Ok(())
    }

    /// A user with all groups. None where there is no such user.
    pub(crate) async fn person(&self, username: &str) -> Result<Option<Arc<Person>>, Error> {
        let key = username.to_lowercase();
        let epoch = {
            let cache = self.cache()?;
            if let Some(found) = cache.people.get(&key) {
                return Ok(Some(Arc::clone(found)));
            }
            cache.epoch
        };
        let Some(record) = self.store().user(&key).await? else { return Ok(None) };
        let person = Arc::new(Person::new(record.value.user, &self.snapshot()));
        let mut cache = self.cache()?;
        if cache.epoch == epoch {
            if cache.people.len() >= MOST_CACHED {
                cache.people.clear();
            }
            cache.people.insert(key, Arc::clone(&person));
        }
        Ok(Some(person))
    }

    /// Runs work that may keep a processor busy for long (a password, a new key, a plan), off the threads that serve
    /// requests.
    pub(crate) async fn busy<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let _turn = self.turn().await?;
        tokio::task::spawn_blocking(work).await.map_err(|e| Error::Internal(format!("the work did not finish: {e}")))
    }

    /// Runs work of about a signature's length where the caller is. To hand it to another thread and back costs the
    /// processor a third of the signature again. The turns are those of `busy`: however many wait, no more are under way
    /// than there are processors, and other requests are served between one and the next. Expressions are part of such
    /// work and may be slow; once one was, the work goes to other threads for a while.
    pub(crate) async fn brief<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let clock = self.clock();
        if clock.now_micros() < self.0.slow_until.load(Ordering::Relaxed) {
            return self.busy(work).await;
        }
        let turn = self.turn().await?;
        // On a crowded machine all work takes long; only work that is long itself is to go elsewhere.
        let (start, began) = (clock.busy_micros(), clock.now_micros());
        let done = work();
        let now = clock.now_micros();
        drop(turn);
        // A processor is not busy for longer than time passes, and to ask how long it was is not free.
        if now - began > SLOW && clock.busy_micros() - start > SLOW {
            self.0.slow_until.store(now + SLOW_FOR, Ordering::Relaxed);
        }
        Ok(done)
    }

    async fn turn(&self) -> Result<tokio::sync::SemaphorePermit<'_>, Error> {
        self.0.cpu.acquire().await.map_err(|_| Error::Unavailable("shutting down".into()))
    }
}
