use std::fs::File;
use std::path::PathBuf;

use async_trait::async_trait;
use domain::port::{ChangeSet, Configuration, SessionRecord, Store, StoreError, UserRecord};
use model::{Event, ListQuery, Page, UserRow, Versioned};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::capacity::Capacity;
use crate::engine::Engine;
use crate::event_log::EventLog;
use crate::journal::Journal;
use crate::response_log::ResponseLog;
use crate::{commit, configuration, event, logout, request, response, session, user};

/// The store on SurrealDB. One for each process, shared behind an `Arc`.
pub struct SurrealStore {
    pub(crate) engine: Engine,
    pub(crate) log: EventLog,
    pub(crate) log_task: JoinHandle<()>,
    pub(crate) responses: ResponseLog,
    pub(crate) responses_task: JoinHandle<()>,
    /// Folder of an embedded database.
    pub(crate) folder: Option<PathBuf>,
    /// Whether no other process can have it.
    pub(crate) embedded: bool,
    /// What one change set may weigh.
    pub(crate) capacity: Capacity,
    /// Keeps other processes out while it is open.
    pub(crate) guard: Option<File>,
    /// All that raise the epoch write one record. Within a process they queue here, in order of arrival, rather than
    /// conflict; conflicts with other processes are what retries are for.
    turn: Mutex<()>,
}

impl SurrealStore {
    pub(crate) async fn new(
        engine: Engine,
        folder: Option<PathBuf>,
        guard: Option<File>,
        embedded: bool,
    ) -> Result<Self, StoreError> {
        let journal = folder.as_deref().map(Journal::open).transpose();
        let journal = journal.map_err(|error| StoreError::Unavailable(format!("the journal of events: {error}")))?;
        let (log, log_task) = EventLog::start(engine.clone(), journal).await?;
        let (responses, responses_task) = ResponseLog::start(engine.clone());
        let capacity = if folder.is_some() { Capacity::here() } else { Capacity::unbounded() };
        let turn = Mutex::new(());
        Ok(Self { engine, log, log_task, responses, responses_task, folder, embedded, capacity, guard, turn })
    }
}

#[async_trait]
impl Store for SurrealStore {
    async fn ready(&self) -> Result<(), StoreError> {
        self.engine.ready().await
    }

    async fn epoch(&self) -> Result<u64, StoreError> {
        configuration::epoch(&self.engine).await
    }

    async fn configuration(&self) -> Result<Configuration, StoreError> {
        configuration::configuration(&self.engine).await
    }

    async fn commit(&self, change: ChangeSet) -> Result<u64, StoreError> {
        let _turn = self.turn.lock().await;
        self.log.pass_by(&change.events);
        commit::commit(&self.engine, &change, self.capacity).await
    }

    async fn user(&self, username: &str) -> Result<Option<Versioned<UserRecord>>, StoreError> {
        user::user(&self.engine, username).await
    }

    async fn users(&self, query: &ListQuery) -> Result<Page<UserRow>, StoreError> {
        user::users(&self.engine, query).await
    }

    async fn users_after(&self, after: &str, limit: u32) -> Result<Vec<Versioned<UserRecord>>, StoreError> {
        user::users_after(&self.engine, after, limit).await
    }

    async fn members_of(&self, group: &str) -> Result<Vec<String>, StoreError> {
        user::members_of(&self.engine, group).await
    }

    async fn count_administrators(&self) -> Result<u64, StoreError> {
        user::count_administrators(&self.engine).await
    }

    async fn put_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        session::put(&self.engine, session).await
    }

    async fn session(&self, id_hash: &str) -> Result<Option<SessionRecord>, StoreError> {
        session::session(&self.engine, id_hash).await
    }

    async fn sessions_of(&self, username: &str) -> Result<Vec<SessionRecord>, StoreError> {
        session::sessions_of(&self.engine, username).await
    }

    async fn end_session(&self, id_hash: &str, events: Vec<Event>) -> Result<u64, StoreError> {
        let _turn = self.turn.lock().await;
        self.log.pass_by(&events);
        session::end(&self.engine, id_hash, &events).await
    }

    async fn count_sessions(&self, now: i64, seen: i64) -> Result<u64, StoreError> {
        session::count(&self.engine, now, seen).await
    }

    async fn sweep_sessions(&self, now: i64, limit: u32) -> Result<u32, StoreError> {
        request::sweep(&self.engine, now).await?;
        logout::sweep(&self.engine, now).await?;
        response::sweep(&self.engine, now).await?;
        session::sweep(&self.engine, now, limit).await
    }

    async fn note_request(&self, key: &str, now: i64, expires: i64) -> Result<i64, StoreError> {
        request::note(&self.engine, key, now, expires).await
    }

    async fn request_seen(&self, key: &str) -> Result<Option<i64>, StoreError> {
        request::seen(&self.engine, key).await
    }

    async fn take_request(&self, key: &str, now: i64, expires: i64) -> Result<bool, StoreError> {
        request::take(&self.engine, key, now, expires).await
    }

    async fn append_events(&self, events: Vec<Event>) -> Result<(), StoreError> {
        self.log.append(&events).await
    }

    fn waiting_events(&self) -> u64 {
        self.log.waiting()
    }

    async fn events_after(&self, id: &str, limit: u32) -> Result<u32, StoreError> {
        self.log.settle().await;
        event::count_after(&self.engine, id, limit).await
    }

    async fn events(&self, query: &ListQuery) -> Result<Page<Event>, StoreError> {
        self.log.settle().await;
        event::events(&self.engine, query).await
    }

    async fn event(&self, id: &str) -> Result<Option<Event>, StoreError> {
        self.log.settle().await;
        event::event(&self.engine, id).await
    }
}
