use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use domain::port::{Clock, Entropy, Pace};

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_micros(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    }

    fn busy_micros(&self) -> i64 {
        cpu_time::ThreadTime::try_now()
            .map_or_else(|_| self.now_micros(), |had| i64::try_from(had.as_duration().as_micros()).unwrap_or(i64::MAX))
    }
}

/// The operating system's generator.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::panic, reason = "without randomness every secret would be guessable; ending is the safe answer")]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            panic!("the system gives no randomness: {error}");
        }
    }
}

/// Time that passes on this machine.
pub struct SystemPace(Instant);

impl Default for SystemPace {
    fn default() -> Self {
        Self(Instant::now())
    }
}

#[async_trait::async_trait]
impl Pace for SystemPace {
    fn millis(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    async fn pause(&self, millis: u64) {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
}
