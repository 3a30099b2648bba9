use std::future::Future;
use std::time::Duration;

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

#[cfg(test)]
mod tests {
    use super::{TRIES, with_retry};
    use crate::failure::Failure;
    use crate::tests::block_on;

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
