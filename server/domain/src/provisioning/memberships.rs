use scim::{
    dialect::Dialect,
    rate::{Bucket, MEMBERSHIPS_TRIED, first_memberships},
};

/// For so many milliseconds after one was sent away no more are tried.
const HELD: u64 = 60_000;
/// Answers within so many milliseconds are of requests that were under way together.
const TOGETHER: u64 = 1_000;

/// How many changes of membership a service takes in a second, as far as it is known: as many as are tried at first, then
/// more with each that is taken, up to what all its writes can carry, and half as many once one is sent away: that may be
/// for another reason, as somebody else's requests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memberships {
    bucket: Bucket,
    first: u32,
    most: u32,
    pace: u32,
    taken: u64,
    held_until: u64,
}

impl Memberships {
    pub(super) fn new(dialect: &Dialect) -> Self {
        let (first, most) = bounds(dialect);
        Self { bucket: Bucket::new(first, first), first, most, pace: first, taken: 0, held_until: 0 }
    }

    /// Follows a change of the rates; what was used up stays used up.
    pub(super) fn adapt(&mut self, dialect: &Dialect) {
        let before = self.first;
        (self.first, self.most) = bounds(dialect);
        let pace = if before == self.first { self.pace } else { self.first };
        self.at(pace.clamp(self.first, self.most));
    }

    /// The changes that it is sent in a second at present.
    pub(super) fn per_second(&self) -> u32 {
        self.pace
    }

    /// Takes so many changes, or says how many milliseconds to wait.
    pub(super) fn take(&mut self, now: u64, weight: u32) -> Result<(), u64> {
        self.bucket.take(now, weight)
    }

    /// The service took so many changes.
    pub(super) fn taken(&mut self, now: u64, weight: u32) {
        if now < self.held_until {
            return;
        }
        self.taken = self.taken.saturating_add(u64::from(weight));
        if self.taken > MEMBERSHIPS_TRIED {
            // What was gained until now was gained at the pace of until now.
            let _ = self.bucket.take(now, 0);
            self.at(self.pace.saturating_add(weight).min(self.most));
        }
    }

    /// The service sent some away.
    pub(super) fn sent_away(&mut self, now: u64) {
        // Those that were under way together are sent away together, and are one word of the service.
        if now < self.held_until && self.held_until - now > HELD - TOGETHER {
            return;
        }
        (self.taken, self.held_until) = (0, now.saturating_add(HELD));
        if self.pace > self.first {
            self.pace = (self.pace / 2).max(self.first);
            self.bucket = Bucket::new(self.pace, self.pace);
            // What was let through too fast has emptied the service's own.
            let _ = self.bucket.take(now, self.pace);
        }
    }

    fn at(&mut self, pace: u32) {
        self.pace = pace;
        self.bucket = self.bucket.at_rate(pace, pace);
    }
}

/// What is tried at first, and what all writes together can carry.
fn bounds(dialect: &Dialect) -> (u32, u32) {
    let each = u32::try_from(dialect.most_member_changes).unwrap_or(u32::MAX);
    let first = first_memberships(dialect.writes_per_second);
    (first, dialect.writes_per_second.saturating_mul(each).max(first))
}

#[cfg(test)]
mod tests {
    use scim::dialect::Dialect;

    use super::{HELD, Memberships};

    /// Milliseconds for so many requests of a hundred, each taken by the service.
    fn fill(memberships: &mut Memberships, mut now: u64, requests: usize) -> u64 {
        let began = now;
        for _ in 0..requests {
            while let Err(wait) = memberships.take(now, 100) {
                now += wait;
            }
            memberships.taken(now, 100);
        }
        now - began
    }

    #[test]
    fn a_service_that_takes_a_thousand_is_asked_for_as_many_as_its_writes_carry() {
        let mut memberships = Memberships::new(&Dialect::aws());
        assert_eq!(fill(&mut memberships, 0, 10), 9_000);
        assert!(fill(&mut memberships, 9_000, 490) < 30_000);
        assert_eq!(memberships.pace, 2_500);
    }

    #[test]
    fn one_that_sends_some_away_is_asked_for_half_as_many_and_after_a_minute_for_more() {
        let mut memberships = Memberships::new(&Dialect::aws());
        let now = fill(&mut memberships, 0, 40);
        assert_eq!(memberships.pace, 2_500);
        // Of one burst all were sent away.
        (0..16).for_each(|late| memberships.sent_away(now + late));
        assert_eq!(memberships.pace, 1_250);
        for wave in 1..5 {
            memberships.sent_away(now + wave * 1_100);
        }
        assert_eq!(memberships.pace, 100);
        let now = now + 5_400;
        assert_eq!(fill(&mut memberships, now, 50), 49_000);
        fill(&mut memberships, now + HELD, 20);
        assert!(memberships.pace > 1_000);
    }

    #[test]
    fn another_rate_is_no_new_bucket() {
        let mut memberships = Memberships::new(&Dialect::aws());
        assert_eq!(memberships.take(0, 100), Ok(()));
        memberships.adapt(&Dialect::aws());
        assert_eq!(memberships.take(0, 100), Err(1_000));
        memberships.adapt(&Dialect { writes_per_second: 100, ..Dialect::aws() });
        assert_eq!(memberships.take(0, 400), Err(1_000));
    }
}
