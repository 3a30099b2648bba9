use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::Mutex,
};

use crate::identifiers::fingerprint;

/// Slows guessing of passwords without locking the owner out.
///
/// Failures count for the pair of account and address, for the address, and for the account. Past a number that is free
/// the waits double with each, and time forgives one after the other. An account under attack stays open to the browsers it
/// was used by before: these have a counter each, and wait for no other. Everybody else waits at a name as at one that
/// nobody has: whether somebody signs in to it, and from where, changes nothing of that.
#[derive(Default)]
pub struct Throttle {
    state: Mutex<State>,
}

/// Somebody who tries a password.
#[derive(Clone)]
pub struct Attempt {
    /// Its fingerprint: what somebody sends as a name may be long, and is kept.
    account: String,
    network: String,
    browser: Option<String>,
}

/// What an attempt counts as a failure until its password is found right.
pub struct Begun(Vec<Counted>);

struct Counted {
    key: String,
    /// None where it counts no further.
    added: u32,
    at: i64,
    /// When the last one before it was.
    before: i64,
}

#[derive(Default)]
struct State {
    failures: HashMap<String, Failures>,
    /// When it was last looked for what may be dropped.
    swept: Option<i64>,
}

/// How failures of one kind count.
#[derive(Clone, Copy)]
struct Limit {
    /// So many wait for nothing.
    free: u32,
    /// Seconds after which one is forgiven, and the longest wait: what lies between two guesses in the long run.
    pace: i64,
}

#[derive(Clone, Copy)]
struct Failures {
    limit: Limit,
    count: u32,
    /// Of these, those that were found wrong and that no success has followed.
    mistyped: u32,
    /// Until when time has forgiven what it had to.
    settled: i64,
    last: i64,
}

const PAIR: Limit = Limit { free: 5, pace: 900 };
/// Whole offices have one address, so it forgives sooner.
const ADDRESS: Limit = Limit { free: 50, pace: 300 };
const ACCOUNT: Limit = Limit { free: 100, pace: 900 };
/// Whoever steals what makes a browser known must not guess freely with it.
const BROWSER: Limit = Limit { free: 5, pace: 3_600 };
/// Failures past the free ones count no further than the wait doubles.
const MOST_DOUBLINGS: u32 = 12;
/// An attacker with many addresses must not fill the memory.
const MOST_ENTRIES: usize = 100_000;
/// Seconds between two looks for what may be dropped when the memory is full.
const SWEEP: i64 = 60;
/// No account has a longer name; those that are longer count as one.
const LONGEST_NAME: usize = 512;

impl Attempt {
    pub fn new(account: &str, address: &str) -> Self {
        let account = if account.len() > LONGEST_NAME { String::new() } else { fingerprint(account) };
        Self { account, network: network(address), browser: None }
    }

    /// `id`: that of the browser, if it is known to have signed in to this account before.
    pub fn by(self, id: Option<String>) -> Self {
        Self { browser: id, ..self }
    }

    fn pair_key(&self) -> String {
        format!("p\n{}\n{}", self.account, self.network)
    }

    fn network_key(&self) -> String {
        format!("a\n{}", self.network)
    }

    fn account_key(&self) -> String {
        format!("u\n{}", self.account)
    }
}

/// What counts as one address: of IPv6, where whoever has one has 2⁶⁴, the first 64 bits.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let prefix = Ipv6Addr::from_bits(address.to_bits() >> 64 << 64);
            format!("{prefix}/64")
        }
        Ok(address) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

fn browser(id: &str) -> String {
    format!("b\n{id}")
}

impl Throttle {
    /// Seconds to wait before this attempt may be made; 0: now.
    pub fn wait(&self, attempt: &Attempt, now: i64) -> u64 {
        let Ok(state) = self.state.lock() else { return 1 };
        state.wait(attempt, now).unsigned_abs()
    }

    pub fn failed(&self, attempt: &Attempt, now: i64) {
        let Ok(mut state) = self.state.lock() else { return };
        let begun = Begun(state.attempted(attempt, now));
        state.mistyped(&begun, now);
    }

    /// Begins an attempt, or tells the seconds to wait before it may be made. It counts as a failure at once: of those that
    /// are made together, none is compared that would have to wait for another.
    pub fn begin(&self, attempt: &Attempt, now: i64) -> Result<Begun, u64> {
        let Ok(mut state) = self.state.lock() else { return Err(1) };
        match state.wait(attempt, now) {
            0 => Ok(Begun(state.attempted(attempt, now))),
            wait => Err(wait.unsigned_abs()),
        }
    }

    /// What an attempt counted stands: its password was wrong.
    pub fn was_wrong(&self, begun: &Begun, now: i64) {
        let Ok(mut state) = self.state.lock() else { return };
        state.mistyped(begun, now);
    }

