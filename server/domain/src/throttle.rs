use std::{
    collections::{HashMap, HashSet},
    sync::Mutex,
};

/// Slows guessing of passwords without locking the owner out.
///
/// Failures count for the pair of account and address, for the address, and for the account. A pair waits longer
/// with each failure. An account under attack from many addresses stays open to the addresses it was used from before.
#[derive(Default)]
pub struct Throttle {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    failures: HashMap<String, Failures>,
    known: HashSet<(String, String)>,
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: i64,
}

/// Failures are forgotten after this many seconds without another.
const MEMORY: i64 = 3_600;
const FREE_PER_PAIR: u32 = 5;
const FREE_PER_ADDRESS: u32 = 50;
const FREE_PER_ACCOUNT: u32 = 100;
const LONGEST_WAIT: i64 = 900;
/// An attacker with many addresses must not fill the memory.
const MOST_ENTRIES: usize = 100_000;

fn pair(account: &str, address: &str) -> String {
    format!("p\n{account}\n{address}")
}

impl Throttle {
    /// Seconds to wait before this attempt may be made; 0: now.
    pub fn wait(&self, account: &str, address: &str, now: i64) -> u64 {
        let Ok(state) = self.state.lock() else { return 1 };
        let wait = |key: &str, free: u32| state.failures.get(key).map_or(0, |f| f.wait(free, now));
        let mut longest =
            wait(&pair(account, address), FREE_PER_PAIR).max(wait(&format!("a\n{address}"), FREE_PER_ADDRESS));
        if !state.known.contains(&(account.to_owned(), address.to_owned())) {
            longest = longest.max(wait(&format!("u\n{account}"), FREE_PER_ACCOUNT));
        }
        longest.unsigned_abs()
    }

    pub fn failed(&self, account: &str, address: &str, now: i64) {
        let Ok(mut state) = self.state.lock() else { return };
        if state.failures.len() > MOST_ENTRIES {
            state.failures.retain(|_, f| now - f.last < MEMORY / 6);
        }
        for key in [pair(account, address), format!("a\n{address}"), format!("u\n{account}")] {
            let entry = state.failures.entry(key).or_insert(Failures { count: 0, last: now });
            if now - entry.last > MEMORY {
                entry.count = 0;
            }
            entry.count = entry.count.saturating_add(1);
            entry.last = now;
        }
    }

    pub fn succeeded(&self, account: &str, address: &str) {
        let Ok(mut state) = self.state.lock() else { return };
        state.failures.remove(&pair(account, address));
        if state.known.len() > MOST_ENTRIES {
            state.known.clear();
        }
        state.known.insert((account.to_owned(), address.to_owned()));
    }
}

impl Failures {
    fn wait(self, free: u32, now: i64) -> i64 {
        if self.count < free {
            return 0;
        }
        let doubled = 1i64.checked_shl((self.count - free).min(20)).unwrap_or(LONGEST_WAIT);
        (self.last + doubled.min(LONGEST_WAIT) - now).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::Throttle;

    #[test]
    fn guessing_slows_down_while_the_owner_elsewhere_still_gets_in() {
        let throttle = Throttle::default();
        throttle.succeeded("ada", "198.51.100.1");
        let mut now = 0;
        let mut tried = 0;
        while now < 3_600 {
            if throttle.wait("ada", "203.0.113.9", now) == 0 {
                throttle.failed("ada", "203.0.113.9", now);
                tried += 1;
            }
            now += 1;
        }
        assert!(tried < 25, "{tried} guesses in an hour");
        for n in 0..300 {
            throttle.failed("ada", &format!("203.0.113.{n}"), now);
        }
        assert!(throttle.wait("ada", "192.0.2.77", now) > 0);
        assert_eq!(throttle.wait("ada", "198.51.100.1", now), 0);
    }
}
