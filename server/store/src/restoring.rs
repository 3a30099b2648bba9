//! The mark of a database that is being restored. It is there before the first row and goes after everything else, so that a
//! restore that ended midway does not pass for a database. Of an embedded one it is a file beside it, which is there also while
//! the former database is put aside; of any other it is a row.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use domain::port::StoreError;
use surrealdb::types::{Value, Variables};

use crate::engine::{Engine, variables};

const BEGIN: &str = "UPSERT restoring:main SET backup = $backup RETURN NONE";
const FINISH: &str = "DELETE restoring:main RETURN NONE";
const FOUND: &str = "SELECT VALUE backup FROM restoring";

/// Marks the database itself.
pub(crate) async fn begin(engine: &Engine, backup: &str) -> Result<(), StoreError> {
    engine.write(BEGIN, variables([("backup", Value::String(backup.to_owned()))])).await?;
    Ok(())
}

pub(crate) async fn finish(engine: &Engine) -> Result<(), StoreError> {
    engine.write(FINISH, Variables::new()).await?;
    Ok(())
}

/// Which backup is being restored.
pub(crate) async fn found(engine: &Engine) -> Result<Option<String>, StoreError> {
    let rows = engine.read(FOUND, Variables::new()).await?.rows(0)?;
    Ok(rows.into_iter().find_map(|row| if let Value::String(backup) = row { Some(backup) } else { None }))
}

/// What the mark of an embedded database says.
pub(crate) struct Mark {
    pub backup: String,
    /// Where the former database goes, until that is done and the first row is about to be written: an extension.
    aside: Option<String>,
}

impl Mark {
    /// Whether the former database is still in its place. It is not where anything is in the place that it goes to; once rows
    /// are written the mark says nothing of that place any more, whatever became of it.
    pub fn is_before_anything(&self, folder: &Path) -> bool {
        self.aside.as_ref().is_some_and(|aside| folder.exists() && !folder.with_extension(aside).exists())
    }
}

/// The mark beside an embedded database: `/data/db` has `/data/db.restoring`.
pub(crate) struct RestoreFile {
    path: PathBuf,
}

impl RestoreFile {
    pub(crate) fn of(folder: &Path) -> Self {
        let mut name = folder.components().collect::<PathBuf>().into_os_string();
        name.push(".restoring");
        Self { path: PathBuf::from(name) }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// On the disk when this returns. `aside`: the extension of the place where the former database is about to go.
    pub(crate) fn write(&self, backup: &str, aside: Option<&str>) -> io::Result<()> {
        let mut file = File::create(&self.path)?;
        file.write_all(backup.as_bytes())?;
        if let Some(aside) = aside {
            write!(file, "\n{aside}")?;
        }
        file.sync_all()?;
        self.sync_name()
    }

    /// None: nothing is being restored.
    pub(crate) fn read(&self) -> io::Result<Option<Mark>> {
        let text = match fs::read_to_string(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        let (backup, aside) = text.split_once('\n').map_or((text.as_str(), None), |(b, aside)| (b, Some(aside)));
        Ok(Some(Mark { backup: backup.to_owned(), aside: aside.map(str::to_owned) }))
    }

    pub(crate) fn remove(&self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed.and_then(|()| self.sync_name()),
        }
    }

    /// That the file is there, or is not, is of the folder that it is in.
    fn sync_name(&self) -> io::Result<()> {
        let parent = self.path.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
    }
}
