use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc as blocking;

use domain::port::StoreError;
use model::Event;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::file::Journal;
use super::mover::Mover;
use super::moving::move_what_is_new;
use super::seams::Seams;
use super::writer::{Command, Writer};
use crate::engine::Engine;
use crate::event::Line;
use crate::event_log::closed;

/// Events that may wait for the database. Past it, appending waits for the mover; and if the database then refuses, so is
/// the event: a trail that nobody can read is not to grow long.
const MOST_WAITING: usize = 4096;

/// Appends events to a journal first, which costs a fraction of a transaction of the database, and moves them into the
/// database in large transactions after. A thread of its own writes the journal: all who come while it syncs the disk
/// share the next sync.
pub(crate) struct JournalLog {
    commands: blocking::Sender<Command>,
    settling: mpsc::UnboundedSender<oneshot::Sender<()>>,
    /// Events that are acknowledged and not in the database yet.
    waiting: Arc<AtomicUsize>,
    seams: Seams,
}

impl JournalLog {
    /// Moves what an earlier process left, and starts the thread and the task. The task ends when the log is dropped and
    /// the database has everything.
    pub(crate) async fn start(
        engine: Engine,
        journal: Journal,
        left: &[Event],
    ) -> Result<(Self, JoinHandle<()>), StoreError> {
        let failed = |error: std::io::Error| StoreError::Unavailable(format!("the journal of events: {error}"));
        let files = journal.handles().map_err(failed)?;
        let mut left = Line::of_all(left)?;
        left.sort_by(|a, b| a.id.cmp(&b.id));
        move_what_is_new(&engine, &left).await?;
        for file in &files {
            Journal::clear(file).map_err(failed)?;
        }
        let waiting = Arc::new(AtomicUsize::new(0));
        let (commands, commanded) = blocking::channel();
        let (keep, kept) = mpsc::unbounded_channel();
        let (settling, settle) = mpsc::unbounded_channel();
        let writer = Writer { journal, keep, waiting: Arc::clone(&waiting), engine: engine.clone() };
        let thread = std::thread::Builder::new().name("events".to_owned());
        thread.spawn(move || writer.run(&commanded)).map_err(failed)?;
        let seams = Seams::default();
        let (asked, counted) = (commands.clone(), Arc::clone(&waiting));
        let mover = Mover::new(engine, files, kept, settle, asked, counted, seams.clone());
        Ok((Self { commands, settling, waiting, seams }, tokio::spawn(mover.run())))
    }

    pub(crate) async fn append(&self, lines: Vec<Line>) -> Result<(), StoreError> {
        if self.is_crowded() {
            self.settle().await;
        }
        if self.is_crowded() {
            return Err(StoreError::Unavailable("too many events wait for the database".to_owned()));
        }
        let (done, answer) = oneshot::channel();
        self.commands.send(Command::Append { lines, done }).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Events that the database does not have yet.
    pub(crate) fn waiting(&self) -> u64 {
        u64::try_from(self.waiting.load(Ordering::Relaxed)).unwrap_or(u64::MAX)
    }

    /// These events go into the database by another way.
    pub(crate) fn pass_by(&self, events: &[Event]) {
        if self.waiting.load(Ordering::Acquire) > 0 {
            self.seams.note(events);
        }
    }

    fn is_crowded(&self) -> bool {
        self.waiting.load(Ordering::Acquire) > MOST_WAITING
    }

    /// Returns when the database has what was acknowledged before, or has refused it for now.
    pub(crate) async fn settle(&self) {
        if self.waiting.load(Ordering::Acquire) == 0 {
            return;
        }
        let (done, answer) = oneshot::channel();
        if self.settling.send(done).is_ok() {
            // The mover ends only with the store, and then nobody reads.
            let _ = answer.await;
        }
    }
}
