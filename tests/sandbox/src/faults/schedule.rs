//! A plan of faults at work.

use super::{FaultPlan, Outcome, When};
use crate::iam::like;

#[derive(Clone, Copy, Debug, Default)]
struct Counter {
    seen: u64,
    fired: u64,
}

/// A plan with its counters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schedule {
    plan: FaultPlan,
    counters: Vec<Counter>,
}

/// What a request is to the plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) now: i64,
}

/// What happens to a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Verdict {
    /// Milliseconds that it waits first.
    pub(crate) delay: u64,
    /// What else, if anything.
    pub(crate) outcome: Option<Outcome>,
}

impl Schedule {
    pub(crate) fn new(plan: FaultPlan) -> Self {
        Self { counters: vec![Counter::default(); plan.rules.len()], plan }
    }

    pub(crate) fn plan(&self) -> &FaultPlan {
        &self.plan
    }

    /// How often each rule has fired.
    pub(crate) fn fired(&self) -> Vec<u64> {
        self.counters.iter().map(|counter| counter.fired).collect()
    }

    /// Decides about the next request. Every rule counts it, also those after the one that fires.
    pub(crate) fn judge(&mut self, sight: Sight<'_>) -> Verdict {
        let mut verdict = Verdict::default();
        for (n, (rule, counter)) in (1_u64..).zip(self.plan.rules.iter().zip(&mut self.counters)) {
            if !concerns(&rule.when, sight) {
                continue;
            }
            counter.seen += 1;
            let chance = draw(self.plan.seed, n, counter.seen);
            if verdict.outcome.is_some() || !fires(&rule.when, *counter, chance, sight.now) {
                continue;
            }
            counter.fired += 1;
            match &rule.then {
                Outcome::Delay { milliseconds } => verdict.delay += milliseconds,
                other => verdict.outcome = Some(other.clone()),
            }
        }
        verdict
    }
}

fn concerns(when: &When, sight: Sight<'_>) -> bool {
    when.method.as_ref().is_none_or(|method| method == sight.method)
        && when.kind.as_ref().is_none_or(|kind| kind == sight.kind)
        && when.path.as_ref().is_none_or(|path| like(sight.path, path))
}

fn fires(when: &When, counter: Counter, chance: f64, now: i64) -> bool {
    let n = counter.seen;
    (when.nth.is_empty() || when.nth.contains(&n))
        && when.every.is_none_or(|every| n.is_multiple_of(every))
        && when.from.is_none_or(|from| n >= from)
        && when.to.is_none_or(|to| n <= to)
        && when.since.is_none_or(|since| now >= since)
        && when.until.is_none_or(|until| now < until)
        && when.times.is_none_or(|times| counter.fired < times)
        && when.probability.is_none_or(|probability| chance < probability)
}

/// A number from 0 to 1 that depends on nothing but the seed, the rule and how many requests the rule has counted.
fn draw(seed: u64, rule: u64, count: u64) -> f64 {
    let bits = mix(mix(mix(seed) ^ rule) ^ count) >> 32;
    u32::try_from(bits).map_or(0.0, f64::from) / (f64::from(u32::MAX) + 1.0)
}

/// The finisher of SplitMix64: near numbers become far ones.
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
