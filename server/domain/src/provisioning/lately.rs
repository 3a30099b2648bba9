use std::collections::{BTreeMap, BTreeSet, HashSet};

use scim::{
    id::{LocalId, Object},
    plan::Earlier,
    state::Observed,
    step::Step,
};
use serde::{Deserialize, Serialize};

use super::{loss::Loss, worker::Worker};
use crate::{Error, Services};

/// The name of the note.
const LATELY: &str = "taken-lately";
/// So long what was taken away counts, in seconds.
const DAY: i64 = 86_400;
/// So many are remembered; of more the oldest are forgotten first.
const KEPT: usize = 20_000;

/// What plans took away within a day without being asked for. Taken a little at a time it adds up, and no plan by itself
/// would have to wait. What somebody has approved is not among it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lately(BTreeMap<Loss, i64>);

/// Keys of a map in JSON are texts.
#[derive(Serialize, Deserialize)]
struct Row(i64, Loss);

impl Lately {
    /// Takes note of what steps are about to take at a time in unix seconds, and forgets what is over. `approved`: the
    /// removals that somebody has let go.
    pub fn note(&mut self, steps: &[Step], approved: &BTreeSet<String>, observed: &Observed, now: i64) {
        let busy = busy(observed);
        let stands = |loss: &Loss| loss.is_missing(observed) || busy.contains(&loss.object());
        self.0.retain(|loss, at| counts(*at, now) && stands(loss));
        let losses = steps.iter().flat_map(|step| Loss::of(step, observed));
        self.0.extend(losses.filter(|(word, _)| !approved.contains(word)).map(|(_, loss)| (loss, now)));
        let surplus = self.0.len().saturating_sub(KEPT);
        if surplus > 0 {
            let mut times: Vec<i64> = self.0.values().copied().collect();
            times.sort_unstable();
            let (bound, mut left) = (times.get(surplus - 1).copied().unwrap_or(now), surplus);
            self.0.retain(|_, at| {
                let goes = *at <= bound && left > 0;
                left -= usize::from(goes);
                !goes
            });
        }
    }

    /// What of it counts for a plan with such steps, and since when, in unix seconds: what is missing still and not what
    /// the plan takes once more.
    pub fn before(&self, steps: &[Step], observed: &Observed, now: i64) -> (Earlier, Option<i64>) {
        let mut earlier = Earlier::default();
        if self.0.is_empty() {
            return (earlier, None);
        }
        let (taken, busy) = (Loss::all(steps, observed), busy(observed));
        let stands = |loss: &Loss| loss.is_missing(observed) || busy.contains(&loss.object());
        let left = self.0.iter().filter(|(loss, at)| counts(**at, now) && !taken.contains(*loss));
        let mut since = None;
        for (loss, at) in left.filter(|(loss, _)| stands(loss)) {
            since = Some(since.map_or(*at, |since: i64| since.min(*at)));
            match loss {
                Loss::User { user, remote } => {
                    let account = Loss::Account { user: user.clone(), remote: remote.clone() };
                    earlier.users += 1;
                    earlier.users_gone += usize::from(!observed.users.contains_key(user));
                    earlier.users_deleted += usize::from(taken.contains(&account));
                }
                Loss::Account { user, remote } => {
                    // Whose access is among what was taken is counted by that.
                    let access = Loss::User { user: user.clone(), remote: remote.clone() };
                    let counted = self.0.get(&access).is_some_and(|at| counts(*at, now) && stands(&access));
                    earlier.accounts += usize::from(!counted);
                }
                Loss::Group { .. } => earlier.groups += 1,
                Loss::Member { .. } | Loss::Stranger { .. } => {
                    let leaves = matches!(loss, Loss::Member { user, .. } if is_taken(user, &taken, observed));
                    earlier.memberships += 1;
                    earlier.lost += usize::from(!leaves && loss.is_of_somebody_there(observed));
                }
            }
        }
        (earlier, since)
    }

    /// When the first of what counts is over, in unix seconds.
    pub fn next_end(&self, now: i64) -> Option<i64> {
        self.0.values().filter(|at| counts(**at, now)).min().map(|at| at + DAY)
    }
}

/// What was sent and has no answer yet: it is taken to be done.
fn busy(observed: &Observed) -> HashSet<Object> {
    observed.in_flight.iter().map(|step| step.object.clone()).collect()
}

/// Whether something that was taken at `at` counts now.
fn counts(at: i64, now: i64) -> bool {
    now.saturating_sub(at) < DAY
}

