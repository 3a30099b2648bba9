/// The time of day. Tests stand it still.
pub trait Clock: Send + Sync {
    /// Microseconds since 1970-01-01T00:00:00Z.
    fn now_micros(&self) -> i64;

    /// Whole seconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> i64 {
        self.now_micros().div_euclid(1_000_000)
    }
}
