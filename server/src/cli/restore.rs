use std::{
    fs::File,
    io::{BufReader, ErrorKind},
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
    let options = StoreOptions { unfinished: true, ..compose::store_options(common)? };
    if options.url == "memory" {
        return Err(Failure::refused("--database memory ends with this command; name the database to restore into"));
    }
    let aside = make_way(&options, force, &backup.header.created).await?;
    if let Err(stopped) = put_in(common, &options, &backup, file, open).await {
        return Err(stopped.after(aside.as_ref()));
    }
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
) -> Result<(), Stopped> {
    load(options, backup, open).await?;
    let offline = open_services(common, options).await?;
    let told = offline.services.restored(&file.display().to_string(), backup).await;
    offline.close().await;
    Ok(told.map_err(Failure::from)?)
}

/// Why nothing was restored.
struct Stopped {
    failure: Failure,
    /// Another process has the database that is in the place of the former one.
    held: bool,
}

impl Stopped {
    /// Puts the former database back, if there was one, but not in the place of one that somebody uses.
    fn after(self, aside: Option<&Aside>) -> Failure {
        let Some(aside) = aside else { return self.failure };
        if !self.held {
            aside.undo();
            return self.failure;
        }
        let message = format!("{}\nthe former database stays in {}", self.failure.message, aside.to.display());
        Failure { message, ..self.failure }
    }
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self { failure, held: false }
    }
}

impl From<OpenError> for Stopped {
    fn from(error: OpenError) -> Self {
        Self { held: matches!(error, OpenError::Held { .. }), failure: error.into() }
    }
}

impl From<ComposeError> for Stopped {
    fn from(error: ComposeError) -> Self {
        match error {
            ComposeError::Open(error) => error.into(),
            error => Failure::from(error).into(),
        }
    }
}

