use std::{
    fs::File,
    io::{BufReader, Write},
    path::{Path, PathBuf},
};

use domain::Backup;
use store::OpenError;

use super::{failure::Failure, offline::Offline, remote::Remote};
use crate::{compose::ComposeError, config::Common};

/// Writes a backup. While a server holds the embedded database, it is taken through that server's API.
pub async fn backup(common: &Common, file: &Path) -> Result<(), Failure> {
    let mut draft = Draft::new(file)?;
    match Offline::open(common).await {
        Ok(offline) => {
            let taken = from_store(&offline, &mut draft).await;
            offline.close().await;
            taken?;
        }
        Err(ComposeError::Open(OpenError::Held { address: Some(address), pid, .. })) => {
            let pid = pid.map(|pid| format!(" (process {pid})")).unwrap_or_default();
            let remote = Remote::at(&address, &format!("a server{pid} holds the database"))?;
            let mut answer = remote.get("/backup").await?;
            while let Some(chunk) = answer.chunk().await.map_err(Failure::failed)? {
                draft.write(&chunk)?;
            }
        }
        Err(error) => return Err(error.into()),
    }
    let backup = draft.finish()?;
    println!("{}: {} rows of {}, schema {}", file.display(), backup.rows, backup.header.created, backup.header.schema);
    println!("its secrets are sealed: keep a copy of {} too, elsewhere", common.data_dir.join("master.key").display());
    Ok(())
}

async fn from_store(offline: &Offline, draft: &mut Draft) -> Result<(), Failure> {
    let mut writer = offline.services.backup();
    while let Some(piece) = writer.next().await? {
        draft.write(piece.as_bytes())?;
    }
    Ok(())
}

/// A file that is put in its place when it is whole, and readable by its owner alone.
struct Draft {
    file: File,
    path: PathBuf,
    place: PathBuf,
}

impl Draft {
    fn new(place: &Path) -> Result<Self, Failure> {
        let mut name = place.as_os_str().to_owned();
        name.push(".part");
        let path = PathBuf::from(name);
        // One that was left behind by a broken attempt, with whatever rights.
        let _ = std::fs::remove_file(&path);
        let mut open = File::options();
        open.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        let file = open.open(&path).map_err(|e| Failure::failed(format!("{}: {e}", path.display())))?;
        Ok(Self { file, path, place: place.to_owned() })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.file.write_all(bytes).map_err(|e| Failure::failed(format!("{}: {e}", self.path.display())))
    }

    /// Reads it again, as a restore would, before it takes the place of a former one.
    fn finish(self) -> Result<Backup, Failure> {
        let failed = |e: std::io::Error| Failure::failed(format!("{}: {e}", self.path.display()));
        self.file.sync_all().map_err(failed)?;
        let written = File::open(&self.path).map_err(failed)?;
        let backup = Backup::check(BufReader::new(written))
            .map_err(|e| Failure::failed(format!("{}: {e}", self.path.display())))?;
        std::fs::rename(&self.path, &self.place).map_err(failed)?;
        Ok(backup)
    }
}

impl Drop for Draft {
    /// What is not finished is of no use. After [`Draft::finish`] it is not there any more.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}
