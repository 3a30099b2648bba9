use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::port::StoreError;
use model::Event;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::engine::Engine;
use crate::event::{Line, Rows};
use crate::failure::Failure;
use crate::journal::{Journal, JournalLog};

/// Events of one transaction at most, so that a burst does not make a transaction the others wait for.
pub(crate) const BATCH: usize = 512;

/// How long a transaction waits for company once the one before it was shared. Its fixed cost is several times that of an
/// event, so a few milliseconds of patience save much of it.
const COMPANY: Duration = Duration::from_millis(3);

/// Appends events for all callers: through a journal where there is a disk of our own, in shared transactions of the
/// database otherwise.
pub(crate) enum EventLog {
    Journal(JournalLog),
    Transactions(Transactions),
}

impl EventLog {
    /// The log and its task, which ends when the log is dropped and everything queued is in the database.
    pub(crate) async fn start(
        engine: Engine,
        journal: Option<(Journal, Vec<Event>)>,
    ) -> Result<(Self, JoinHandle<()>), StoreError> {
        if let Some((journal, left)) = journal {
            let (log, task) = JournalLog::start(engine, journal, &left).await?;
            return Ok((Self::Journal(log), task));
        }
        let (log, task) = Transactions::start(engine);
        Ok((Self::Transactions(log), task))
    }

    /// Returns when the events have reached the disk. Who stops waiting does not take them back.
    pub(crate) async fn append(&self, events: &[Event]) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let lines = Line::of_all(events)?;
        match self {
            Self::Journal(log) => log.append(lines).await,
            Self::Transactions(log) => log.append(lines).await,
        }
    }

    /// To be said before events are written in a transaction that is not the log's.
    pub(crate) fn pass_by(&self, events: &[Event]) {
        if let Self::Journal(log) = self {
            log.pass_by(events);
        }
    }

    /// Events that the database does not have yet.
    pub(crate) fn waiting(&self) -> u64 {
        match self {
            Self::Journal(log) => log.waiting(),
            Self::Transactions(log) => log.waiting.load(Ordering::Relaxed),
        }
    }

    /// Returns when the database has every event that was acknowledged before, or has refused them for now: what is
    /// read next is complete.
    pub(crate) async fn settle(&self) {
        if let Self::Journal(log) = self {
            log.settle().await;
        }
    }
}

/// The events of one caller, and where the answer goes.
struct Append {
    lines: Vec<Line>,
    done: oneshot::Sender<Result<(), StoreError>>,
    /// Dropped with the rest, when the answer is there.
    _waits: Waits,
}

/// Counts events for as long as they wait, also where their caller goes away.
struct Waits(Arc<AtomicU64>, u64);

impl Waits {
    fn begin(counter: &Arc<AtomicU64>, events: usize) -> Self {
        let events = u64::try_from(events).unwrap_or_default();
        counter.fetch_add(events, Ordering::Relaxed);
        Self(Arc::clone(counter), events)
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.fetch_sub(self.1, Ordering::Relaxed);
    }
}

/// One transaction is under way at a time, and those who come meanwhile share the next. Who comes alone waits for nobody;
/// after a shared transaction the next waits a moment for company. A burst of sign-ins so costs few syncs of the disk.
pub(crate) struct Transactions {
    queue: mpsc::UnboundedSender<Append>,
    waiting: Arc<AtomicU64>,
}

impl Transactions {
    fn start(engine: Engine) -> (Self, JoinHandle<()>) {
        let (queue, waiting) = mpsc::unbounded_channel();
        (Self { queue, waiting: Arc::default() }, tokio::spawn(run(engine, waiting)))
    }

    async fn append(&self, lines: Vec<Line>) -> Result<(), StoreError> {
        let (done, answer) = oneshot::channel();
        let waits = Waits::begin(&self.waiting, lines.len());
        self.queue.send(Append { lines, done, _waits: waits }).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

pub(crate) fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".to_owned())
}

async fn run(engine: Engine, mut waiting: mpsc::UnboundedReceiver<Append>) {
    let mut crowded = false;
    while let Some(first) = waiting.recv().await {
        if crowded && waiting.len() < BATCH {
            tokio::time::sleep(COMPANY).await;
        }
        let mut size = first.lines.len();
        let mut batch = vec![first];
        while size < BATCH {
            let Ok(next) = waiting.try_recv() else { break };
            size += next.lines.len();
            batch.push(next);
        }
        crowded = batch.len() > 1;
        write(&engine, batch).await;
    }
}

async fn write(engine: &Engine, batch: Vec<Append>) {
    let mut rows = Rows::default();
    batch.iter().for_each(|append| rows.add(&append.lines));
    let result = rows.insert(engine).await;
    // One caller's taken id must not fail the others, so each is written alone.
    if matches!(result, Err(Failure::Taken(_))) && batch.len() > 1 {
        for append in batch {
            let mut rows = Rows::default();
            rows.add(&append.lines);
            let result = rows.insert(engine).await;
            // Nobody to tell: the caller has gone.
            let _ = append.done.send(result.map_err(StoreError::from));
        }
        return;
    }
    for append in batch {
        let _ = append.done.send(result.clone().map_err(StoreError::from));
    }
}
