use std::time::{SystemTime, UNIX_EPOCH};

use domain::port::{Clock, Entropy};

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_micros(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    }
}

/// OpenSSL's generator, seeded by the operating system.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::panic, reason = "without randomness every secret would be guessable; ending is the safe answer")]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = openssl::rand::rand_bytes(bytes) {
            panic!("the system gives no randomness: {error}");
        }
    }
}
