use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::port::{IssuedResponse, StoreError};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::engine::Engine;
use crate::event_log::closed;
use crate::response::write;

/// How long responses gather before they are written. The longer, the more of them are not among the newest any more and
/// cost nothing; who reads does not wait for it.
const GATHER: Duration = Duration::from_secs(1);

/// What waits of a provider: the newest of what was issued, no more of them than are kept.
#[derive(Default)]
pub(crate) struct Newest {
    pub most: u32,
    pub responses: VecDeque<Box<dyn IssuedResponse>>,
}

impl Newest {
    fn limit(&mut self, most: u32) {
        self.most = most;
        let over = self.responses.len().saturating_sub(usize::try_from(most).unwrap_or(usize::MAX));
        self.responses.drain(..over);
    }
}

/// By the name of the provider.
type Waiting = BTreeMap<String, Newest>;

enum Command {
    /// Something waits: it is written once more had time to come.
    Gather,
    /// What waits is written now; answered once it is.
    Write(oneshot::Sender<()>),
}

/// Writes kept responses for all callers, behind their backs, in a transaction for all that came in a while.
pub(crate) struct ResponseLog {
    waiting: Arc<Mutex<Waiting>>,
    commands: mpsc::UnboundedSender<Command>,
}

impl ResponseLog {
    /// The log and its task, which ends when the log is dropped and everything that waits is written.
    pub(crate) fn start(engine: Engine) -> (Self, JoinHandle<()>) {
        let (commands, commanded) = mpsc::unbounded_channel();
        let waiting = Arc::<Mutex<Waiting>>::default();
        let task = tokio::spawn(run(engine, Arc::clone(&waiting), commanded));
        (Self { waiting, commands }, task)
    }

    pub(crate) fn keep(&self, response: Box<dyn IssuedResponse>, most: u32) {
        let mut waiting = lock(&self.waiting);
        let first = waiting.is_empty();
        let newest = waiting.entry(response.provider().to_owned()).or_default();
        newest.responses.push_back(response);
        newest.limit(most);
        drop(waiting);
        if first {
            // The task ends only with the store, and then nothing is kept.
            let _ = self.commands.send(Command::Gather);
        }
    }

    /// Lets go of all but so many of the newest of each provider that is named; when it returns they are gone.
    pub(crate) async fn limit(&self, limits: &[(String, u32)]) -> Result<(), StoreError> {
        if limits.is_empty() {
            return Ok(());
        }
        self.note(limits);
        self.settled().await
    }

    fn note(&self, limits: &[(String, u32)]) {
        let mut waiting = lock(&self.waiting);
        for (provider, most) in limits {
            waiting.entry(provider.clone()).or_default().limit(*most);
        }
    }

    /// Returns when the database has what was kept before, or has refused it.
    pub(crate) async fn settled(&self) -> Result<(), StoreError> {
        let (done, answer) = oneshot::channel();
        self.commands.send(Command::Write(done)).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())
    }
}

async fn run(engine: Engine, waiting: Arc<Mutex<Waiting>>, mut commands: mpsc::UnboundedReceiver<Command>) {
    while let Some(command) = commands.recv().await {
        let asked = match command {
            Command::Write(asked) => Some(asked),
            // Neither a reader nor the end of the store waits for the rest of the time.
            Command::Gather => match tokio::time::timeout(GATHER, commands.recv()).await {
                Ok(Some(Command::Write(asked))) => Some(asked),
                _ => None,
            },
        };
        let newest = std::mem::take(&mut *lock(&waiting));
        if let Err(error) = write(&engine, newest).await {
            tracing::error!(%error, "kept responses cannot be written");
        }
        if let Some(asked) = asked {
            // Nobody to tell: the caller has gone.
            let _ = asked.send(());
        }
    }
}

/// Nothing is done under the lock that could leave it half done.
fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}