async fn load<E: std::fmt::Display>(
    options: &StoreOptions,
    backup: &Backup,
    open: impl Fn() -> Result<BufReader<File>, E>,
) -> Result<(), Stopped> {
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
    Ok(loaded?)
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
async fn open_store(options: &StoreOptions, schema: Option<u32>) -> Result<SurrealStore, OpenError> {
    let schema = schema.unwrap_or(SurrealStore::newest_schema());
    for _ in 0..ATTEMPTS {
        match SurrealStore::open_at(options, schema).await {
            Err(error) if lets_go(&error) => tokio::time::sleep(PAUSE).await,
            opened => return opened,
        }
    }
    SurrealStore::open_at(options, schema).await
}

/// Opens it as every other command does, with its schema brought up to date.
async fn open_services(common: &Common, options: &StoreOptions) -> Result<Offline, ComposeError> {
    for _ in 0..ATTEMPTS {
        match Offline::on(common, options).await {
            Err(ComposeError::Open(error)) if lets_go(&error) => tokio::time::sleep(PAUSE).await,
            opened => return opened,
        }
    }
    Offline::on(common, options).await
}

/// Where a former database was put.
struct Aside {
    from: PathBuf,
    to: PathBuf,
    options: StoreOptions,
    /// Whether it was itself what a restore had left midway.
    unfinished: bool,
}

impl Aside {
    /// Puts it there.
    fn make(self) -> std::io::Result<Self> {
        match std::fs::rename(&self.from, &self.to) {
            Ok(()) => Ok(self),
            Err(error) => {
                self.unmark();
                Err(error)
            }
        }
    }

    /// Takes the mark of the restore back: what is in the place is the former database.
    fn unmark(&self) {
        if !self.unfinished
            && let Err(error) = self.options.end_restore()
        {
            tracing::error!(%error, "{} is whole, and marked as being restored", self.from.display());
        }
    }

    /// Puts it back in the place of what could not be restored.
    fn undo(&self) {
        let removed = match std::fs::remove_dir_all(&self.from) {
            // It failed before there was anything.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        };
        let restored = removed.and_then(|()| std::fs::rename(&self.to, &self.from));
        match restored {
            Ok(()) => self.unmark(),
            Err(error) => tracing::error!(%error, "the former database stays in {}", self.to.display()),
        }
    }
}

/// Puts an embedded database aside that is there already: one that was never used, or any where it is forced.
/// From then on the place is marked: what ends midway must not leave one in which the next start makes a new database.
async fn make_way(options: &StoreOptions, force: bool, backup: &str) -> Result<Option<Aside>, Failure> {
    let Some(from) = options.folder().filter(|folder| folder.exists()) else { return Ok(None) };
    let store = open_store(options, None).await?;
    let marked = mark_place(options, &store, &from, force, backup).await;
    store.close().await;
    marked?.map(|aside| aside.make().map_err(|e| failed_at(&from, &e))).transpose()
}

/// Marks the place of a database that may be put aside, while nobody else can open it: who comes between the closing and the
/// moving of its folder finds the mark.
async fn mark_place(
    options: &StoreOptions,
    store: &SurrealStore,
    from: &Path,
    force: bool,
    backup: &str,
) -> Result<Option<Aside>, Failure> {
    if !store.is_empty().await.map_err(Failure::failed)? && !force {
        let why = "is not empty; --force puts it aside and restores into a new one";
        return Err(Failure::refused(format!("{} {why}", from.display())));
    }
    let places = (1..).map(|n| format!("replaced-{n}"));
    let free = places.map(|aside| (from.with_extension(&aside), aside)).find(|(to, _)| !to.exists());
    let Some((to, aside)) = free else { return Ok(None) };
    let unfinished = options.begin_restore(backup, &aside).map_err(|e| failed_at(from, &e))?;
    Ok(Some(Aside { from: from.to_owned(), to, options: options.clone(), unfinished }))
}

fn failed_at(place: &Path, error: &std::io::Error) -> Failure {
    Failure::failed(format!("{}: {error}", place.display()))
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use store::{OpenError, StoreOptions};

    use super::{Aside, Failure, Stopped};

    /// A former database that was put aside; its folder is empty but for a file.
    fn aside(name: &str) -> Aside {
        let folder = std::env::temp_dir().join(format!("rolecall-{name}-{}", std::process::id()));
        let (from, to) = (folder.join("db"), folder.join("db.replaced-1"));
        std::fs::create_dir_all(&to).unwrap();
        std::fs::write(to.join("former"), "").unwrap();
        let options = StoreOptions::new(format!("surrealkv://{}", from.display()));
        options.begin_restore("2026-01-01T00:00:00Z", "replaced-1").unwrap();
        Aside { from, to, options, unfinished: false }
    }

    fn marked(aside: &Aside) -> bool {
        aside.from.with_extension("restoring").exists()
    }

    #[test]
    fn the_former_database_is_back_after_a_restore_that_made_none() {
        let aside = aside("none-made");
        Stopped::from(Failure::failed("no space")).after(Some(&aside));
        assert!(aside.from.join("former").exists() && !aside.to.exists() && !marked(&aside));
        std::fs::remove_dir_all(aside.from.parent().unwrap()).unwrap();
    }

    #[test]
    fn what_a_restore_left_midway_is_marked_as_that_after_another_restore_that_made_none() {
        let aside = Aside { unfinished: true, ..aside("midway") };
        Stopped::from(Failure::failed("no space")).after(Some(&aside));
        assert!(aside.from.join("former").exists() && marked(&aside));
        std::fs::remove_dir_all(aside.from.parent().unwrap()).unwrap();
    }

    #[test]
    fn a_database_that_another_process_holds_stays_and_the_former_one_is_named() {
        let aside = aside("held");
        std::fs::create_dir_all(&aside.from).unwrap();
        let held = OpenError::Held { path: PathBuf::from("db"), pid: Some(1), address: None };
        let failure = Stopped::from(held).after(Some(&aside));
        assert!(failure.message.contains(&aside.to.display().to_string()), "{}", failure.message);
        assert!(aside.from.exists() && aside.to.join("former").exists());
        std::fs::remove_dir_all(aside.from.parent().unwrap()).unwrap();
    }
}
