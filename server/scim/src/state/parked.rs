//! Steps that the service refuses: not repeated at every turn, never forgotten.

use crate::id::Object;
use crate::state::Observed;
use crate::step::Step;
use serde::{Deserialize, Serialize};

/// A quarter of an hour, doubled at every attempt.
const FIRST: i64 = 900;
/// A day.
const LONGEST: i64 = 86_400;

/// A step that was refused. It is planned again when it is a different one, when an effect on its object is recorded,
/// or when its time has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parked {
    /// The step.
    pub step: Step,
    /// What the server said.
    pub words: String,
    /// What the administrator can do.
    pub fix: String,
    /// When it was refused first, in unix seconds.
    pub since: i64,
    /// When it is planned again, in unix seconds.
    pub until: i64,
    /// How often it was refused.
    pub attempts: u32,
}

impl Observed {
    /// Takes note of a refusal. `now` is in unix seconds.
    pub fn park(&mut self, step: &Step, words: &str, fix: &str, now: i64) {
        let before = self.parked.iter().position(|parked| parked.step.repeats(step)).map(|at| self.parked.remove(at));
        let (since, attempts) = before.map_or((now, 1), |before| (before.since, before.attempts.saturating_add(1)));
        let wait = (FIRST << attempts.min(8).saturating_sub(1)).min(LONGEST);
        let (step, words, fix) = (step.clone(), words.to_owned(), fix.to_owned());
        self.parked.push(Parked { step, words, fix, since, until: now.saturating_add(wait), attempts });
    }

    /// Lets the steps of an object be planned again, as when an administrator asks for it.
    pub fn unpark(&mut self, object: &Object) {
        self.parked.retain(|parked| parked.step.object != *object);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::LocalId;
    use crate::step::{Action, Reason};

    #[test]
    fn the_wait_doubles_from_a_quarter_of_an_hour_to_a_day() {
        let mut observed = Observed::default();
        let step = |since| {
            let (name, why) = ("ann".to_owned(), Reason::LeftScope);
            Step { object: Object::user(&LocalId::from("u")), name, why, action: Action::Deactivate { since } }
        };
        let mut waits = Vec::new();
        for now in 0..90 {
            observed.park(&step(now), "no", "change it", now);
            waits.push(observed.parked[0].until - now);
        }
        assert_eq!(waits[..8], [900, 1800, 3600, 7200, 14_400, 28_800, 57_600, 86_400]);
        assert!(waits[8..].iter().all(|wait| *wait == 86_400));
        assert_eq!((observed.parked.len(), observed.parked[0].since, observed.parked[0].attempts), (1, 0, 90));
        observed.unpark(&Object::user(&LocalId::from("u")));
        assert!(observed.parked.is_empty());
    }
}
