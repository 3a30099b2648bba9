use std::time::Duration;

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

/// How long a transaction waits for company once the one before it was shared. Its fixed cost is several times that of an
/// event, so under load a few milliseconds of patience save a third of the processor time of a sign-on.
const COMPANY: Duration = Duration::from_millis(3);

/// The events of one caller, and where the answer goes.
struct Append {
    rows: Array,
    done: oneshot::Sender<Result<(), StoreError>>,
}

/// Appends events for all callers. One transaction is under way at a time, and those who come meanwhile share the next.
/// Who comes alone waits for nobody; after a shared transaction the next waits a moment for company. A burst of sign-ins
/// so costs few syncs of the disk.
pub(crate) struct EventLog {
    queue: mpsc::UnboundedSender<Append>,
}

impl EventLog {
    /// The log and its task, which ends when the log is dropped and everything queued is written.
    pub(crate) fn start(engine: Engine) -> (Self, JoinHandle<()>) {
        let (queue, waiting) = mpsc::unbounded_channel();
        (Self { queue }, tokio::spawn(run(engine, waiting)))
    }

    /// Returns when the events have reached the disk. Who stops waiting does not take them back.
    pub(crate) async fn append(&self, events: &[Event]) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let closed = || StoreError::Unavailable("the store is closed".to_owned());
        let (done, answer) = oneshot::channel();
        self.queue.send(Append { rows: event::rows(events)?, done }).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

async fn run(engine: Engine, mut waiting: mpsc::UnboundedReceiver<Append>) {
    let mut crowded = false;
    while let Some(first) = waiting.recv().await {
        if crowded && waiting.len() < BATCH {
            tokio::time::sleep(COMPANY).await;
        }
        let mut size = first.rows.len();
        let mut batch = vec![first];
        while size < BATCH {
            let Ok(next) = waiting.try_recv() else { break };
            size += next.rows.len();
            batch.push(next);
        }
        crowded = batch.len() > 1;
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
