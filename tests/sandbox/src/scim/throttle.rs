//! How many requests a second AWS takes.

/// Requests a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Requests that change something, all together.
    pub writes: f64,
    /// Requests that read, all together.
    pub reads: f64,
    /// Members added or removed. AWS has such a limit and does not say how high it is.
    pub members: f64,
}

impl Rates {
    /// 25 writes and 40 reads a second, as AWS documents, and 100 changes of membership.
    pub const AWS: Self = Self { writes: 25.0, reads: 40.0, members: 100.0 };

    /// All of them multiplied.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self { writes: self.writes * factor, reads: self.reads * factor, members: self.members * factor }
    }
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    size: f64,
    rate: f64,
    level: f64,
}

impl Bucket {
    fn new(rate: f64, size: f64) -> Self {
        Self { size, rate, level: size }
    }

    fn fill(&mut self, seconds: f64) {
        self.level = (self.level + self.rate * seconds).min(self.size);
    }
}

/// The buckets of an endpoint. They are full at first and fill with time, which is in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Throttle {
    at: i64,
    buckets: Option<[Bucket; 3]>,
}

impl Throttle {
    /// Without rates, nothing is throttled.
    pub(crate) fn new(rates: Option<Rates>, now: i64) -> Self {
        let buckets = |r: Rates| {
            // Whatever the rates, one request must fit in, and a request with a hundred members too.
            let whole = |rate: f64| Bucket::new(rate, rate.max(1.0));
            [whole(r.writes), whole(r.reads), Bucket::new(r.members, r.members.max(100.0))]
        };
        Self { at: now, buckets: rates.map(buckets) }
    }

    /// Takes one request with so many changes of membership, or nothing at all.
    pub(crate) fn admit(&mut self, write: bool, members: usize, now: i64) -> bool {
        let Some([writes, reads, membership]) = &mut self.buckets else { return true };
        let seconds = u32::try_from((now - self.at).max(0)).map_or(f64::MAX, f64::from) / 1_000.0;
        self.at = self.at.max(now);
        for bucket in [&mut *writes, &mut *reads, &mut *membership] {
            bucket.fill(seconds);
        }
        let requests = if write { writes } else { reads };
        let weight = u32::try_from(members).map_or(f64::MAX, f64::from);
        // Beyond a hundred the request is refused for another reason.
        let weight = weight.min(100.0);
        // Sums of fractions fall short of a whole by less than this.
        let enough = |level: f64, wanted: f64| level + 1e-6 >= wanted;
        if !enough(requests.level, 1.0) || !enough(membership.level, weight) {
            return false;
        }
        requests.level -= 1.0;
        membership.level -= weight;
        true
    }
}
