//! How fast, and how long to wait, as plain arithmetic over a time that the caller brings.

use serde::{Deserialize, Serialize};

/// Changes of membership that a service has to take at the first pace before more are tried. A group of some hundred people
/// is filled by then, without a request that is sent away.
pub const MEMBERSHIPS_TRIED: u64 = 1_000;

/// Changes of membership a second that are tried at first: AWS has a limit of them and does not say how high it is.
#[must_use]
pub const fn first_memberships(writes_per_second: u32) -> u32 {
    const FIRST: u32 = 100;
    let with_writes = writes_per_second.saturating_mul(4);
    if with_writes > FIRST { with_writes } else { FIRST }
}

/// A thousandth of a token.
const PART: u64 = 1000;

/// A token bucket. Time is in milliseconds from any fixed point; a time that goes backwards adds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    per_second: u64,
    burst: u64,
    /// In thousandths.
    level: u64,
    at: u64,
}

impl Bucket {
    /// A full bucket of `burst` tokens that refills at `per_second`. Zero counts as one.
    #[must_use]
    pub fn new(per_second: u32, burst: u32) -> Self {
        let burst = u64::from(burst.max(1)) * PART;
        Self { per_second: u64::from(per_second.max(1)), burst, level: burst, at: 0 }
    }

    /// The same bucket at another rate and size: what is in it stays, as far as it fits.
    #[must_use]
    pub fn at_rate(self, per_second: u32, burst: u32) -> Self {
        let new = Self::new(per_second, burst);
        Self { level: self.level.min(new.burst), at: self.at, ..new }
    }

    /// Takes `weight` tokens. A weight above the burst is taken when the bucket is full, and leaves it empty: a request
    /// that is larger than the bucket has to go some time.
    ///
    /// # Errors
    /// The milliseconds after which it is worth asking again; nothing is taken then.
    pub fn take(&mut self, now: u64, weight: u32) -> Result<(), u64> {
        // One token a second is one thousandth a millisecond.
        let gained = now.saturating_sub(self.at).saturating_mul(self.per_second);
        self.level = self.level.saturating_add(gained).min(self.burst);
        self.at = self.at.max(now);
        let needed = (u64::from(weight) * PART).min(self.burst);
        if self.level >= needed {
            self.level -= needed;
            return Ok(());
        }
        Err((needed - self.level).div_ceil(self.per_second))
    }
}

/// The milliseconds to wait before attempt `attempt` is repeated (the first one is 0): doubling from half a second to a
/// minute, and of that a random half, so that many who failed together do not return together. `random` is any number.
#[must_use]
pub fn backoff(attempt: u32, random: u64) -> u64 {
    const FIRST: u64 = 500;
    const LONGEST: u64 = 60_000;
    let ceiling = FIRST.saturating_mul(1_u64.checked_shl(attempt).unwrap_or(u64::MAX)).min(LONGEST);
    let half = ceiling / 2;
    half + random % (half + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_at_once_and_then_the_rate_holds() {
        let mut bucket = Bucket::new(25, 5);
        for _ in 0..5 {
            assert_eq!(bucket.take(1000, 1), Ok(()));
        }
        assert_eq!(bucket.take(1000, 1), Err(40));
        assert_eq!(bucket.take(1039, 1), Err(1));
        assert_eq!(bucket.take(1040, 1), Ok(()));
    }

    #[test]
    fn waiting_as_long_as_told_is_always_enough() {
        let mut bucket = Bucket::new(7, 3);
        let mut now = 0;
        for weight in [1, 2, 3, 9, 1, 1, 3, 100, 2] {
            while let Err(wait) = bucket.take(now, weight) {
                assert!(wait > 0);
                now += wait;
                assert_eq!(bucket.take(now, 0), Ok(()));
            }
        }
        // 19 tokens (what is above the burst counts as the burst), 3 of them at once: 16 sevenths of a second.
        assert!((2286..2286 + 9).contains(&now), "{now}");
    }

    #[test]
    fn a_clock_that_goes_backwards_gives_nothing_away() {
        let mut bucket = Bucket::new(1, 1);
        assert_eq!(bucket.take(5000, 1), Ok(()));
        assert_eq!(bucket.take(0, 1), Err(1000));
        assert_eq!(bucket.take(5500, 1), Err(500));
    }

    #[test]
    fn backing_off_doubles_up_to_a_minute_and_keeps_half_of_it() {
        for random in [0, 1, 77, u64::MAX] {
            assert!((250..=500).contains(&backoff(0, random)));
            assert!((1000..=2000).contains(&backoff(2, random)));
            assert!((30_000..=60_000).contains(&backoff(40, random)));
            assert!((30_000..=60_000).contains(&backoff(u32::MAX, random)));
        }
    }
}
