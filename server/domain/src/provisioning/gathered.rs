use std::collections::HashMap;

use scim::{
    id::{Kind, Object, RemoteId},
    state::{Effect, Observed},
    step::Action,
};

use super::{control::Control, mirror::Entry};

/// What was read is good for so many seconds.
const GOOD_FOR: i64 = 900;
/// So often in a row the list of users is broken off; then it is read to its end. Under changes that never cease there
/// would be no comparison otherwise.
const BREAKS: u32 = 5;

/// Who is in which group, as far as a comparison got that was broken off because something changed here. The groups are
/// read one by one, which takes most of its time; with them kept, each attempt gets further. The lists of users and groups
/// are read anew each time: any of our own requests may change them.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Unix seconds: when the first was read.
    since: i64,
    /// The comparison that had been asked for last by then: how many there were, and the differences to be put right.
    asked: (u64, String),
    members: HashMap<RemoteId, Vec<RemoteId>>,
    breaks: u32,
}

impl Gathered {
    /// Forgets what is old, or was read before somebody asked for a comparison: they ask for what is there now.
    pub fn refresh(&mut self, now: i64, control: &Control) {
        let asked = (control.verify, control.repair.as_str());
        if now.saturating_sub(self.since) > GOOD_FOR || asked != (self.asked.0, self.asked.1.as_str()) {
            (self.since, self.members) = (now, HashMap::new());
            self.asked = (control.verify, control.repair.clone());
        }
    }

    pub fn members(&self, group: &RemoteId) -> Option<Vec<RemoteId>> {
        self.members.get(group).cloned()
    }

    pub fn keep(&mut self, group: RemoteId, members: Vec<RemoteId>) {
        self.members.insert(group, members);
    }

    /// Whether the list of users may be broken off.
    pub fn may_break(&self) -> bool {
        self.breaks < BREAKS
    }

    /// It was broken off.
    pub fn broke(&mut self) {
        self.breaks += 1;
    }

    /// Forgets what is changed by our own requests: compared with what was read before, it would look like the work of
    /// somebody else.
    pub fn outdate(&mut self, entries: &[Entry], observed: &Observed) {
        if self.members.is_empty() {
            return;
        }
        for entry in entries {
            let (object, gone): (Option<Object>, bool) = match entry {
                Entry::Begin { step } | Entry::Finish { step } => {
                    (Some(step.object.clone()), matches!(step.action, Action::Delete))
                }
                Entry::Record { effect } => (effect.object(), matches!(effect, Effect::Gone { .. })),
                Entry::Park { .. } | Entry::Unpark { .. } => (None, false),
            };
            let Some(object) = object else { continue };
            if object.kind == Kind::Group {
                if let Some(held) = observed.groups.get(&object.id) {
                    self.members.remove(&held.remote);
                }
            } else if gone {
                // Who is deleted is in no group any more.
                self.members.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use scim::{
        id::{LocalId, Object, RemoteId},
        state::{Effect, Observed},
    };

    use super::{Control, Entry, GOOD_FOR, Gathered};

    #[test]
    fn what_our_own_requests_change_is_read_again_and_the_rest_is_kept_for_a_while() {
        let (mut observed, mut gathered) = (Observed::default(), Gathered::default());
        let mut control = Control::default();
        gathered.refresh(10_000, &control);
        for id in ["a", "b"] {
            let (object, remote) = (Object::group(&LocalId::from(id)), RemoteId::from(id));
            let members = BTreeSet::new();
            observed.record(Effect::Created { object, remote: remote.clone(), resource: Default::default(), members });
            gathered.keep(remote, Vec::new());
        }
        let known = |gathered: &Gathered| ["a", "b"].map(|id| gathered.members(&RemoteId::from(id)).is_some());
        let record = |object: Object| [Entry::Record { effect: Effect::Gone { object } }];
        gathered.outdate(&record(Object::group(&LocalId::from("a"))), &observed);
        assert_eq!(known(&gathered), [false, true]);
        gathered.refresh(10_000 + GOOD_FOR, &control);
        assert_eq!(known(&gathered), [false, true]);
        gathered.outdate(&record(Object::user(&LocalId::from("a"))), &observed);
        assert_eq!(known(&gathered), [false, false]);
        gathered.keep(RemoteId::from("b"), Vec::new());
        gathered.refresh(10_001 + GOOD_FOR, &control);
        assert_eq!(known(&gathered), [false, false]);
        for asks in [|control: &mut Control| control.verify += 1, |control: &mut Control| control.repair.push('x')] {
            gathered.keep(RemoteId::from("b"), Vec::new());
            gathered.refresh(10_001 + GOOD_FOR, &control);
            assert_eq!(known(&gathered), [false, true]);
            asks(&mut control);
            gathered.refresh(10_001 + GOOD_FOR, &control);
            assert_eq!(known(&gathered), [false, false], "somebody asked for what is there now");
        }
    }
}
