use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use surrealdb::engine::any::{Any, connect};
use surrealdb::opt::Config;
use surrealdb::opt::auth::Root;
use surrealdb::opt::capabilities::Capabilities;
use surrealdb::{Error, Surreal};

use crate::engine::Engine;
use crate::failure::Failure;
use crate::holder::Holder;
use crate::migrate::{MIGRATIONS, Migration, define, migrate};
use crate::options::{Place, StoreOptions};
use crate::restoring::{self, Mark, RestoreFile};
use crate::surreal_store::SurrealStore;

/// How often credentials are presented again to a remote database, whose sessions end after an hour.
const SIGN_IN_AGAIN: Duration = Duration::from_mins(20);
/// How long `close` waits for an embedded database to let go of its lock.
const CLOSE_LIMIT: Duration = Duration::from_secs(10);
/// The functions our statements use; no other runs.
const FUNCTIONS: [&str; 9] = [
    "array::len",
    "count",
    "math::sum",
    "object::extend",
    "object::keys",
    "record::id",
    "string::contains",
    "string::replace",
    "type::record",
];

/// Why a store does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has the embedded database open.
    #[error("the database {} is in use{}", .path.display(), by(*.pid, .address.as_deref()))]
    Held {
        path: PathBuf,
        pid: Option<u32>,
        /// What that process answers at, as it announced it.
        address: Option<String>,
    },
    /// The address, without the name and the password that it may hold.
    #[error("`{0}` is no address of a store: surrealkv://PATH, memory, ws://HOST:PORT or wss://HOST:PORT")]
    BadUrl(String),
    /// A later version of Rolecall has changed the schema.
    #[error("the database has schema {found}; this version of Rolecall knows schemas up to {known}")]
    Newer { found: u32, known: u32 },
    /// A restore into it has not ended, so it holds a part of the backup at most.
    #[error("the database {place} is not whole: the restore of a backup ({backup}) into it has not ended; {}", again(*.embedded))]
    Unfinished {
        /// The folder, or the address without the name and the password that it may hold.
        place: String,
        /// When the backup was taken.
        backup: String,
        embedded: bool,
    },
    /// A restore has ended before it put the database aside that is there, which is whole.
    #[error(
        "a restore into the database {} ended before anything was changed: run `rolecall restore FILE --force` again, or, to \
         go on with the database as it is and while no restore runs, delete {}", .folder.display(), .mark.display()
    )]
    Marked { folder: PathBuf, mark: PathBuf },
    #[error("the store cannot be opened: {0}")]
    Failed(String),
}

/// What helps where a restore has not ended.
fn again(embedded: bool) -> &'static str {
    if embedded {
        "run `rolecall restore FILE --force`, which puts it aside; a former database is beside it, as `.replaced-1` or a later one"
    } else {
        "unless it is under way, restore the backup again into an empty database"
    }
}

fn by(pid: Option<u32>, address: Option<&str>) -> String {
    let pid = pid.map(|pid| format!(" by process {pid}")).unwrap_or_default();
    let address = address.map(|address| format!(", which answers at {address}")).unwrap_or_default();
    format!("{pid}{address}")
}

impl From<Failure> for OpenError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Conflict => Self::Failed("too many servers start at once; try again".to_owned()),
            Failure::Thrown(text) | Failure::Taken(text) | Failure::Other(text) => Self::Failed(text),
        }
    }
}

impl SurrealStore {
    /// Opens the database, creates it where there is none, and brings its schema up to date.
    pub async fn open(options: &StoreOptions) -> Result<Self, OpenError> {
        Self::open_with(options, MIGRATIONS).await
    }

    /// The same with the schema as it was after a number of steps, for a backup of that time: a database that is new is
    /// brought this far, and one that is further is refused.
    pub async fn open_at(options: &StoreOptions, schema: u32) -> Result<Self, OpenError> {
        let steps: Vec<Migration> = MIGRATIONS.iter().copied().filter(|step| step.number <= schema).collect();
        Self::open_with(options, &steps).await
    }

    /// The number of the schema that this build knows.
    pub fn newest_schema() -> u32 {
        MIGRATIONS.iter().map(|migration| migration.number).max().unwrap_or_default()
    }

    pub(crate) async fn open_with(options: &StoreOptions, migrations: &[Migration]) -> Result<Self, OpenError> {
        let place = options.place().ok_or_else(|| OpenError::BadUrl(options.shown_url()))?;
        let folder = if let Place::Folder(folder) = &place { Some(folder.clone()) } else { None };
        let guard = folder.as_deref().map(take).transpose()?;
        if let Some(folder) = folder.as_deref().filter(|_| !options.unfinished) {
            beside(folder)?;
        }
        let config = Config::new().capabilities(capabilities()?);
        let surreal =
            connect((options.url.as_str(), config)).await.map_err(|error| not_connected(&error, folder.as_deref()))?;
        let engine = Engine::new(surreal, options.entropy.clone());
        if place == Place::Remote {
            sign_in(engine.surreal(), options).await?;
        }
        prepare(&engine, options, migrations).await?;
        Self::new(engine, folder, guard, place != Place::Remote)
            .await
            .map_err(|error| OpenError::Failed(error.to_string()))
    }

    /// Tells other processes that want the same embedded database who has it and where it answers. Does nothing for
    /// other databases.
    pub fn announce(&self, address: &str) -> io::Result<()> {
        self.folder.as_deref().map_or(Ok(()), |folder| Holder::of(folder).write(address))
    }

