/// The time of day, and of work. Tests stand it still.
pub trait Clock: Send + Sync {
    /// Microseconds since 1970-01-01T00:00:00Z.
    fn now_micros(&self) -> i64;

    /// Whole seconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> i64 {
        self.now_micros().div_euclid(1_000_000)
    }

    /// For how long the calling thread has had a processor, in microseconds since any moment: what it did itself, without
    /// what it waited for others. Where that is not known, the time of day.
    fn busy_micros(&self) -> i64 {
        self.now_micros()
    }
}
