use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::Event;

/// Ids of events that went into the database with the change they tell of while others waited in the journal. No row
/// reaches across one, or what is listed by rows would not be in the order of time.
#[derive(Clone, Default)]
pub(super) struct Seams(Arc<Mutex<BTreeSet<String>>>);

impl Seams {
    pub(super) fn note(&self, events: &[Event]) {
        self.lock().extend(events.iter().map(|event| event.id.clone()));
    }

    /// Takes those out that lie before an id.
    pub(super) fn take_before(&self, id: &str) -> BTreeSet<String> {
        let mut seams = self.lock();
        let later = seams.split_off(id);
        std::mem::replace(&mut *seams, later)
    }

    /// Nothing is done under the lock that could leave it half done.
    fn lock(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