    /// Writes what is queued and lets the database go. An embedded one shuts down on a task of its own once nobody
    /// uses it; this waits until its lock is free, ten seconds at most. Without it nothing acknowledged is lost
    /// either, but the next start has more to replay.
    pub async fn close(self) {
        let Self { engine, log, log_task, responses, responses_task, folder, guard, .. } = self;
        drop((log, responses));
        // A task that panicked has nothing left to write.
        let _ = (log_task.await, responses_task.await);
        drop(engine);
        let Some(folder) = folder else { return };
        Holder::of(&folder).remove();
        let released = async {
            while is_locked(&folder) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        if tokio::time::timeout(CLOSE_LIMIT, released).await.is_err() {
            tracing::warn!(folder = %folder.display(), "the database is still shutting down");
        }
        drop(guard);
    }
}

/// Chooses the database, which makes it where there is none, and brings its schema up to date. Any number of servers may do so
/// at once: what loses against another is tried again whole.
pub(crate) async fn prepare(
    engine: &Engine,
    options: &StoreOptions,
    migrations: &[Migration],
) -> Result<(), OpenError> {
    let mut starts = engine.starts();
    while let Err(failure) = choose(engine, options).await {
        starts.again(failure).await?;
    }
    define(engine).await?;
    if !options.unfinished {
        whole(engine, options).await?;
    }
    migrate(engine, migrations).await
}

/// Refuses a database in which a restore has not ended.
pub(crate) async fn whole(engine: &Engine, options: &StoreOptions) -> Result<(), OpenError> {
    match restoring::found(engine).await {
        Ok(None) => Ok(()),
        Ok(Some(backup)) => Err(OpenError::Unfinished { place: options.shown_url(), backup, embedded: false }),
        Err(error) => Err(OpenError::Failed(error.to_string())),
    }
}

/// The same of an embedded one.
fn beside(folder: &Path) -> Result<(), OpenError> {
    let file = RestoreFile::of(folder);
    match file.read() {
        Ok(None) => Ok(()),
        Ok(Some(mark)) if mark.is_before_anything(folder) => {
            Err(OpenError::Marked { folder: folder.to_owned(), mark: file.path().to_owned() })
        }
        Ok(Some(Mark { backup, .. })) => {
            Err(OpenError::Unfinished { place: folder.display().to_string(), backup, embedded: true })
        }
        Err(error) => Err(OpenError::Failed(format!("{}: {error}", folder.display()))),
    }
}

async fn choose(engine: &Engine, options: &StoreOptions) -> Result<(), Failure> {
    engine.surreal().use_ns(&options.namespace).use_db(&options.database).await?;
    Ok(())
}

/// Nothing but what our statements need: no scripts, no network, no guests, no live queries.
fn capabilities() -> Result<Capabilities, OpenError> {
    FUNCTIONS.iter().try_fold(Capabilities::none(), |capabilities, function| {
        capabilities.with_function_allowed(function).map_err(|error| OpenError::Failed(error.to_string()))
    })
}

fn not_connected(error: &Error, folder: Option<&Path>) -> OpenError {
    match folder {
        Some(folder) if error.message().contains("already locked") => held(folder),
        Some(folder) if is_too_large(error) => OpenError::Failed(format!(
            "{} was last written where there was more memory; start once with as much as there was then, and end it well",
            folder.display()
        )),
        _ => OpenError::Failed(error.message().to_owned()),
    }
}

/// The log holds a transaction that no table has room for, as the first of a table or after others.
fn is_too_large(error: &Error) -> bool {
    ["too large for memtable", "arena is full"].iter().any(|text| error.message().contains(text))
}

fn held(folder: &Path) -> OpenError {
    let note = Holder::of(folder).read();
    OpenError::Held { path: folder.to_owned(), pid: note.pid, address: note.address }
}

/// Takes an embedded database for this process, for as long as the file is open. The engine has a lock of its own,
/// which holds as well; this one refuses at once, without touching the engine's files, and needs no error text to be
/// recognised.
fn take(folder: &Path) -> Result<File, OpenError> {
    let failed = |error: io::Error| OpenError::Failed(format!("{}: {error}", folder.display()));
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent).map_err(failed)?;
    }
    let mut name = folder.as_os_str().to_owned();
    name.push(".lock");
    let file = File::options().create(true).truncate(false).write(true).open(name).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(held(folder)),
        Err(std::fs::TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Shared, so that it is in nobody's way but a writer's for the blink it takes.
fn is_locked(folder: &Path) -> bool {
    File::open(folder.join("LOCK")).is_ok_and(|lock| lock.try_lock_shared().is_err())
}

/// Signs in, and again from time to time for as long as the connection is used.
async fn sign_in(surreal: &Arc<Surreal<Any>>, options: &StoreOptions) -> Result<(), OpenError> {
    let (Some(user), Some(password)) = (options.user.clone(), options.password.clone()) else { return Ok(()) };
    let root = move || Root { username: user.clone(), password: password.clone() };
    surreal.signin(root()).await.map_err(Failure::from)?;
    let surreal = Arc::downgrade(surreal);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(SIGN_IN_AGAIN).await;
            let Some(surreal) = surreal.upgrade() else { return };
            if let Err(error) = surreal.signin(root()).await {
                tracing::warn!(error = error.message(), "signing in to the database again failed");
            }
        }
    });
    Ok(())
}