fn is_taken(user: &LocalId, taken: &BTreeSet<Loss>, observed: &Observed) -> bool {
    let Some(held) = observed.users.get(user) else { return true };
    let (user, remote) = (user.clone(), held.remote.clone());
    let account = Loss::Account { user: user.clone(), remote: remote.clone() };
    taken.contains(&Loss::User { user, remote }) || taken.contains(&account)
}

impl Services {
    pub(super) async fn taken_lately(&self, provider: &str) -> Result<Lately, Error> {
        let rows: Vec<Row> = self.scim_note(provider, LATELY).await?.unwrap_or_default();
        Ok(Lately(rows.into_iter().map(|Row(at, loss)| (loss, at)).collect()))
    }
}

impl Worker {
    pub(super) async fn lately(&self) -> Result<Lately, Error> {
        self.services.taken_lately(&self.provider).await
    }

    /// Writes down what steps are about to take away, before the first of them is sent.
    pub(super) async fn note_taken(&mut self, steps: &[Step], mut lately: Lately) -> Result<(), Error> {
        let now = self.services.clock().now();
        let approved = std::mem::take(&mut self.state.approved);
        let former = lately.clone();
        lately.note(steps, &approved, &self.mirror()?.observed, now);
        self.state.approved = approved;
        if lately == former { Ok(()) } else { self.keep_lately(lately).await }
    }

    /// Begins the day anew, as when somebody has looked at what was taken.
    pub(super) async fn forget_taken(&self) -> Result<(), Error> {
        let nothing = Lately::default();
        if self.lately().await? == nothing { Ok(()) } else { self.keep_lately(nothing).await }
    }

