use std::sync::atomic::{AtomicI64, Ordering};

use domain::port::Clock;

/// Starts at the real time, since judges that verify our responses go by theirs; moves only when told.
pub struct TestClock(AtomicI64);

impl Default for TestClock {
    fn default() -> Self {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Self(AtomicI64::new(i64::try_from(now.as_micros()).unwrap_or_default()))
    }
}

impl TestClock {
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    pub(crate) fn advance_millis(&self, millis: u64) {
        self.0.fetch_add(i64::try_from(millis).unwrap_or_default() * 1000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now_micros(&self) -> i64 {
        // A microsecond each time keeps the order of events.
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}
