use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// So many people for whom a policy runs out of time, and it is not asked about the others.
const MOST: u32 = 3;

/// How much time a policy may still waste while everybody is looked at. Each evaluation has a limit of its own; with ten
/// thousand people that alone would be an hour and more. A handle; copies are the same.
#[derive(Debug, Clone, Default)]
pub struct Patience(Arc<Spent>);

#[derive(Debug, Default)]
struct Spent {
    lost: Mutex<BTreeMap<String, u32>>,
    asked: AtomicU64,
}

impl Patience {
    /// Takes note that a policy ran out of time.
    pub fn lose(&self, policy: &str) {
        *self.0.lost.lock().unwrap_or_else(PoisonError::into_inner).entry(policy.to_owned()).or_default() += 1;
    }

    /// Takes note that a policy is asked.
    pub fn ask(&self) {
        self.0.asked.fetch_add(1, Ordering::Relaxed);
    }

    /// How often policies were asked.
    #[cfg(test)]
    pub fn asked(&self) -> u64 {
        self.0.asked.load(Ordering::Relaxed)
    }

    /// Whether a policy is not asked any more.
    pub fn is_over(&self, policy: &str) -> bool {
        self.0.lost.lock().unwrap_or_else(PoisonError::into_inner).get(policy).is_some_and(|lost| *lost >= MOST)
    }
}
