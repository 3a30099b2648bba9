use std::future::Future;
use std::time::Duration;

use domain::port::Entropy;

use crate::failure::Failure;

/// How often a transaction is tried before its caller is told that the store is too busy.
pub(crate) const TRIES: u32 = 8;

/// Runs a whole transaction again while it loses against others, after 1, 2, 4 … ms. The first to commit wins, so
/// of several that conflict one always gets through.
pub(crate) async fn with_retry<T, F, Fut>(mut transaction: F) -> Result<T, Failure>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, Failure>>,
{
    for attempt in 0..TRIES - 1 {
        match transaction().await {
            Err(Failure::Conflict) => tokio::time::sleep(Duration::from_millis(1 << attempt)).await,
            done => return done,
        }
    }
    transaction().await
}

/// How often a step of a start is tried, in some ten seconds. Any number of servers may begin at once with a database that is
/// new, and a step may lose against each of them.
pub(crate) const START_TRIES: u32 = 64;

/// The pauses between the tries of one step of a start: 2, 4, 8 … up to 256 ms, of which chance decides half, so that servers
/// that began at the same moment do not meet again and again.
pub(crate) struct Starts<'a> {
    /// None: the pauses are as long as they may be.
    entropy: Option<&'a dyn Entropy>,
    lost: u32,
}

impl<'a> Starts<'a> {
    pub(crate) fn new(entropy: Option<&'a dyn Entropy>) -> Self {
        Self { entropy, lost: 0 }
    }

    /// Returns when the step is to be tried again; or hands back why not: it did not lose against another server, or did too
    /// often.
    pub(crate) async fn again(&mut self, failure: Failure) -> Result<(), Failure> {
        self.lost += 1;
        if !matches!(failure, Failure::Conflict | Failure::Taken(_)) || self.lost >= START_TRIES {
            return Err(failure);
        }
        tokio::time::sleep(Duration::from_millis(self.pause())).await;
        Ok(())
    }

    fn pause(&self) -> u64 {
        let most = 1_u64 << self.lost.min(8);
        let Some(entropy) = self.entropy else { return most };
        let mut chance = [0; 8];
        entropy.fill(&mut chance);
        most / 2 + u64::from_le_bytes(chance) % (most / 2 + 1)
    }
}

#[cfg(test)]
mod tests {
    use domain::port::Entropy;

    use super::{START_TRIES, Starts, TRIES, with_retry};
    use crate::failure::Failure;
    use crate::tests::block_on;

    /// Says the same byte always.
    struct Loaded(u8);

    impl Entropy for Loaded {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn a_start_waits_longer_each_time_and_chance_decides_half_of_it() {
        let pause = |entropy: &Loaded, lost| Starts { entropy: Some(entropy), lost }.pause();
        let (least, other) = (Loaded(0), Loaded(77));
        assert_eq!([1, 2, 5, 8, 40].map(|lost| pause(&least, lost)), [1, 2, 16, 128, 128]);
        assert_eq!([1, 5, 40].map(|lost| Starts { entropy: None, lost }.pause()), [2, 32, 256]);
        assert_ne!(pause(&other, 40), pause(&least, 40));
        assert!((0..=255).all(|byte| (128..=256).contains(&pause(&Loaded(byte), 40))));
    }

    #[test]
    fn a_start_goes_on_after_it_lost_and_not_for_ever_nor_after_anything_else() {
        block_on(async {
            for lost in [Failure::Conflict, Failure::Taken("migration:1".to_owned())] {
                let mut starts = Starts::new(None);
                assert_eq!(starts.again(lost.clone()).await, Ok(()));
                let mut last = Starts { entropy: None, lost: START_TRIES - 1 };
                assert_eq!(last.again(lost.clone()).await, Err(lost));
            }
            let full = Failure::Other("No space left on device".to_owned());
            assert_eq!(Starts::new(None).again(full.clone()).await, Err(full));
        });
    }

    #[test]
    fn a_conflict_is_tried_again_and_nothing_else_is() {
        block_on(async {
            let mut count = 0;
            let done = with_retry(|| {
                count += 1;
                let result = if count < 4 { Err(Failure::Conflict) } else { Ok(count) };
                async move { result }
            })
            .await;
            assert_eq!(done, Ok(4));

            let mut count = 0;
            let full = Failure::Other("No space left on device".to_owned());
            let result: Result<(), Failure> = with_retry(|| {
                count += 1;
                let full = full.clone();
                async move { Err(full) }
            })
            .await;
            assert_eq!((result, count), (Err(full.clone()), 1));
        });
    }

    #[test]
    fn it_gives_up_after_eight_tries() {
        block_on(async {
            let mut count = 0;
            let result: Result<(), Failure> = with_retry(|| {
                count += 1;
                async { Err(Failure::Conflict) }
            })
            .await;
            assert_eq!((result, count), (Err(Failure::Conflict), TRIES));
        });
    }
}
