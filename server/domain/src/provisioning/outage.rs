use serde::{Deserialize, Serialize};

/// Rounds in a row without a good answer that are told of,
const ROUNDS: u32 = 5;
/// or so many seconds without one, whichever comes first: a service that asks for a long pause is asked seldom.
const SECONDS: i64 = 300;
/// One that eased and came back is told after so many seconds at the earliest.
const AGAIN: i64 = 3_600;

/// Since when a service gives no good answer. It is kept with the state, so that a restart does not begin it anew.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outage {
    /// Unix seconds. None: it answers.
    since: Option<i64>,
    told: bool,
    /// When one was told last, in unix seconds, if not everything was done since.
    told_at: Option<i64>,
}

impl Outage {
    /// Takes note that there is no good answer at `now`, in unix seconds, after so many rounds in a row. Returns since when,
    /// if that is to be told now: once for each outage.
    pub fn lasts(&mut self, now: i64, rounds: u32) -> Option<i64> {
        let since = *self.since.get_or_insert(now);
        if self.told || (rounds < ROUNDS && now.saturating_sub(since) < SECONDS) {
            return None;
        }
        if self.told_at.is_some_and(|told| now < told.saturating_add(AGAIN)) {
            return None;
        }
        (self.told, self.told_at) = (true, Some(now));
        Some(since)
    }

    /// In how many milliseconds it is to be told, if no answer comes. None: it answers, or it was told.
    pub fn told_in(&self, now: i64) -> Option<u64> {
        let since = self.since.filter(|_| !self.told)?;
        let again = self.told_at.map_or(i64::MIN, |told| told.saturating_add(AGAIN));
        let seconds = since.saturating_add(SECONDS).max(again).saturating_sub(now).max(1);
        u64::try_from(seconds).ok().map(|seconds| seconds.saturating_mul(1_000))
    }

    /// There was a good answer, and there is more to ask. Where it keeps coming back, as at a service that sends much away, it
    /// is not told each time.
    pub fn eased(&mut self) {
        (self.since, self.told) = (None, false);
    }

    /// Everything was done, or nothing is asked any more.
    pub fn end(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::Outage;

    #[test]
    fn an_outage_is_told_once_after_five_rounds_or_five_minutes_and_ends_with_an_answer() {
        let mut outage = Outage::default();
        assert_eq!(outage.told_in(1_000), None);
        let told =
            |outage: &mut Outage, rounds| (1..=rounds).filter_map(|n| outage.lasts(1_000, n)).collect::<Vec<_>>();
        assert_eq!(told(&mut outage, 4), [0; 0]);
        assert_eq!(told(&mut outage, 9), [1_000]);
        outage.end();
        // One round, and then a pause that the service asked for.
        assert_eq!((outage.lasts(2_000, 1), outage.told_in(2_010)), (None, Some(290_000)));
        assert_eq!((outage.lasts(2_299, 1), outage.told_in(2_299)), (None, Some(1_000)));
        assert_eq!((outage.lasts(2_300, 1), outage.told_in(2_300)), (Some(2_000), None));
        assert_eq!(outage.lasts(9_000, 1), None);
    }

    #[test]
    fn an_outage_that_keeps_coming_back_is_told_once_an_hour_until_everything_is_done() {
        let mut outage = Outage::default();
        assert_eq!(outage.lasts(1_000, 5), Some(1_000));
        outage.eased();
        assert_eq!((outage.lasts(2_000, 5), outage.told_in(2_000)), (None, Some(2_600_000)));
        outage.eased();
        assert_eq!((outage.lasts(4_590, 5), outage.lasts(4_600, 5)), (None, Some(4_590)));
        outage.end();
        assert_eq!(outage.lasts(4_700, 5), Some(4_700));
    }

    #[test]
    fn an_outage_goes_on_over_a_restart() {
        let mut outage = Outage::default();
        assert_eq!(outage.lasts(1_000, 1), None);
        let kept = serde_json::to_string(&outage).unwrap();
        let mut outage: Outage = serde_json::from_str(&kept).unwrap();
        assert_eq!(outage.lasts(1_300, 1), Some(1_000));
    }
}
