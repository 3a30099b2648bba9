use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use model::EventKind;

/// What this process has counted since it started.
pub struct Counters {
    events: Vec<AtomicU64>,
    /// Requests to SCIM services, by address and class of the answer's status.
    scim: Mutex<BTreeMap<String, BTreeMap<&'static str, u64>>>,
}

impl Default for Counters {
    fn default() -> Self {
        Self { events: EventKind::ALL.iter().map(|_| AtomicU64::new(0)).collect(), scim: Mutex::default() }
    }
}

impl Counters {
    pub fn event(&self, kind: EventKind) {
        let at = EventKind::ALL.iter().position(|known| *known == kind);
        if let Some(counter) = at.and_then(|at| self.events.get(at)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub fn events(&self) -> Vec<(EventKind, u64)> {
        let counts = self.events.iter().map(|counter| counter.load(Ordering::Relaxed));
        EventKind::ALL.into_iter().zip(counts).collect()
    }

    /// `status`: of the answer; None: there was no answer.
    pub fn scim_request(&self, base: &str, status: Option<u16>) {
        let class = match status.map(|status| status / 100) {
            Some(2) => "2xx",
            Some(3) => "3xx",
            Some(4) => "4xx",
            Some(5) => "5xx",
            Some(_) => "other",
            None => "none",
        };
        let mut scim = self.scim.lock().unwrap_or_else(PoisonError::into_inner);
        *scim.entry(base.to_owned()).or_default().entry(class).or_default() += 1;
    }

    pub fn scim_requests(&self, base: &str) -> BTreeMap<&'static str, u64> {
        let scim = self.scim.lock().unwrap_or_else(PoisonError::into_inner);
        scim.get(base).cloned().unwrap_or_default()
    }
}
