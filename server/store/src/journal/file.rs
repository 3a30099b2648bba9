use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use model::Event;

use super::line::{Read, read_line};

/// How much a file grows by at once. To sync what is written into its length costs half of a sync that has to write down
/// a new length too.
const GROWTH: usize = 256 * 1024;

/// Events on disk that the database does not have yet: two files beside an embedded database, one event a line. New
/// events go to one while those of the other are moved into the database; then they change places.
///
/// A line counts once it was synced to disk, and so did every line before it. What a crash leaves torn was never
/// acknowledged: reading ends at the first line that is no event, and a line carries a checksum, for behind what is good
/// lines of an earlier turn may stand.
pub(crate) struct Journal {
    files: [File; 2],
    /// How long each of them is.
    room: [u64; 2],
    /// Which of the two is written to.
    current: usize,
    /// How much of it is good.
    length: u64,
    /// Whether lines that failed may stand after that: nothing is written before they are cut off.
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
        Ok((Self { files: [first, second], room: [0; 2], current: 0, length: 0, torn: true }, left))
    }

    /// Handles of the two files for [`Journal::clear`] and [`Journal::forget`], for whoever moves the events.
    pub(crate) fn handles(&self) -> io::Result<[File; 2]> {
        let [first, second] = &self.files;
        Ok([first.try_clone()?, second.try_clone()?])
    }

    /// Returns when the lines are on disk. Of lines that failed none is left behind.
    pub(crate) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let ([first, second], [room, other]) = (&self.files, &mut self.room);
        let (file, room) = if self.current == 0 { (first, room) } else { (second, other) };
        if self.torn {
            file.set_len(self.length)?;
            *room = self.length;
        }
        self.torn = true;
        let end = self.length + lines.len() as u64;
        let done = grow(file, room, end).and_then(|()| file.write_all_at(lines, self.length));
        let done = done.and_then(|()| file.sync_data());
        match done {
            Ok(()) => (self.length, *room) = (end, end.max(*room)),
            Err(_) => {
                file.set_len(self.length)?;
                *room = self.length;
            }
        }
        self.torn = false;
        done
    }

    /// Which of the two files is written to.
    pub(crate) fn current(&self) -> usize {
        self.current
    }

    /// From now on events go to the other file, of which the database has everything. Returns the one that is full.
    pub(crate) fn turn(&mut self) -> usize {
        let full = self.current;
        self.current = 1 - full;
        // What failed was cut off the file that is left, or will be: its length is not known.
        if std::mem::take(&mut self.torn)
            && let Some(room) = self.room.get_mut(full)
        {
            *room = 0;
        }
        self.length = 0;
        full
    }

    /// Forgets events that the database has, and keeps the file's length for those to come. Not synced: should they come
    /// back, the database knows them by their ids.
    pub(crate) fn forget(file: &File) -> io::Result<()> {
        if file.metadata()?.len() == 0 { Ok(()) } else { file.write_all_at(&[0], 0) }
    }

    /// The same when nothing more is to come.
    pub(crate) fn clear(file: &File) -> io::Result<()> {
        file.set_len(0)
    }
}

/// Makes room up to `end`. On a disk that has none for more than the lines themselves, that is no failure.
fn grow(file: &File, room: &mut u64, end: u64) -> io::Result<()> {
    if end <= *room {
        return Ok(());
    }
    let growth = GROWTH.max(usize::try_from(end - *room).unwrap_or(GROWTH));
    match file.write_all_at(&vec![0; growth], *room) {
        Ok(()) => *room += growth as u64,
        Err(_) => file.set_len(*room)?,
    }
    Ok(())
}

fn place(folder: &Path, number: u8) -> PathBuf {
    let mut name = folder.components().collect::<PathBuf>().into_os_string();
    name.push(format!(".events.{number}"));
    PathBuf::from(name)
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).read(true).write(true).mode(0o600).open(path)
}

fn read(file: &File) -> io::Result<Vec<Event>> {
    let mut reader = BufReader::new(file);
    let (mut events, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        reader.read_until(b'\n', &mut line)?;
        match read_line(&line) {
            Read::Event(event) => events.push(*event),
            // Whole, so it was acknowledged; a later version may have written it. To go on would lose it.
            Read::Unknown(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            Read::Torn => return Ok(events),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use model::{Event, EventKind};

    use super::{GROWTH, Journal, open, place};
    use crate::event::Line;
    use crate::journal::line::push_line;
    use crate::tests::event;

    fn lines(events: &[Event]) -> Vec<u8> {
        let mut text = String::new();
        events.iter().for_each(|event| push_line(&Line::of(event).unwrap(), &mut text));
        text.into_bytes()
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
    fn a_file_keeps_its_length_and_what_an_earlier_turn_left_in_it_is_not_read_as_new() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("db");
        let all: Vec<_> = (0..200).map(|n| event(n, EventKind::SignIn, "ada")).collect();
        let (mut journal, _) = Journal::open(&db).unwrap();
        let length = |number| place(&db, number).metadata().unwrap().len();
        journal.append(&lines(&all[..100])).unwrap();
        assert_eq!(length(0), GROWTH as u64);
        for turn in 0..2 {
            journal.turn();
            journal.append(&lines(&all[100 + turn..101 + turn])).unwrap();
        }
        // The database has those of the first turn; here they stand behind a new line of the same length.
        Journal::forget(&journal.handles().unwrap()[1]).unwrap();
        assert_eq!((length(0), length(1)), (GROWTH as u64, GROWTH as u64));
        let left = Journal::open(&db).unwrap().1;
        assert_eq!(left[0], all[101]);
        assert!(left[1..].iter().all(|event| all[..100].contains(event)), "known by their ids: {left:?}");
        // Half a line over another one is none.
        let torn = lines(&all[150..151]);
        std::os::unix::fs::FileExt::write_all_at(&open(&place(&db, 0)).unwrap(), &torn[..torn.len() / 2], 0).unwrap();
        assert_eq!(Journal::open(&db).unwrap().1, []);
    }

    #[test]
    fn lines_of_an_earlier_version_are_read_too() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("db");
        let event = event(0, EventKind::SignIn, "ada");
        std::fs::write(place(&db, 0), serde_json::to_string(&event).unwrap() + "\n").unwrap();
        assert_eq!(Journal::open(&db).unwrap().1, [event]);
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
