use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The note beside an embedded database that says who has it open: the process id, and how to reach it. It only
/// informs; what keeps others out is the database's own lock.
pub(crate) struct Holder {
    path: PathBuf,
}

/// What the note says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Note {
    pub pid: Option<u32>,
    pub address: Option<String>,
}

impl Holder {
    /// The note of a database folder: `/data/db` has `/data/db.holder`.
    pub(crate) fn of(folder: &Path) -> Self {
        let mut name = folder.components().collect::<PathBuf>().into_os_string();
        name.push(".holder");
        Self { path: PathBuf::from(name) }
    }

    /// Written beside and moved into place, so that a reader never sees half of it.
    pub(crate) fn write(&self, address: &str) -> io::Result<()> {
        let mut draft = self.path.clone().into_os_string();
        draft.push(".new");
        fs::write(&draft, format!("{}\n{}\n", std::process::id(), address.replace(['\r', '\n'], " ")))?;
        fs::rename(&draft, &self.path)
    }

    /// Empty where there is no note, or none that can be read.
    pub(crate) fn read(&self) -> Note {
        let text = fs::read_to_string(&self.path).unwrap_or_default();
        let mut lines = text.lines();
        Note {
            pid: lines.next().and_then(|line| line.trim().parse().ok()),
            address: lines.next().map(str::to_owned).filter(|line| !line.is_empty()),
        }
    }

    /// Takes back a note of this process; another's stays.
    pub(crate) fn remove(&self) {
        if self.read().pid == Some(std::process::id()) {
            // A note left behind misleads nobody: it is read only while somebody holds the lock.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Holder, Note};

    #[test]
    fn the_note_says_who_and_where_and_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let holder = Holder::of(&folder.path().join("db/"));
        assert_eq!(holder.read(), Note::default());
        holder.write("http://127.0.0.1:8080").unwrap();
        assert!(folder.path().join("db.holder").is_file());
        let note = Note { pid: Some(std::process::id()), address: Some("http://127.0.0.1:8080".to_owned()) };
        assert_eq!(holder.read(), note);
        holder.remove();
        assert_eq!(holder.read(), Note::default());
    }
}
