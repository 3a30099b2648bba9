use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::port::StoreError;
use model::Event;
use surrealdb::types::{Array, Value};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::engine::{Engine, variables};
use crate::event;
use crate::failure::Failure;

/// One statement, so one transaction. An event is never written over: an id that is taken is refused.
const APPEND: &str = "INSERT INTO event $events RETURN NONE";

/// Events of one transaction at most, so that a burst does not make a transaction the others wait for.
const BATCH: usize = 512;

/// The events of one caller, and where the answer goes.
struct Append {
    rows: Array,
    done: oneshot::Sender<Result<(), StoreError>>,
    /// Dropped with the rest, when the answer is there.
    _waits: Waits,
}

/// Appends events for all callers. One transaction is under way at a time; those who come meanwhile share the next,
/// and who comes alone waits for nobody. A burst of sign-ins so costs few syncs of the disk.
pub(crate) struct EventLog {
    queue: mpsc::UnboundedSender<Append>,
    waiting: Arc<AtomicU64>,
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

impl EventLog {
    /// The log and its task, which ends when the log is dropped and everything queued is written.
    pub(crate) fn start(engine: Engine) -> (Self, JoinHandle<()>) {
        let (queue, waiting) = mpsc::unbounded_channel();
        (Self { queue, waiting: Arc::default() }, tokio::spawn(run(engine, waiting)))
    }

    /// Events that are not written yet.
    pub(crate) fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Returns when the events have reached the disk. Who stops waiting does not take them back.
    pub(crate) async fn append(&self, events: &[Event]) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let closed = || StoreError::Unavailable("the store is closed".to_owned());
        let (done, answer) = oneshot::channel();
        let waits = Waits::begin(&self.waiting, events.len());
        self.queue.send(Append { rows: event::rows(events)?, done, _waits: waits }).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

async fn run(engine: Engine, mut waiting: mpsc::UnboundedReceiver<Append>) {
    while let Some(first) = waiting.recv().await {
        let mut size = first.rows.len();
        let mut batch = vec![first];
        while size < BATCH {
            let Ok(next) = waiting.try_recv() else { break };
            size += next.rows.len();
            batch.push(next);
        }
        write(&engine, batch).await;
    }
}

async fn write(engine: &Engine, mut batch: Vec<Append>) {
    let rows = batch.iter().flat_map(|append| append.rows.iter().cloned()).collect();
    let result = insert(engine, rows).await;
    // One caller's taken id must not fail the others, so each is written alone.
    if matches!(result, Err(Failure::Taken(_))) && batch.len() > 1 {
        for append in batch {
            let result = insert(engine, append.rows).await;
            // Nobody to tell: the caller has gone.
            let _ = append.done.send(result.map_err(StoreError::from));
        }
        return;
    }
    for append in batch.drain(..) {
        let _ = append.done.send(result.clone().map_err(StoreError::from));
    }
}

async fn insert(engine: &Engine, rows: Array) -> Result<(), Failure> {
    engine.write(APPEND, variables([("events", Value::Array(rows))])).await.map(|_| ())
}
