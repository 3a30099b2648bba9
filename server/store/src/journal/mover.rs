use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc as blocking;
use std::time::Duration;

use domain::port::StoreError;
use tokio::sync::{mpsc, oneshot};

use super::file::Journal;
use super::moving::{move_all, move_what_is_new};
use super::seams::Seams;
use super::writer::{Command, Kept};
use crate::engine::Engine;
use crate::event::Line;

/// How long events gather before they are moved: the longer, the fewer transactions; readers do not wait for it.
const GATHER: Duration = Duration::from_millis(200);
/// How long the mover waits after the database refused.
const AGAIN: Duration = Duration::from_secs(1);

/// Moves events from the journal into the database.
pub(super) struct Mover {
    engine: Engine,
    files: [File; 2],
    kept: mpsc::UnboundedReceiver<Kept>,
    settle: mpsc::UnboundedReceiver<oneshot::Sender<()>>,
    commands: blocking::Sender<Command>,
    waiting: Arc<AtomicUsize>,
    seams: Seams,
    /// Events by the file they are in.
    lines: [Vec<Line>; 2],
    /// Whether the database may have some of them: it failed when it was to take them.
    doubt: bool,
    /// A file that was written to before the last turn and is not in the database yet.
    full: Option<usize>,
}

impl Mover {
    pub(super) fn new(
        engine: Engine,
        files: [File; 2],
        kept: mpsc::UnboundedReceiver<Kept>,
        settle: mpsc::UnboundedReceiver<oneshot::Sender<()>>,
        commands: blocking::Sender<Command>,
        waiting: Arc<AtomicUsize>,
        seams: Seams,
    ) -> Self {
        let lines = Default::default();
        Self { engine, files, kept, settle, commands, waiting, seams, lines, doubt: false, full: None }
    }

    /// Ends when the log is dropped.
    pub(super) async fn run(mut self) {
        loop {
            let pending = self.lines.iter().any(|lines| !lines.is_empty());
            let mut readers = Vec::new();
            tokio::select! {
                Some(kept) = self.kept.recv(), if !pending => {
                    self.sort(kept);
                    continue;
                }
                () = tokio::time::sleep(GATHER), if pending => {}
                reader = self.settle.recv() => match reader {
                    Some(reader) => readers.push(reader),
                    None => return self.finish().await,
                },
            }
            while let Ok(reader) = self.settle.try_recv() {
                readers.push(reader);
            }
            let moved = self.round().await;
            for reader in readers {
                // Nobody to tell: the reader has gone.
                let _ = reader.send(());
            }
            if let Err(failure) = moved {
                tracing::error!(?failure, "events stay in the journal: the database does not take them");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }

    fn sort(&mut self, kept: Kept) {
        if let Some(lines) = self.lines.get_mut(kept.file) {
            lines.extend(kept.lines);
        }
    }

    fn sort_all(&mut self) {
        while let Ok(kept) = self.kept.try_recv() {
            self.sort(kept);
        }
    }

    /// Moves everything that was acknowledged before.
    async fn round(&mut self) -> Result<(), StoreError> {
        if let Some(full) = self.full {
            self.carry(full).await?;
        }
        let (done, answer) = oneshot::channel();
        if self.commands.send(Command::Turn(done)).is_err() {
            return Ok(());
        }
        let Ok(full) = answer.await else { return Ok(()) };
        // What was written before the turn was sent to us before its answer.
        self.sort_all();
        self.carry(full).await
    }

    /// Moves the events of a file that is written to no more, and clears it.
    async fn carry(&mut self, full: usize) -> Result<(), StoreError> {
        self.full = Some(full);
        if let (Some(lines), Some(file)) = (self.lines.get_mut(full), self.files.get(full)) {
            lines.sort_by(|a, b| a.id.cmp(&b.id));
            let seams = lines.last().map(|last| self.seams.take_before(&last.id)).unwrap_or_default();
            let moved = if self.doubt {
                move_what_is_new(&self.engine, lines).await
            } else {
                move_all(&self.engine, lines, &seams).await
            };
            self.doubt = moved.is_err();
            moved?;
            self.waiting.fetch_sub(lines.len(), Ordering::Release);
            lines.clear();
            if let Err(error) = Journal::forget(file) {
                tracing::warn!(%error, "the journal of events keeps what the database has already");
            }
        }
        self.full = None;
        Ok(())
    }

    /// Nobody appends any more: the thread ends once it has no command left, and then all events are here.
    async fn finish(mut self) {
        let (nobody, _) = blocking::channel();
        drop(std::mem::replace(&mut self.commands, nobody));
        while let Some(kept) = self.kept.recv().await {
            self.sort(kept);
        }
        for file in [0, 1] {
            if let Err(failure) = self.carry(file).await {
                tracing::error!(?failure, "events stay in the journal until the next start");
                return;
            }
        }
        for file in &self.files {
            // What stays is known to the database.
            let _ = Journal::clear(file);
        }
    }
}
