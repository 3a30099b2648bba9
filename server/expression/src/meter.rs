use std::time::Duration;

/// How long this thread has had a processor so far. None: this system does not say.
///
/// Linux writes it down for each thread, in nanoseconds and up to the last tick of its scheduler (`schedstat`). Reading it is
/// the one thing that this crate asks of the machine beside the time that passes; no expression can.
pub fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_ascii_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::processor_time;

    #[test]
    #[cfg(target_os = "linux")]
    fn work_counts_and_waiting_does_not() {
        let before = processor_time().unwrap();
        std::thread::sleep(Duration::from_millis(60));
        let slept = processor_time().unwrap().checked_sub(before).unwrap();
        assert!(slept < Duration::from_millis(30), "a thread that slept 60 ms is said to have had {slept:?}");
        let started = Instant::now();
        // However busy the machine is, some time a thread that works gets a turn.
        while processor_time().unwrap().checked_sub(before).unwrap() < slept + Duration::from_millis(20) {
            assert!(started.elapsed() < Duration::from_mins(1), "work is not counted");
        }
    }
}
