use async_trait::async_trait;

/// Time that passes, as rates and pauses need it: it never goes back, and says nothing of the time of day.
#[async_trait]
pub trait Pace: Send + Sync {
    /// Milliseconds since some moment.
    fn millis(&self) -> u64;
    /// Returns after so many milliseconds.
    async fn pause(&self, millis: u64);
}
