use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// So many people for whom a policy runs out of time, and it is not asked about the others.
const MOST: u32 = 3;

/// How much time a policy may still waste while everybody is looked at. Each evaluation has a limit of its own; with ten
/// thousand people that alone would be an hour and more. A handle; copies are the same.
#[derive(Debug, Clone, Default)]
pub struct Patience(Arc<Mutex<BTreeMap<String, u32>>>);

impl Patience {
    /// Takes note that a policy ran out of time.
    pub fn lose(&self, policy: &str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(policy.to_owned()).or_default() += 1;
    }

    /// Whether a policy is not asked any more.
    pub fn is_over(&self, policy: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(policy).is_some_and(|lost| *lost >= MOST)
    }
}
