use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{Next, Services, Worker};
use tokio::{task::JoinSet, time::timeout};

/// How long changes are gathered before they are followed.
pub const GATHER: Duration = Duration::from_millis(100);
/// How often a worker looks at the time though nothing changes.
const LOOK: Duration = Duration::from_secs(5);
/// The pause after an error of ours.
const BROKEN: Duration = Duration::from_secs(2);

/// The providers that have a worker here.
type Busy = Arc<Mutex<HashSet<String>>>;

/// Keeps one worker for each SCIM provider.
pub async fn provision(services: Services) {
    let mut changes = services.changes();
    let busy = Busy::default();
    let mut workers = JoinSet::new();
    loop {
        for name in services.scim_provider_names() {
            if busy.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone()) {
                workers.spawn(follow(services.clone(), name, Arc::clone(&busy)));
            }
        }
        while let Some(ended) = workers.try_join_next() {
            if let Err(error) = ended {
                tracing::error!(%error, "a provisioning worker broke off");
            }
        }
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// Takes the provider back when the worker ends, however it ends: the next change starts another one.
struct Place {
    name: String,
    busy: Busy,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
    }
}

async fn follow(services: Services, name: String, busy: Busy) {
    let place = Place { name, busy };
    let mut changes = services.changes();
    let mut worker = Worker::new(services, &place.name);
    loop {
        changes.borrow_and_update();
        let wait = match worker.round().await {
            Ok(Next::Gone) => return,
            Ok(Next::Wait) => LOOK,
            Ok(Next::After(millis)) => Duration::from_millis(millis),
            Err(error) => {
                tracing::error!(provider = place.name, %error, "provisioning does not go on");
                BROKEN
            }
        };
        if matches!(timeout(wait, changes.changed()).await, Ok(Ok(()))) {
            tokio::time::sleep(GATHER).await;
        }
    }
}
