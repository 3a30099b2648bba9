use std::collections::{BTreeMap, BTreeSet};

use model::{Event, EventKind};
use serde_json::{Value, json};

use super::{state::State, view::word, wanted::Failure, worker::Worker};
use crate::Error;

/// Failures of one mapping that are told one by one. Of more at once there is one event: whoever is woken by it needs to
/// hear of the mapping, and finds the objects in the list.
const EACH: usize = 10;

/// A policy near its limit of time fails now and then. It is not told anew before so many seconds without a failure have
/// passed. A mapping fails always or never: mended and broken anew, it is told anew.
const QUIET: i64 = 86_400;
/// Failures of policies that are over and are remembered, at most.
const OVER: usize = 1_000;

/// The words of a failure may differ from one round to the next, as where the time ran out: it is the same failure.
fn key(failure: &Failure) -> String {
    format!("{} {} {}", word(failure.object.kind), failure.object.id, failure.mapping)
}

impl State {
    /// Whether a failure was told of and is not to be told anew at a time in unix seconds, also where no round was since it was
    /// over.
    fn is_told(&self, key: &str, now: i64) -> bool {
        let over = self.over.get(key).is_some_and(|over| now.saturating_sub(*over) < QUIET);
        over || self.reported.contains(key)
    }

    /// Takes note of the failures that there are at a time in unix seconds, all of them told. Returns whether any came or went.
    fn report(&mut self, failing: BTreeSet<String>, now: i64) -> bool {
        self.over.retain(|key, at| !failing.contains(key) && now.saturating_sub(*at) < QUIET);
        if failing == self.reported {
            return false;
        }
        let is_of_policy = |key: &String| key.splitn(3, ' ').nth(2).is_some_and(|name| name.starts_with("policy "));
        for key in std::mem::take(&mut self.reported) {
            if self.over.len() < OVER && !failing.contains(&key) && is_of_policy(&key) {
                self.over.insert(key, now);
            }
        }
        self.reported = failing;
        true
    }
}

impl Failure {
    fn is_of_policy(&self) -> bool {
        self.mapping.starts_with("policy ")
    }

    fn what(&self) -> String {
        let what = if self.is_of_policy() { "the" } else { "the mapping" };
        format!("{what} {}", self.mapping)
    }

    /// What failed, and how.
    pub(super) fn words(&self) -> String {
        format!("{} failed: {}", self.what(), self.message)
    }

    /// What an administrator can do.
    pub(super) fn fix(&self) -> String {
        let fix = if self.is_of_policy() {
            "make the policy quicker, and try it on its page; until then everybody keeps the access there that they have"
        } else {
            "correct the mapping or what it reads of the object, and try it in the preview; until then what is there stays as it is"
        };
        fix.to_owned()
    }
}

impl Worker {
    /// Tells of failed mappings, each failure of an object once.
    pub(super) async fn tell_failures(&mut self, failures: &[Failure]) -> Result<(), Error> {
        let now: BTreeSet<String> = failures.iter().map(key).collect();
        let mut fresh: BTreeMap<&str, Vec<&Failure>> = BTreeMap::new();
        let at = self.services.clock().now();
        for failure in failures.iter().filter(|failure| !self.state.is_told(&key(failure), at)) {
            fresh.entry(failure.mapping.as_str()).or_default().push(failure);
        }
        let events: Vec<Event> = fresh.values().flat_map(|failed| self.failed(failed)).collect();
        self.services.store().append_events(events).await?;
        // Written down at once: what a round forgets is told again.
        if self.state.report(now, at) { self.keep_state().await } else { Ok(()) }
    }

    /// The events of what one mapping failed for. They are alarms: what should be there is not.
    fn failed(&self, failed: &[&Failure]) -> Vec<Event> {
        let event =
            |message, detail| self.services.scim_event(EventKind::ProvisioningFailed, &self.provider, message, detail);
        if let Some(first) = failed.first().filter(|_| failed.len() > EACH) {
            let names: Vec<&str> = failed.iter().take(EACH).map(|f| f.name.as_str()).collect();
            let (what, some) = (first.what(), names.join(", "));
            let message = format!(
                "{what} failed for {} objects, {some} and others: {}; {}",
                failed.len(),
                first.message,
                first.fix()
            );
            let detail = json!({ "mapping": first.mapping, "objects": failed.len(), "message": first.message });
            return vec![event(message, detail)];
        }
        let one = |f: &&Failure| {
            let message = format!("{} failed for {}: {}; {}", f.what(), f.name, f.message, f.fix());
            event(message, json!({ "object": f.object, "mapping": f.mapping, "message": f.message }))
        };
        failed.iter().map(one).collect()
    }

    pub(super) async fn tell(&self, kind: EventKind, message: String, detail: Value) -> Result<(), Error> {
        let event = self.services.scim_event(kind, &self.provider, message, detail);
        Ok(self.services.store().append_events(vec![event]).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::{BTreeSet, QUIET, State};

    #[test]
    fn a_policy_that_fails_now_and_then_is_remembered_for_a_day_and_a_mapping_is_not() {
        let failing = || BTreeSet::from(["user 1 policy slow".to_owned(), "user 1 policies".to_owned()]);
        let mut state = State::default();
        assert!(state.report(failing(), 1_000));
        assert!(!state.report(failing(), 2_000));
        assert!(state.report(BTreeSet::new(), 3_000));
        assert_eq!(state.over.keys().collect::<Vec<_>>(), ["user 1 policy slow"]);
        assert!(!state.report(BTreeSet::new(), 3_000 + QUIET - 1));
        assert_eq!(state.over.len(), 1);
        assert!(!state.report(BTreeSet::new(), 3_000 + QUIET));
        assert!(state.over.is_empty(), "told anew after a day");
    }
    #[test]
    fn a_policy_that_fails_anew_after_a_day_in_which_no_round_was_is_told_anew() {
        let policy = "user 1 policy slow";
        let mut state = State::default();
        assert!(!state.is_told(policy, 1_000));
        state.report(BTreeSet::from([policy.to_owned()]), 1_000);
        assert!(state.is_told(policy, 1_000 + 2 * QUIET), "it fails all the time");
        state.report(BTreeSet::new(), 2_000);
        // Nothing is asked of the state until it fails again.
        for (passed, told) in [(0, true), (QUIET - 1, true), (QUIET, false), (9 * QUIET, false)] {
            assert_eq!(state.is_told(policy, 2_000 + passed), told, "{passed}");
        }
    }
}
