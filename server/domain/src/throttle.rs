use std::{
    collections::{HashMap, HashSet},
    net::{IpAddr, Ipv6Addr},
    sync::Mutex,
};

use crate::identifiers::fingerprint;

/// Slows guessing of passwords without locking the owner out.
///
/// Failures count for the pair of account and address, for the address, and for the account. Past a number that is free
/// the waits double with each, and time forgives one after the other. An account under attack from many addresses stays
/// open to the addresses it was used from before, and to the browsers: these have a counter each, and wait for no other.
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
    known: HashSet<(String, String)>,
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
        state.attempted(attempt, now);
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

    /// Takes back what an attempt counted whose password was right, and nothing else.
    pub fn was_right(&self, begun: &Begun, now: i64) {
        let Ok(mut state) = self.state.lock() else { return };
        // Another success of the same person meanwhile has taken it back already, everywhere.
        if begun.0.first().is_none_or(|first| !state.failures.contains_key(&first.key)) {
            return;
        }
        for counted in &begun.0 {
            if let Some(entry) = state.failures.get_mut(&counted.key)
                && entry.last == counted.at
            {
                entry.last = counted.before;
            }
            state.take_back(&counted.key, counted.added, now);
        }
    }

    /// Failures that the owner's success follows at the same address were the owner's, and are taken back everywhere. No
    /// more than these: who has an account must not make room for guesses at others by signing in to it.
    pub fn succeeded(&self, attempt: &Attempt, now: i64) {
        let Ok(mut state) = self.state.lock() else { return };
        let own = state.failures.remove(&attempt.pair_key()).map_or(0, |f| f.settled_at(now).count);
        state.take_back(&attempt.network_key(), own, now);
        state.take_back(&attempt.account_key(), own, now);
        if let Some(id) = &attempt.browser {
            state.failures.remove(&browser(id));
        }
        if state.known.len() > MOST_ENTRIES {
            state.known.clear();
        }
        state.known.insert((attempt.account.clone(), attempt.network.clone()));
    }
}

