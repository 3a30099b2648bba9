use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// So many people for whom a policy runs out of time, and it is not asked about the others.
const MOST: u32 = 3;
/// So long a policy may take for all together who are looked at, though it is within its limit for each of them.
const LONGEST: Duration = Duration::from_mins(5);

/// How much time a policy may still waste while everybody is looked at. Each evaluation has a limit of its own; with ten
/// thousand people that alone would be an hour and more. A handle; copies are the same.
#[derive(Debug, Clone, Default)]
pub struct Patience(Arc<Spent>);

#[derive(Debug, Default)]
struct Spent {
    policies: Mutex<BTreeMap<String, Taken>>,
    asked: AtomicU64,
}

/// What one policy has taken.
#[derive(Debug, Default)]
struct Taken {
    lost: u32,
    time: Duration,
}

impl Patience {
    /// Takes note that a policy ran out of time.
    pub fn lose(&self, policy: &str) {
        self.policies().entry(policy.to_owned()).or_default().lost += 1;
    }

    /// Takes note of how long an answer of a policy took.
    pub fn spend(&self, policy: &str, took: Duration) {
        let mut policies = self.policies();
        match policies.get_mut(policy) {
            Some(taken) => taken.time += took,
            None => _ = policies.insert(policy.to_owned(), Taken { lost: 0, time: took }),
        }
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
        self.policies().get(policy).is_some_and(|taken| taken.lost >= MOST || taken.time >= LONGEST)
    }

    fn policies(&self) -> MutexGuard<'_, BTreeMap<String, Taken>> {
        self.0.policies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{LONGEST, MOST, Patience};

    #[test]
    fn a_policy_that_is_slow_for_everybody_is_over_though_it_runs_out_of_time_for_nobody() {
        let patience = Patience::default();
        let slow = Duration::from_millis(400);
        let mut asked = 0u128;
        while !patience.is_over("slow") {
            patience.spend("slow", slow);
            asked += 1;
        }
        assert_eq!(asked, LONGEST.as_millis().div_ceil(slow.as_millis()));
        assert!(!patience.is_over("another"));
        for _ in 0..MOST {
            assert!(!patience.is_over("endless"));
            patience.lose("endless");
        }
        assert!(patience.is_over("endless"));
    }
}
