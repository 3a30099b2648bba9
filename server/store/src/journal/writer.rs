use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc as blocking;
use std::time::Duration;

use domain::port::StoreError;
use tokio::sync::{mpsc, oneshot};

use super::file::Journal;
use super::line::push_line;
use crate::engine::Engine;
use crate::event::Line;
use crate::event_log::BATCH;

/// What the thread that has the journal is told.
pub(super) enum Command {
    /// Put these on disk.
    Append { lines: Vec<Line>, done: oneshot::Sender<Result<(), StoreError>> },
    /// Go on with the other file; the answer is the one that was written to.
    Turn(oneshot::Sender<usize>),
}

/// How long a write waits for company once the one before it was shared. To sync the disk and to wake a thread for it costs
/// the processor more than many events do.
const COMPANY: Duration = Duration::from_millis(2);

/// Events that are on disk, and in which of the two files.
pub(super) struct Kept {
    pub file: usize,
    pub lines: Vec<Line>,
}

/// Writes the journal, on a thread of its own for it waits for the disk.
pub(super) struct Writer {
    pub journal: Journal,
    pub keep: mpsc::UnboundedSender<Kept>,
    pub waiting: Arc<AtomicUsize>,
    pub engine: Engine,
}

/// Those who wait for one sync.
#[derive(Default)]
struct Group {
    text: String,
    lines: Vec<Line>,
    done: Vec<oneshot::Sender<Result<(), StoreError>>>,
}

impl Writer {
    /// Ends when nobody is left to give commands.
    pub(super) fn run(mut self, commands: &blocking::Receiver<Command>) {
        let mut crowded = false;
        while let Ok(first) = commands.recv() {
            if crowded {
                std::thread::sleep(COMPANY);
            }
            let mut group = Group::default();
            let mut next = Some(first);
            while let Some(command) = next.take() {
                match command {
                    Command::Append { lines, done } => {
                        for line in &lines {
                            push_line(line, &mut group.text);
                        }
                        group.lines.extend(lines);
                        group.done.push(done);
                    }
                    Command::Turn(done) => {
                        self.write(std::mem::take(&mut group));
                        // Nobody to tell: the mover has ended.
                        let _ = done.send(self.journal.turn());
                    }
                }
                if group.lines.len() < BATCH {
                    next = commands.try_recv().ok();
                }
            }
            crowded = group.done.len() > 1;
            self.write(group);
        }
    }

    fn write(&mut self, group: Group) {
        let Group { text, lines, done } = group;
        if done.is_empty() {
            return;
        }
        let result = self.journal.append(text.as_bytes()).map_err(|error| {
            self.engine.note_failure();
            format!("the journal of events: {error}")
        });
        if result.is_ok() {
            // Before anybody is told, so that who is told and reads finds it counted.
            self.waiting.fetch_add(lines.len(), Ordering::Release);
            let _ = self.keep.send(Kept { file: self.journal.current(), lines });
        }
        for caller in done {
            // Nobody to tell: the caller has gone.
            let _ = caller.send(result.clone().map_err(StoreError::Unavailable));
        }
    }
}
