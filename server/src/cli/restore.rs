use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
    time::Duration,
};

use domain::{Backup, port::BackupStore};
use store::{OpenError, StoreOptions, SurrealStore};

use super::{failure::Failure, offline::Offline};
use crate::{
    compose::{self, ComposeError},
    config::Common,
};

/// Restores a backup while no server runs, into an empty database. `force` puts a former embedded one aside.
pub async fn restore(common: &Common, file: &Path, force: bool) -> Result<(), Failure> {
    let open = || File::open(file).map(BufReader::new);
    let refused = |e: &dyn std::fmt::Display| Failure::refused(format!("{}: {e}", file.display()));
    let backup = Backup::check(open().map_err(|e| refused(&e))?).map_err(|e| refused(&e))?;
    let newest = SurrealStore::newest_schema();
    if backup.header.schema > newest {
        let why = format!("it has schema {}, and this build knows schemas up to {newest}", backup.header.schema);
        return Err(refused(&format!("{why}; restore it with the version that wrote it, or a newer one")));
    }
    has_master_key(common, &backup)?;
    let options = compose::store_options(common)?;
    if options.url == "memory" {
        return Err(Failure::refused("--database memory ends with this command; name the database to restore into"));
    }
    let aside = make_way(&options, force).await?;
    let restored = put_in(common, &options, &backup, file, open).await;
    if let (Err(_), Some(aside)) = (&restored, &aside) {
        aside.undo();
    }
    restored?;
    println!("{} rows of {} are restored; everybody signs in again", backup.rows, backup.header.created);
    if let Some(aside) = aside {
        println!("the former database is in {}", aside.to.display());
    }
    Ok(())
}

/// Loads it and opens what was loaded, as the server will.
async fn put_in<E: std::fmt::Display>(
    common: &Common,
    options: &StoreOptions,
    backup: &Backup,
    file: &Path,
    open: impl Fn() -> Result<BufReader<File>, E>,
) -> Result<(), Failure> {
    load(options, backup, open).await?;
    let offline = open_services(common).await?;
    let told = offline.services.restored(&file.display().to_string(), backup).await;
    offline.close().await;
    Ok(told?)
}

async fn load<E: std::fmt::Display>(
    options: &StoreOptions,
    backup: &Backup,
    open: impl Fn() -> Result<BufReader<File>, E>,
) -> Result<(), Failure> {
    let store = open_store(options, Some(backup.header.schema)).await?;
    let loaded = match (store.is_empty().await, open()) {
        (Ok(true), Ok(source)) => backup.load(source, &store).await.map_err(Failure::failed),
        (Ok(false), _) => Err(Failure::refused(
            "the database is not empty; restore into an empty one, or, where it is embedded, put it aside with --force",
        )),
        (Err(error), _) => Err(Failure::failed(error)),
        (_, Err(error)) => Err(Failure::failed(error)),
    };
    store.close().await;
    loaded
}

/// How often the database is asked for again while it shuts down after the step before.
const ATTEMPTS: u32 = 240;
/// The pause between.
const PAUSE: Duration = Duration::from_millis(250);

/// Whether it is this very command that has the database, since a moment ago. Whoever else has it says who it is.
fn lets_go(error: &OpenError) -> bool {
    matches!(error, OpenError::Held { pid: None, .. })
}

/// Opens the database at a schema; none: at the newest.
async fn open_store(options: &StoreOptions, schema: Option<u32>) -> Result<SurrealStore, Failure> {
    let schema = schema.unwrap_or(SurrealStore::newest_schema());
    for _ in 0..ATTEMPTS {
        match SurrealStore::open_at(options, schema).await {
            Err(error) if lets_go(&error) => tokio::time::sleep(PAUSE).await,
            opened => return opened.map_err(Failure::from),
        }
    }
    SurrealStore::open_at(options, schema).await.map_err(Failure::from)
}

/// Opens it as every other command does, with its schema brought up to date.
async fn open_services(common: &Common) -> Result<Offline, Failure> {
    for _ in 0..ATTEMPTS {
        match Offline::open(common).await {
            Err(ComposeError::Open(error)) if lets_go(&error) => tokio::time::sleep(PAUSE).await,
            opened => return Ok(opened?),
        }
    }
    Ok(Offline::open(common).await?)
}

/// Where a former database was put.
struct Aside {
    from: PathBuf,
    to: PathBuf,
}

impl Aside {
    /// Puts it back in the place of what could not be restored.
    fn undo(&self) {
        let restored = std::fs::remove_dir_all(&self.from).and_then(|()| std::fs::rename(&self.to, &self.from));
        if let Err(error) = restored {
            tracing::error!(%error, "the former database stays in {}", self.to.display());
        }
    }
}

/// Puts an embedded database aside that is there already: one that was never used, or any where it is forced.
async fn make_way(options: &StoreOptions, force: bool) -> Result<Option<Aside>, Failure> {
    let Some(from) = options.folder().filter(|folder| folder.exists()) else { return Ok(None) };
    let store = open_store(options, None).await?;
    let empty = store.is_empty().await;
    store.close().await;
    if !empty.map_err(Failure::failed)? && !force {
        let why = "is not empty; --force puts it aside and restores into a new one";
        return Err(Failure::refused(format!("{} {why}", from.display())));
    }
    let to = (1..).map(|n| from.with_extension(format!("replaced-{n}"))).find(|to| !to.exists());
    let Some(to) = to else { return Ok(None) };
    std::fs::rename(&from, &to).map_err(|e| Failure::failed(format!("{}: {e}", from.display())))?;
    Ok(Some(Aside { from, to }))
}

/// Without the keys that sealed them, the secrets of a backup stay closed, and the server would not start.
fn has_master_key(common: &Common, backup: &Backup) -> Result<(), Failure> {
    let path = common.data_dir.join("master.key");
    let vault = if path.exists() { Some(compose::vault(&common.data_dir)?) } else { None };
    let is_missing = |id: &&String| vault.as_ref().is_none_or(|vault| !vault.knows(id));
    let missing: Vec<&str> = backup.master_keys.iter().filter(is_missing).map(String::as_str).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let why = format!("secrets of the backup are sealed with the master key {}", missing.join(" and "));
    Err(Failure::refused(format!("{why}, which is not in {}; put that file there first", path.display())))
}