impl State {
    fn wait(&self, attempt: &Attempt, now: i64) -> i64 {
        let mut longest = self.wait_of(&attempt.pair_key(), now).max(self.wait_of(&attempt.network_key(), now));
        if !self.known.contains(&(attempt.account.clone(), attempt.network.clone())) {
            longest = longest.max(self.wait_of(&attempt.account_key(), now));
        }
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
        let fresh = Failures { limit, count: 0, settled: now, last: now };
        let entry = self.failures.entry(key.clone()).or_insert(fresh);
        let former = entry.settled_at(now);
        let count = former.count.saturating_add(1).min(limit.free + MOST_DOUBLINGS);
        *entry = Failures { count, last: now, ..former };
        Counted { key, added: count.saturating_sub(former.count), at: now, before: former.last }
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
        Self { count, settled, ..self }
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
mod tests {
    use super::{Attempt, Throttle, network};

    fn by(id: &str, account: &str, address: &str) -> Attempt {
        Attempt::new(account, address).by(Some(id.to_owned()))
    }

    /// How often somebody gets to guess who tries each second until `end`.
    fn guesses(throttle: &Throttle, attempt: &Attempt, begin: i64, end: i64) -> u32 {
        let mut tried = 0;
        for now in begin..end {
            if throttle.wait(attempt, now) == 0 {
                throttle.failed(attempt, now);
                tried += 1;
            }
        }
        tried
    }

    #[test]
    fn guessing_slows_down_while_the_owner_elsewhere_still_gets_in() {
        let throttle = Throttle::default();
        let owner = Attempt::new("ada", "198.51.100.1");
        throttle.succeeded(&owner, 0);
        let tried = guesses(&throttle, &Attempt::new("ada", "203.0.113.9"), 0, 3_600);
        assert!(tried < 25, "{tried} guesses in an hour");
        for n in 0..300 {
            throttle.failed(&Attempt::new("ada", &format!("203.0.113.{n}")), 3_600);
        }
        assert!(throttle.wait(&Attempt::new("ada", "192.0.2.77"), 3_600) > 0);
        assert_eq!(throttle.wait(&owner, 3_600), 0);
    }

    #[test]
    fn a_day_of_guessing_is_about_a_hundred_guesses() {
        let throttle = Throttle::default();
        let tried = guesses(&throttle, &Attempt::new("ada", "203.0.113.9"), 0, 86_400);
        assert!((50..130).contains(&tried), "{tried} guesses in a day");
    }

    #[test]
    fn an_office_behind_one_address_mistypes_all_day_and_nobody_waits() {
        let throttle = Throttle::default();
        let mut now = 0;
        for n in 0..96 {
            let person = Attempt::new(&format!("person{n}"), "203.0.113.9");
            assert_eq!(throttle.wait(&person, now), 0, "person {n}");
            throttle.failed(&person, now);
            now += 900;
        }
        // In one hour, of people who get in after it.
        for n in 0..200 {
            let person = Attempt::new(&format!("person{n}"), "203.0.113.9");
            assert_eq!(throttle.wait(&person, now), 0, "person {n}");
            throttle.failed(&person, now);
            throttle.succeeded(&person, now);
            now += 18;
        }
    }

    #[test]
    fn an_address_that_everybody_waits_at_is_open_again_while_one_still_mistypes_now_and_then() {
        let throttle = Throttle::default();
        let person = |n: i64| Attempt::new(&format!("person{n}"), "203.0.113.9");
        for n in 0..60 {
            throttle.failed(&person(n), 0);
        }
        assert!(throttle.wait(&person(77), 0) > 200);
        for n in 0..24 {
            throttle.failed(&person(1_000 + n), n * 1_800);
        }
        assert_eq!(throttle.wait(&person(77), 23 * 1_800), 0);
    }

    #[test]
    fn who_signs_in_to_an_account_of_their_own_gets_no_more_guesses_at_those_of_others() {
        let throttle = Throttle::default();
        let own = Attempt::new("mallory", "203.0.113.9");
        let mut tried = 0;
        for n in 0..200 {
            let other = Attempt::new(&format!("person{n}"), "203.0.113.9");
            if throttle.wait(&other, 0) == 0 {
                throttle.failed(&other, 0);
                tried += 1;
            }
            throttle.succeeded(&own, 0);
        }
        assert_eq!(tried, 50);
    }

    #[test]
    fn all_addresses_of_an_ipv6_network_count_as_one() {
        let throttle = Throttle::default();
        for n in 0..5 {
            throttle.failed(&Attempt::new("ada", &format!("2001:db8:1:2::{n}")), 0);
        }
        assert!(throttle.wait(&Attempt::new("ada", "2001:db8:1:2:ffff::1"), 0) > 0);
        assert_eq!(throttle.wait(&Attempt::new("ada", "2001:db8:1:3::1"), 0), 0);
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(network(""), "");
    }

    #[test]
    fn a_known_browser_waits_for_nobody_else_and_does_not_guess_freely() {
        let throttle = Throttle::default();
        for n in 0..200 {
            throttle.failed(&Attempt::new("ada", &format!("203.0.113.{}", n / 5)), 60);
        }
        let owner = by("known", "ada", "203.0.113.1");
        assert!(throttle.wait(&Attempt::new("ada", "192.0.2.77"), 60) > 0);
        assert_eq!(throttle.wait(&owner, 60), 0);
        // Who steals it has its guesses beside those that anybody has.
        let thief = by("stolen", "grace", "192.0.2.1");
        let tried = guesses(&throttle, &thief, 60, 60 + 86_400);
        assert!((20..200).contains(&tried), "{tried} guesses in a day");
    }

    #[test]
    fn with_what_is_stolen_of_a_browser_an_account_under_attack_is_guessed_at_once_an_hour() {
        let throttle = Throttle::default();
        // So many that for a while nobody else gets to try.
        for n in 0..120 {
            throttle.failed(&Attempt::new("ada", &format!("198.51.100.{n}")), 0);
        }
        let mut tried = 0;
        for now in 0..10_000 {
            if now % 300 == 0 {
                throttle.failed(&Attempt::new("ada", "198.51.100.200"), now);
            }
            let thief = by("stolen", "ada", &format!("192.0.2.{}", now % 250));
            if throttle.wait(&thief, now) == 0 {
                throttle.failed(&thief, now);
                tried += 1;
            }
        }
        assert!(tried < 25, "{tried} guesses");
    }

    #[test]
    fn who_waits_still_does_when_others_have_filled_the_memory() {
        let throttle = Throttle::default();
        let guesser = Attempt::new("ada", "203.0.113.9");
        for _ in 0..17 {
            throttle.failed(&guesser, 0);
        }
        for n in 0..40_000 {
            throttle.failed(&Attempt::new(&format!("person{n}"), &format!("10.{}.{}.1", n / 250, n % 250)), 700);
        }
        assert!(throttle.wait(&guesser, 700) > 0);
        let kept = throttle.state.lock().unwrap().failures.len();
        assert!(kept < 50_000, "{kept} entries");
    }

    #[test]
    fn a_long_name_is_not_kept() {
        let throttle = Throttle::default();
        for n in 0..10 {
            throttle.failed(&Attempt::new(&format!("{n}{}", "a".repeat(200_000)), "203.0.113.9"), 0);
        }
        let state = throttle.state.lock().unwrap();
        let kept: usize = state.failures.keys().map(String::len).sum();
        assert!(kept < 1_000, "{kept} bytes");
    }

    #[test]
    fn of_attempts_that_are_made_together_no_more_begin_than_are_free() {
        let throttle = Throttle::default();
        let guesser = Attempt::new("ada", "203.0.113.9");
        let begun = (0..50).filter(|_| throttle.begin(&guesser, 0).is_ok()).count();
        assert_eq!(begun, 5);
    }

    #[test]
    fn a_right_password_takes_back_its_own_attempt_and_no_failure_of_others() {
        let throttle = Throttle::default();
        for n in 0..49 {
            throttle.failed(&Attempt::new(&format!("person{n}"), "203.0.113.9"), 0);
        }
        let (own, other) = (Attempt::new("mallory", "203.0.113.9"), Attempt::new("ada", "203.0.113.9"));
        let first = throttle.begin(&own, 0).unwrap();
        assert!(throttle.wait(&other, 0) > 0, "it does not count while it is compared");
        throttle.was_right(&first, 0);
        throttle.succeeded(&own, 0);
        assert_eq!(throttle.wait(&other, 0), 0, "a right password counts as a failure");
        // Two at once, of which the first to succeed takes back both.
        let throttle = Throttle::default();
        for n in 0..48 {
            throttle.failed(&Attempt::new(&format!("person{n}"), "203.0.113.9"), 0);
        }
        let both = [throttle.begin(&own, 0).unwrap(), throttle.begin(&own, 0).unwrap()];
        for begun in &both {
            throttle.was_right(begun, 0);
            throttle.succeeded(&own, 0);
        }
        throttle.failed(&other, 0);
        assert_eq!(throttle.wait(&other, 0), 0);
        throttle.failed(&other, 0);
        assert!(throttle.wait(&other, 0) > 0, "failures of others are taken back");
    }
}