    /// Takes back what an attempt counted whose password was right, and nothing else.
    pub fn was_right(&self, begun: &Begun, now: i64) {
        let Ok(mut state) = self.state.lock() else { return };
        for counted in &begun.0 {
            if let Some(entry) = state.failures.get_mut(&counted.key)
                && entry.last == counted.at
            {
                entry.last = counted.before;
            }
            state.take_back(&counted.key, counted.added, now);
        }
    }

    /// Failures that the owner's success follows at the same address were the owner's, and others there wait no longer for
    /// them. No more than these: who has an account must not make room for guesses at others by signing in to it. At the
    /// account itself they stay, or who guesses at it from the same address would be told that it has an owner.
    pub fn succeeded(&self, attempt: &Attempt, now: i64) {
        let Ok(mut state) = self.state.lock() else { return };
        if let Some(id) = &attempt.browser {
            state.failures.remove(&browser(id));
            return;
        }
        let own = state.failures.get_mut(&attempt.pair_key()).map_or(0, |pair| {
            *pair = pair.settled_at(now);
            std::mem::take(&mut pair.mistyped)
        });
        state.take_back(&attempt.network_key(), own, now);
    }
}

impl State {
    fn wait(&self, attempt: &Attempt, now: i64) -> i64 {
        let keys = [attempt.pair_key(), attempt.network_key(), attempt.account_key()];
        let longest = keys.iter().map(|key| self.wait_of(key, now)).fold(0, i64::max);
        attempt.browser.as_ref().map_or(longest, |id| longest.min(self.wait_of(&browser(id), now)))
    }

    /// Drops what makes nobody wait, where there is too much. Who waits still does, however many others fail meanwhile.
    fn make_room(&mut self, now: i64) {
        if self.failures.len() <= MOST_ENTRIES || self.swept.is_some_and(|at| (0..SWEEP).contains(&(now - at))) {
            return;
        }
        self.swept = Some(now);
        self.failures.retain(|_, f| f.settled_at(now).count >= f.limit.free);
    }

    fn wait_of(&self, key: &str, now: i64) -> i64 {
        self.failures.get(key).map_or(0, |f| f.wait(now))
    }

    /// Counts an attempt as a failure.
    fn attempted(&mut self, attempt: &Attempt, now: i64) -> Vec<Counted> {
        self.make_room(now);
        if let Some(id) = &attempt.browser
            && self.wait_of(&browser(id), now) == 0
        {
            return vec![self.count(browser(id), BROWSER, now)];
        }
        vec![
            self.count(attempt.pair_key(), PAIR, now),
            self.count(attempt.network_key(), ADDRESS, now),
            self.count(attempt.account_key(), ACCOUNT, now),
        ]
    }

    fn count(&mut self, key: String, limit: Limit, now: i64) -> Counted {
        let fresh = Failures { limit, count: 0, mistyped: 0, settled: now, last: now };
        let entry = self.failures.entry(key.clone()).or_insert(fresh);
        let former = entry.settled_at(now);
        let count = former.count.saturating_add(1).min(limit.free + MOST_DOUBLINGS);
        *entry = Failures { count, last: now, ..former };
        Counted { key, added: count.saturating_sub(former.count), at: now, before: former.last }
    }

    /// Remembers that what an attempt counted was no success, at the first of its counters: that of the pair, or of the
    /// browser.
    fn mistyped(&mut self, begun: &Begun, now: i64) {
        if let Some(entry) = begun.0.first().and_then(|first| self.failures.get_mut(&first.key)) {
            let former = entry.settled_at(now);
            *entry = Failures { mistyped: former.mistyped.saturating_add(1).min(former.count), ..former };
        }
    }

    fn take_back(&mut self, key: &str, own: u32, now: i64) {
        let Some(entry) = self.failures.get_mut(key) else { return };
        let former = entry.settled_at(now);
        *entry = Failures { count: former.count.saturating_sub(own), ..former };
        if entry.count == 0 {
            self.failures.remove(key);
        }
    }
}

impl Failures {
    /// As they are once time has forgiven.
    fn settled_at(self, now: i64) -> Self {
        let forgiven = (now - self.settled).max(0) / self.limit.pace;
        let count = self.count.saturating_sub(u32::try_from(forgiven).unwrap_or(u32::MAX));
        // Of none, nothing is forgiven in advance.
        let settled = if count == 0 { now } else { self.settled + forgiven * self.limit.pace };
        Self { count, mistyped: self.mistyped.min(count), settled, ..self }
    }

    fn wait(self, now: i64) -> i64 {
        let Limit { free, pace } = self.limit;
        let count = self.settled_at(now).count;
        if count < free {
            return 0;
        }
        let doubled = 1i64.checked_shl(count - free).unwrap_or(pace);
        (self.last + doubled.min(pace) - now).max(0)
    }
}

#[cfg(test)]
mod tests;
