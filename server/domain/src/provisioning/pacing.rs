use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use scim::{dialect::Dialect, rate::Bucket, wire::Method};

use super::memberships::Memberships;

/// Requests that go at once after a pause.
const BURST: u32 = 10;
/// The longest that a service may send us away for, in seconds.
const LONGEST_WAIT: u64 = 3_600;
/// Services whose pace is remembered; past it, those that asked for no pause are forgotten.
const MOST: usize = 64;

/// How fast one service is asked. A service counts all requests, whichever round or page they come from, so there is one of
/// these for each address, and it outlives whoever sends.
pub struct Pacing {
    buckets: Mutex<Buckets>,
    /// Nothing is sent before this moment of [`Pace`](crate::port::Pace), in milliseconds.
    quiet_until: AtomicU64,
}

struct Buckets {
    writes: Bucket,
    reads: Bucket,
    memberships: Memberships,
}

impl Pacing {
    fn new(dialect: &Dialect) -> Self {
        let buckets = Buckets {
            writes: Bucket::new(dialect.writes_per_second, BURST),
            reads: Bucket::new(dialect.reads_per_second, BURST),
            memberships: Memberships::new(dialect),
        };
        Self { buckets: Mutex::new(buckets), quiet_until: AtomicU64::new(0) }
    }

    /// Follows a change of the rates; what was used up stays used up.
    fn adapt(&self, dialect: &Dialect) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.writes = buckets.writes.at_rate(dialect.writes_per_second, BURST);
        buckets.reads = buckets.reads.at_rate(dialect.reads_per_second, BURST);
        buckets.memberships.adapt(dialect);
    }

    /// Takes a request off the buckets; otherwise the milliseconds to wait. `weight`: the memberships that it changes.
    pub fn take(&self, now: u64, method: Method, weight: usize) -> u64 {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if method == Method::Get {
            return buckets.reads.take(now, 1).err().unwrap_or_default();
        }
        let weight = u32::try_from(weight).unwrap_or(u32::MAX);
        // From both or from none: what one gives and the other does not would be lost, a hundred memberships at a time.
        let (mut writes, mut memberships) = (buckets.writes, buckets.memberships);
        match (writes.take(now, 1), memberships.take(now, weight)) {
            (Ok(()), Ok(())) => {
                (buckets.writes, buckets.memberships) = (writes, memberships);
                0
            }
            (one, other) => one.err().max(other.err()).unwrap_or_default(),
        }
    }

    /// The memberships that the service is sent in a second at present.
    pub fn memberships_per_second(&self) -> usize {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        usize::try_from(buckets.memberships.per_second()).unwrap_or(usize::MAX)
    }

    /// Takes note of what the service said to a request that changes so many memberships.
    pub fn answered(&self, now: u64, weight: usize, status: u16) {
        let weight = u32::try_from(weight).unwrap_or(u32::MAX);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        match status {
            _ if weight == 0 => {}
            ..300 => buckets.memberships.taken(now, weight),
            429 => buckets.memberships.sent_away(now),
            _ => {}
        }
    }

    /// Takes note that the service wants no request for so many seconds (RFC 9110 §10.2.3).
    pub fn send_away(&self, now: u64, seconds: u64) {
        let until = now.saturating_add(seconds.min(LONGEST_WAIT) * 1_000);
        self.quiet_until.fetch_max(until, Ordering::Relaxed);
    }

    /// The milliseconds for which the service still wants no request.
    pub fn quiet(&self, now: u64) -> u64 {
        self.quiet_until.load(Ordering::Relaxed).saturating_sub(now)
    }
}

/// The pace of every service, by its address.
#[derive(Default)]
pub struct Pacings(Mutex<HashMap<String, Arc<Pacing>>>);

impl Pacings {
    /// The milliseconds for which the service at an address still wants no request.
    pub fn quiet(&self, address: &str, now: u64) -> u64 {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(address).map_or(0, |pacing| pacing.quiet(now))
    }

    /// The pace of the service at an address, at the rates of a dialect.
    pub fn of(&self, address: &str, dialect: &Dialect, now: u64) -> Arc<Pacing> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.get(address) {
            found.adapt(dialect);
            return Arc::clone(found);
        }
        if kept.len() >= MOST {
            kept.retain(|_, pacing| pacing.quiet(now) > 0 || Arc::strong_count(pacing) > 1);
        }
        let pacing = Arc::new(Pacing::new(dialect));
        kept.insert(address.to_owned(), Arc::clone(&pacing));
        pacing
    }
}

#[cfg(test)]
mod tests {
    use scim::{dialect::Dialect, wire::Method};

    use super::{LONGEST_WAIT, Pacings};

    /// Writes that go at a moment without a pause.
    fn at_once(pacings: &Pacings, dialect: &Dialect, now: u64) -> usize {
        (0..100).take_while(|_| pacings.of("a", dialect, now).take(now, Method::Post, 0) == 0).count()
    }

    #[test]
    fn whoever_asks_again_finds_the_bucket_as_it_was_left() {
        let (pacings, dialect) = (Pacings::default(), Dialect::aws());
        assert_eq!(at_once(&pacings, &dialect, 1_000), 10);
        assert_eq!(at_once(&pacings, &dialect, 1_000), 0);
        assert_eq!(at_once(&pacings, &dialect, 1_200), 5);
        assert_eq!(pacings.of("another", &dialect, 1_200).take(1_200, Method::Post, 0), 0);
        // Another rate is no new bucket.
        let slow = Dialect { writes_per_second: 1, ..dialect };
        assert_eq!(at_once(&pacings, &slow, 1_200), 0);
        assert_eq!(at_once(&pacings, &slow, 3_200), 2);
    }

    #[test]
    fn a_pause_that_was_asked_for_is_remembered_and_never_shortened() {
        let (pacings, dialect) = (Pacings::default(), Dialect::aws());
        pacings.of("a", &dialect, 0).send_away(1_000, 300);
        pacings.of("a", &dialect, 0).send_away(2_000, 5);
        assert_eq!(pacings.of("a", &dialect, 0).quiet(2_000), 299_000);
        assert_eq!(pacings.of("a", &dialect, 0).quiet(400_000), 0);
        pacings.of("a", &dialect, 0).send_away(0, u64::MAX);
        assert_eq!(pacings.of("a", &dialect, 0).quiet(0), LONGEST_WAIT * 1_000);
    }
}
