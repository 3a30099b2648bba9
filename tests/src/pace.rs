use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use domain::port::Pace;
use tokio::sync::watch;

use crate::{TestClock, patience::longest};

/// How often it is looked whether somebody waits.
const LOOK: Duration = Duration::from_millis(5);
/// Pauses of this many milliseconds and more are those of what runs beside the work, as the renewal of a lease: the work
/// itself is not waiting, however slow the machine is.
const BESIDE: u64 = 4_000;

/// Time that passes only when a test says so, or when all that is left to do is to wait. The clock goes along.
pub struct TestPace {
    clock: Arc<TestClock>,
    passed: watch::Sender<u64>,
    awaited: Mutex<Vec<u64>>,
}

impl TestPace {
    pub fn new(clock: &Arc<TestClock>) -> Arc<Self> {
        Arc::new(Self { clock: Arc::clone(clock), passed: watch::Sender::new(0), awaited: Mutex::default() })
    }

    /// Lets milliseconds pass.
    pub fn advance(&self, millis: u64) {
        self.clock.advance_millis(millis);
        self.passed.send_modify(|passed| *passed += millis);
    }

    /// Does some work and, whenever it only waits, goes on to the moment that it waits for.
    pub async fn through<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        let mut moved = Instant::now();
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = tokio::time::sleep(LOOK) => {
                    if self.skip() {
                        moved = Instant::now();
                    }
                }
            }
            assert!(moved.elapsed() < longest(), "the work waits for something that no passing of time brings");
        }
    }

    /// Whether somebody waited.
    fn skip(&self) -> bool {
        let now = self.millis();
        let mut awaited = self.awaited.lock().unwrap_or_else(PoisonError::into_inner);
        awaited.retain(|moment| *moment > now);
        let next = awaited.iter().min().copied();
        drop(awaited);
        if let Some(next) = next {
            self.advance(next - now);
        }
        next.is_some()
    }
}

#[async_trait]
impl Pace for TestPace {
    fn millis(&self) -> u64 {
        *self.passed.borrow()
    }

    async fn pause(&self, millis: u64) {
        let until = self.millis() + millis;
        if millis < BESIDE {
            self.awaited.lock().unwrap_or_else(PoisonError::into_inner).push(until);
        }
        // The sender lives as long as this, so there is always an answer.
        let _ = self.passed.subscribe().wait_for(|passed| *passed >= until).await;
    }
}