    async fn keep_lately(&self, lately: Lately) -> Result<(), Error> {
        let rows: Vec<Row> = lately.0.into_iter().map(|(loss, at)| Row(at, loss)).collect();
        self.put_note(LATELY, &rows).await
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use scim::{
        id::{LocalId, Object, RemoteId},
        state::{Effect, Held, Observed, Roster, Status},
        step::{Action, Reason, Step},
    };
    use serde_json::json;

    use super::{DAY, KEPT, Lately};

    fn step(object: Object, action: Action) -> Step {
        Step { object, name: "x".to_owned(), why: Reason::LeftScope, action }
    }

    fn leaves(n: usize) -> Step {
        step(Object::user(&id(n)), Action::Deactivate { since: 1 })
    }

    fn out(users: impl IntoIterator<Item = usize>) -> Step {
        let remove = users.into_iter().map(id).collect();
        step(Object::group(&LocalId::from("sea")), Action::ChangeMembers { add: Vec::new(), remove, strangers: vec![] })
    }

    fn id(n: usize) -> LocalId {
        LocalId(format!("{n:05}"))
    }

    fn there(people: usize) -> Observed {
        let mut observed = Observed::default();
        for n in 0..people {
            let resource = json!({ "userName": n.to_string() }).as_object().unwrap().clone();
            let held = Held { remote: RemoteId(format!("r{n}")), resource, status: Status::Active };
            observed.users.insert(id(n), held);
        }
        let members = observed.users.keys().cloned().collect();
        observed.rosters.insert(LocalId::from("sea"), Roster { members, ..Roster::default() });
        let sea = Held { remote: RemoteId::from("rs"), resource: serde_json::Map::new(), status: Status::Active };
        observed.groups.insert(LocalId::from("sea"), sea);
        observed
    }

    /// Takes note of steps, as they are about to be sent.
    fn note(lately: &mut Lately, steps: &[Step], observed: &Observed, now: i64) {
        lately.note(steps, &BTreeSet::new(), observed, now);
    }

    fn users(lately: &Lately, steps: &[Step], observed: &Observed, now: i64) -> usize {
        lately.before(steps, observed, now).0.users
    }

    #[test]
    fn what_was_done_counts_for_a_day_and_what_was_not_done_or_is_undone_does_not() {
        let (mut observed, mut lately) = (there(10), Lately::default());
        note(&mut lately, &[leaves(0), leaves(1), leaves(2)], &observed, 1000);
        assert_eq!(users(&lately, &[], &observed, 1000), 0, "nothing was sent yet");
        observed.begin(&leaves(2));
        note(&mut lately, &[leaves(0), leaves(1)], &observed, 1000);
        assert_eq!(users(&lately, &[], &observed, 1000), 1, "what has no answer yet may be done");
        observed.finish(&leaves(2));
        for n in [0, 1] {
            observed.record(Effect::Deactivated { user: id(n), since: 1000 });
        }
        assert_eq!(users(&lately, &[], &observed, 1001), 2);
        assert_eq!(lately.before(&[], &observed, 1001).1, Some(1000));
        assert_eq!(users(&lately, &[leaves(0)], &observed, 1001), 2, "a repetition takes nothing");
        assert_eq!(users(&lately, &[], &observed, 999 + DAY), 2);
        assert_eq!(users(&lately, &[], &observed, 1000 + DAY), 0);
        let back = observed.users.get_mut(&id(0)).unwrap();
        back.status = Status::Active;
        back.resource.insert("active".to_owned(), json!(true));
        assert_eq!(users(&lately, &[], &observed, 1001), 1, "somebody came back");
        // Whoever came back and leaves again is counted from then on.
        note(&mut lately, &[leaves(0)], &observed, 5000);
        observed.record(Effect::Deactivated { user: id(0), since: 5000 });
        assert_eq!((users(&lately, &[], &observed, 5001), users(&lately, &[], &observed, 1000 + DAY)), (2, 1));
    }

    #[test]
    fn what_is_deleted_and_made_anew_stays_lost_and_what_was_approved_is_not_counted() {
        let (mut observed, mut lately) = (there(4), Lately::default());
        let gone =
            [step(Object::user(&id(3)), Action::Delete), step(Object::group(&LocalId::from("sea")), Action::Delete)];
        lately.note(&gone, &["delete User 00003".to_owned()].into(), &observed, 1);
        for step in &gone {
            observed.record(Effect::Gone { object: step.object.clone() });
        }
        let (earlier, _) = lately.before(&[], &observed, 2);
        assert_eq!((earlier.users, earlier.groups, earlier.memberships, earlier.lost), (0, 1, 4, 3));
        let object = Object::group(&LocalId::from("sea"));
        let (remote, members) = (RemoteId::from("new"), [id(0), id(1)].into());
        observed.record(Effect::Created { object, remote, resource: serde_json::Map::new(), members });
        let (earlier, _) = lately.before(&[], &observed, 2);
        assert_eq!((earlier.groups, earlier.memberships, earlier.lost), (1, 2, 1));
    }

    #[test]
    fn memberships_of_people_who_leave_are_counted_with_them() {
        let (mut observed, mut lately) = (there(6), Lately::default());
        note(&mut lately, &[out([0, 1, 2])], &observed, 1);
        let removed = [0, 1, 2].map(id).to_vec();
        let (group, added, strangers) = (LocalId::from("sea"), Vec::new(), Vec::new());
        observed.record(Effect::MembersChanged { group, added, removed, strangers });
        assert_eq!(lately.before(&[], &observed, 2).0.lost, 3);
        assert_eq!(lately.before(&[leaves(0)], &observed, 2).0.lost, 2);
        observed.record(Effect::Deactivated { user: id(1), since: 2 });
        let (earlier, _) = lately.before(&[leaves(0)], &observed, 2);
        assert_eq!((earlier.lost, earlier.memberships), (1, 3));
    }

    #[test]
    fn whoever_loses_access_and_is_deleted_within_a_day_is_one_and_not_two() {
        let (mut observed, mut lately) = (there(4), Lately::default());
        let delete = |n: usize| step(Object::user(&id(n)), Action::Delete);
        note(&mut lately, &[leaves(0)], &observed, 1);
        for n in [0, 1] {
            // The second lost it long ago.
            observed.record(Effect::Deactivated { user: id(n), since: 1 });
        }
        let both = [delete(0), delete(1)];
        let counted = |lately: &Lately, steps: &[Step], observed: &Observed| {
            let earlier = lately.before(steps, observed, 3).0;
            (earlier.users, earlier.users_gone, earlier.users_deleted, earlier.accounts)
        };
        assert_eq!(counted(&lately, &[], &observed), (1, 0, 0, 0));
        assert_eq!(counted(&lately, &both, &observed), (1, 0, 1, 0));
        note(&mut lately, &both, &observed, 2);
        for n in [0, 1] {
            observed.record(Effect::Gone { object: Object::user(&id(n)) });
        }
        assert_eq!(counted(&lately, &[], &observed), (1, 1, 0, 1));
    }

    #[test]
    fn no_more_is_remembered_than_is_stated_and_the_oldest_goes_first() {
        let (mut observed, mut lately) = (there(KEPT + 10), Lately::default());
        let all: Vec<Step> = (0..KEPT + 10).map(leaves).collect();
        note(&mut lately, &all[..20], &observed, 1);
        for n in 0..20 {
            observed.record(Effect::Deactivated { user: id(n), since: 1 });
        }
        note(&mut lately, &all[20..], &observed, 2);
        assert_eq!((lately.0.len(), lately.0.values().filter(|at| **at == 1).count()), (KEPT, 10));
        assert_eq!([2, 1 + DAY, 2 + DAY].map(|now| lately.next_end(now)), [Some(1 + DAY), Some(2 + DAY), None]);
    }
}
