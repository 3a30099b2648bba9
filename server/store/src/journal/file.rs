use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use model::Event;

/// Events on disk that the database does not have yet: two files beside an embedded database, one event a line. New
/// events go to one while those of the other are moved into the database; then they change places.
///
/// A line counts once it was synced to disk, and so did every line before it. What a crash leaves torn was never
/// acknowledged: reading ends at the first line that is no event.
pub(crate) struct Journal {
    files: [File; 2],
    /// Which of the two is appended to.
    current: usize,
    /// How much of it is good.
    length: u64,
    /// Whether something may stand after that: nothing is appended before it is cut off, for what follows a torn line
    /// would not be read again.
    torn: bool,
}

impl Journal {
    /// The journal of a database folder: `/data/db` has `/data/db.events.0` and `/data/db.events.1`. Gives what an
    /// earlier process left in them, too; it stays there until [`Journal::clear`].
    pub(crate) fn open(folder: &Path) -> io::Result<(Self, Vec<Event>)> {
        let (first, second) = (open(&place(folder, 0))?, open(&place(folder, 1))?);
        let mut left = read(&first)?;
        left.extend(read(&second)?);
        // The names themselves must survive, or what is synced into the files is lost with them.
        if let Some(parent) = folder.parent() {
            File::open(parent)?.sync_all()?;
        }
        Ok((Self { files: [first, second], current: 0, length: 0, torn: true }, left))
    }

    /// Handles of the two files for [`Journal::clear`], for whoever moves the events.
    pub(crate) fn handles(&self) -> io::Result<[File; 2]> {
        let [first, second] = &self.files;
        Ok([first.try_clone()?, second.try_clone()?])
    }

    /// Returns when the lines are on disk. Of lines that failed none is left behind.
    pub(crate) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let [first, second] = &mut self.files;
        let file = if self.current == 0 { first } else { second };
        if self.torn {
            file.set_len(self.length)?;
        }
        self.torn = true;
        let done = file.write_all(lines).and_then(|()| file.sync_data());
        match done {
            Ok(()) => self.length += lines.len() as u64,
            Err(_) => file.set_len(self.length)?,
        }
        self.torn = false;
        done
    }

    /// Which of the two files is appended to.
    pub(crate) fn current(&self) -> usize {
        self.current
    }

    /// From now on events go to the other file, which must be clear. Returns the one that is full.
    pub(crate) fn turn(&mut self) -> usize {
        let full = self.current;
        self.current = 1 - full;
        // Whatever is left there is in the database: it was to be cleared.
        (self.length, self.torn) = (0, true);
        full
    }

    /// Forgets events that the database has. Not synced: should they come back, the database knows them by their ids.
    pub(crate) fn clear(file: &File) -> io::Result<()> {
        file.set_len(0)
    }
}

fn place(folder: &Path, number: u8) -> PathBuf {
    let mut name = folder.components().collect::<PathBuf>().into_os_string();
    name.push(format!(".events.{number}"));
    PathBuf::from(name)
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).read(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn read(file: &File) -> io::Result<Vec<Event>> {
    let mut reader = BufReader::new(file);
    let (mut events, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        reader.read_until(b'\n', &mut line)?;
        let whole = line.strip_suffix(b"\n");
        match whole.map(serde_json::from_slice::<Event>) {
            Some(Ok(event)) => events.push(event),
            // Whole, so it was acknowledged; a later version may have written it. To go on would lose it.
            Some(Err(error)) if error.is_data() => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            _ => return Ok(events),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use model::{Event, EventKind};

    use super::{Journal, open, place};
    use crate::tests::event;

    fn lines(events: &[Event]) -> Vec<u8> {
        events
            .iter()
            .flat_map(|event| serde_json::to_string(event).unwrap().into_bytes().into_iter().chain(*b"\n"))
            .collect()
    }

    #[test]
    fn what_was_appended_is_there_again_until_it_is_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("db");
        let events: Vec<_> = (0..4).map(|n| event(n, EventKind::SignIn, "ada\nlovelace")).collect();
        let (mut journal, left) = Journal::open(&db).unwrap();
        assert_eq!(left, []);
        journal.append(&lines(&events[..3])).unwrap();
        assert_eq!(journal.turn(), 0);
        journal.append(&lines(&events[3..])).unwrap();
        drop(journal);
        let (journal, left) = Journal::open(&db).unwrap();
        assert_eq!(left, events);
        for file in &journal.handles().unwrap() {
            Journal::clear(file).unwrap();
        }
        assert_eq!(Journal::open(&db).unwrap().1, []);
    }

    #[test]
    fn what_stands_after_the_good_part_is_cut_off_before_anything_is_appended() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("db");
        let events = [event(0, EventKind::SignIn, "ada"), event(1, EventKind::SignIn, "bob")];
        let (mut journal, _) = Journal::open(&db).unwrap();
        // A write that failed and could not be undone, or a file that could not be cleared.
        open(&place(&db, 0)).unwrap().write_all(b"{\"id\":").unwrap();
        open(&place(&db, 1)).unwrap().write_all(b"{\"id\":").unwrap();
        journal.append(&lines(&events[..1])).unwrap();
        journal.turn();
        journal.append(&lines(&events[1..])).unwrap();
        assert_eq!(Journal::open(&db).unwrap().1, events);
    }

    #[test]
    fn a_whole_line_that_is_not_understood_is_told_of_and_not_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("db");
        open(&place(&db, 0)).unwrap().write_all(b"{\"id\":\"1\",\"kind\":\"of_a_later_version\"}\n").unwrap();
        assert!(Journal::open(&db).is_err());
    }

    #[test]
    fn a_torn_end_is_no_event_and_what_was_before_it_is() {
        let events = [event(0, EventKind::SignIn, "ada"), event(1, EventKind::SignIn, "bob")];
        let whole = lines(&events);
        for torn in whole.len() / 2 + 1..whole.len() {
            let folder = tempfile::tempdir().unwrap();
            let db = folder.path().join("db");
            let mut file = open(&place(&db, 0)).unwrap();
            file.write_all(&whole[..torn]).unwrap();
            // A disk may have kept the length and not the bytes.
            file.write_all(&[0; 40]).unwrap();
            assert_eq!(Journal::open(&db).unwrap().1, events[..1], "{torn} of {}", whole.len());
        }
    }
}
