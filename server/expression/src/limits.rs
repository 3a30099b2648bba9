use std::time::Duration;

/// How far an expression may go before it is stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Running time of the interpreter. With the calls of host functions, twice as much.
    ///
    /// What is cut off here is run again, with twice the time and then twice that, as long as the thread had a processor
    /// for less than this: another one had it. After [`ATTEMPTS`] it is over either way.
    pub time: Duration,
    /// Bytes of any single large value.
    pub memory: usize,
    /// Nested calls.
    pub recursion: usize,
    /// Bytes of a result: its texts and keys, and eight for each value that stands in another one.
    pub result: usize,
    /// Calls of host functions and look-ups of unknown names.
    pub suspensions: usize,
}

/// How often an expression is begun at most, when the machine is too busy to run it: the whole is bounded by fifteen times
/// [`Limits::time`], and by thirty with the calls of host functions.
pub(crate) const ATTEMPTS: u32 = 4;

/// Bytes of source; checked when an expression is compiled.
pub(crate) const SOURCE: usize = 16 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_millis(50), memory: 4 << 20, recursion: 64, result: 64 << 10, suspensions: 256 }
    }
}

#[cfg(test)]
mod tests;
