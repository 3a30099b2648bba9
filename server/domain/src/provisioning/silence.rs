use std::collections::{HashMap, HashSet};

use scim::{
    id::{Kind, Object},
    state::Observed,
    step::{Action, Step},
};

use super::unique::Holders;

/// So many different objects in a row without an answer, and the service is taken to be away.
pub const PATIENCE: usize = 3;

/// Which request a step is: a service may do well with one and never with another.
type Request = (Kind, u8);

const CREATE_USER: Request = (Kind::User, 1);

fn request(step: &Step) -> Request {
    let verb = match step.action {
        Action::Adopt { .. } => 0,
        Action::Create { .. } => CREATE_USER.1,
        Action::Change { .. } | Action::Replace { .. } | Action::Deactivate { .. } => 2,
        Action::ChangeMembers { .. } => 3,
        Action::Delete => 4,
    };
    (step.object.kind, verb)
}

/// Objects for which the service gave no answer. They wait, with what depends on them, and everything else goes on: one
/// that never succeeds holds up no other. Only when nobody gets an answer is the service left alone.
#[derive(Debug, Default)]
pub struct Silence {
    /// In how many rounds each got none since its last answer.
    times: HashMap<Object, u32>,
    /// Requests that got none since the last answer to one like it.
    requests: HashSet<Request>,
    /// Not tried again in this round.
    skipped: Holders,
    /// Of which nobody could say in this round what became of them.
    asked: HashSet<Object>,
    /// Users whose creation got no answer for the first time, in this round.
    late: HashSet<Object>,
    /// Those that had their second turn in this round.
    turned: HashSet<Object>,
    /// Users created in this round.
    created: usize,
    /// Since the last answer.
    row: usize,
    /// What the service said.
    words: Option<String>,
}

impl Silence {
    /// A new round: everything may be tried again.
    pub fn begin(&mut self) {
        (self.skipped, self.row, self.words) = (Holders::default(), 0, None);
        self.asked.clear();
        self.late.clear();
        self.turned.clear();
        self.created = 0;
    }

    /// Both sides are the same: nothing waits any more.
    pub fn end(&mut self) {
        *self = Self::default();
    }

    /// A step got an answer, whatever it says.
    pub fn answered(&mut self, step: &Step) {
        self.times.remove(&step.object);
        self.requests.remove(&request(step));
        self.row = 0;
        self.created += usize::from(request(step) == CREATE_USER);
    }

    /// A step got none.
    pub fn unanswered(&mut self, step: &Step, words: &str, observed: &Observed) {
        let times = self.times.entry(step.object.clone()).or_default();
        *times += 1;
        if *times == 1 && request(step) == CREATE_USER && !self.turned.contains(&step.object) {
            self.late.insert(step.object.clone());
        }
        self.requests.insert(request(step));
        self.skipped.add(&step.object, 1, observed);
        self.words = Some(words.to_owned());
    }

    /// A step waits for another round, with what depends on it, though the service has answered.
    pub fn defer(&mut self, step: &Step, words: &str, observed: &Observed) {
        self.answered(step);
        self.skipped.add(&step.object, 1, observed);
        self.words = Some(words.to_owned());
    }

    /// Whether some users are worth a second turn in this round: each of their groups would need another request if they
    /// came after the others. Most others got an answer, so it is by chance that these did not.
    pub fn has_turn(&self) -> bool {
        self.row == 0 && !self.late.is_empty() && self.late.len() < self.created
    }

    /// Gives them their second turn. They have no third: one that never succeeds holds up no other.
    pub fn turn(&mut self) {
        if !self.has_turn() {
            return;
        }
        for object in std::mem::take(&mut self.late) {
            self.times.remove(&object);
            self.skipped.remove(&object);
            self.asked.remove(&object);
            self.turned.insert(object);
        }
        if self.skipped.is_empty() && self.asked.is_empty() {
            self.words = None;
        }
    }

    /// Nobody could say what became of an object.
    pub fn missed(&mut self, object: &Object, words: &str) {
        *self.times.entry(object.clone()).or_default() += 1;
        self.asked.insert(object.clone());
        self.words = Some(words.to_owned());
    }

    /// An object whose step stays open is not asked for again in this round.
    pub fn leave(&mut self, object: &Object) {
        self.asked.insert(object.clone());
    }

    /// Whether it is of no use to ask for an object again in this round.
    pub fn is_missed(&self, object: &Object) -> bool {
        self.asked.contains(object)
    }

    /// None of the steps that were under way together got an answer.
    pub fn grow(&mut self) {
        self.row += 1;
    }

    /// Questions got no answer either: one more object is tried, and no more.
    pub fn doubt(&mut self) {
        self.row = self.row.max(PATIENCE - 1);
    }

    /// Whether the last request got no answer: the next goes alone.
    pub fn is_quiet(&self) -> bool {
        self.row > 0
    }

    /// Whether the service is taken to be away.
    pub fn is_over(&self) -> bool {
        self.row >= PATIENCE
    }

    /// What the service said last, where something waits in this round.
    pub fn words(&self) -> Option<String> {
        self.words.clone()
    }

    /// How often an object got no answer.
    pub fn times(&self, object: &Object) -> u32 {
        self.times.get(object).copied().unwrap_or_default()
    }

    /// Whether a step waits for another round: it, or what it depends on, got no answer in this one.
    pub fn skips(&mut self, step: &Step, observed: &Observed) -> bool {
        let waits = self.skipped.wait(step) > 0;
        if waits {
            // Who waits for this one waits as well.
            self.skipped.add(&step.object, 1, observed);
        }
        waits
    }

    /// Puts those that got no answer behind the others, and behind each of them what depends on it; otherwise the order
    /// stays.
    pub fn sort(&self, steps: &mut Vec<Step>, observed: &Observed) {
        if self.times.is_empty() && self.requests.is_empty() {
            return;
        }
        let mut holders = Holders::default();
        let mut waits = Vec::with_capacity(steps.len());
        for step in &*steps {
            let own = self.times(&step.object).max(u32::from(self.requests.contains(&request(step))));
            let wait = own.max(holders.wait(step)).max(members(step, &holders));
            if wait > 0 {
                holders.add(&step.object, wait, observed);
            }
            waits.push(wait);
        }
        let mut sorted: Vec<(u32, Step)> = waits.into_iter().zip(std::mem::take(steps)).collect();
        sorted.sort_by_key(|(wait, _)| *wait);
        steps.extend(sorted.into_iter().map(|(_, step)| step));
    }
}

/// How long members have to be waited for who only get in: without them, the group would need another request. Whoever gets
/// out waits for nobody.
fn members(step: &Step, holders: &Holders) -> u32 {
    match &step.action {
        Action::ChangeMembers { add, remove, strangers } if remove.is_empty() && strangers.is_empty() => {
            add.iter().map(|member| holders.object(&Object::user(member))).max().unwrap_or_default()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use scim::{
        id::{LocalId, Object},
        state::{Effect, Observed},
        step::{Action, Reason, Step},
        wire::{Op, Operation},
    };
    use serde_json::json;

    use super::{PATIENCE, Silence};

    fn step(object: Object, action: Action) -> Step {
        Step { name: object.id.to_string(), object, why: Reason::New, action }
    }

    fn user(id: &str) -> Object {
        Object::user(&LocalId::from(id))
    }

    fn group(id: &str) -> Object {
        Object::group(&LocalId::from(id))
    }

    fn create(object: Object, name: &str) -> Step {
        let resource = json!({ (object.kind.name_attribute()): name }).as_object().cloned().unwrap_or_default();
        step(object, Action::Create { resource, members: BTreeSet::new() })
    }

    fn rename(object: Object, name: &str) -> Step {
        let operations = vec![Operation::new(Op::Replace, object.kind.name_attribute(), json!(name))];
        step(object, Action::Change { operations })
    }

    fn members(id: &str, add: &[&str], remove: &[&str]) -> Step {
        let of = |ids: &[&str]| ids.iter().map(|id| LocalId::from(*id)).collect();
        step(group(id), Action::ChangeMembers { add: of(add), remove: of(remove), strangers: Vec::new() })
    }

    /// With users who have their identifiers for names.
    fn observed(users: &[&str]) -> Observed {
        let mut observed = Observed::default();
        for id in users {
            let resource = json!({ "userName": id }).as_object().cloned().unwrap_or_default();
            let (object, remote) = (user(id), (*id).into());
            observed.record(Effect::Created { object, remote, resource, members: BTreeSet::new() });
        }
        observed
    }

    fn sorted(silence: &Silence, steps: &[Step], observed: &Observed) -> Vec<usize> {
        let mut found = steps.to_vec();
        silence.sort(&mut found, observed);
        found.iter().filter_map(|step| steps.iter().position(|other| other == step)).collect()
    }

    #[test]
    fn what_got_no_answer_waits_with_its_like_and_whoever_gets_out_of_a_group_goes_first() {
        let (observed, mut silence) = (observed(&[]), Silence::default());
        let steps = [
            create(user("a"), "a"),
            create(user("b"), "b"),
            members("g", &["a"], &[]),
            members("h", &["a"], &["c"]),
            create(group("i"), "i"),
        ];
        assert_eq!(sorted(&silence, &steps, &observed), [0, 1, 2, 3, 4]);
        silence.unanswered(&steps[0], "no", &observed);
        silence.grow();
        assert_eq!(sorted(&silence, &steps, &observed), [3, 4, 0, 1, 2]);
        assert!(silence.skips(&steps[0], &observed) && !silence.skips(&steps[1], &observed));
        // Those that were tried more often than others come last.
        silence.begin();
        silence.unanswered(&steps[0], "no", &observed);
        assert_eq!(sorted(&silence, &steps, &observed), [3, 4, 1, 0, 2]);
        silence.answered(&steps[0]);
        assert_eq!(sorted(&silence, &steps, &observed), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn who_takes_the_name_of_one_that_got_no_answer_waits_and_so_does_whoever_waits_for_that_one() {
        let (observed, mut silence) = (observed(&["a", "b", "c", "d"]), Silence::default());
        let steps = [rename(user("a"), "x"), rename(user("b"), "A"), rename(user("c"), "b"), rename(user("d"), "y")];
        silence.unanswered(&steps[0], "no", &observed);
        let skipped: Vec<bool> = steps.iter().map(|step| silence.skips(step, &observed)).collect();
        assert_eq!(skipped, [true, true, true, false]);
        silence.begin();
        silence.missed(&user("a"), "no");
        assert!(!silence.skips(&steps[0], &observed), "another round is another try");
        silence.answered(&rename(user("e"), "z"));
        assert_eq!(sorted(&silence, &steps, &observed), [3, 0, 1, 2]);
    }

    #[test]
    fn what_is_put_off_with_an_answer_waits_for_the_next_round_and_says_nothing_of_the_service() {
        let (observed, mut silence) = (observed(&["a", "b", "c"]), Silence::default());
        let steps = [rename(user("a"), "x"), rename(user("b"), "A"), rename(user("c"), "y")];
        silence.grow();
        silence.defer(&steps[0], "taken", &observed);
        assert!(!silence.is_quiet() && silence.words().is_some());
        let skipped: Vec<bool> = steps.iter().map(|step| silence.skips(step, &observed)).collect();
        assert_eq!((skipped, sorted(&silence, &steps, &observed)), (vec![true, true, false], vec![0, 1, 2]));
        silence.begin();
        assert!(!silence.skips(&steps[0], &observed) && silence.words().is_none());
    }

    #[test]
    fn users_who_got_no_answer_by_chance_have_one_more_turn_before_their_groups_and_no_third() {
        let (observed, mut silence) = (observed(&[]), Silence::default());
        let steps: Vec<Step> = ["a", "b", "c"].iter().map(|id| create(user(id), id)).collect();
        silence.unanswered(&steps[0], "no", &observed);
        assert!(!silence.has_turn(), "nobody else got an answer");
        silence.answered(&steps[1]);
        assert!(!silence.has_turn(), "as many did as did not");
        silence.answered(&steps[2]);
        assert!(silence.has_turn());
        silence.grow();
        silence.turn();
        assert!(silence.skips(&steps[0], &observed), "the service is not well");
        silence.answered(&steps[1]);
        silence.turn();
        assert!(!silence.skips(&steps[0], &observed) && !silence.has_turn());
        assert!(silence.times(&steps[0].object) == 0 && silence.words().is_none(), "nothing is left of it");
        silence.unanswered(&steps[0], "no", &observed);
        silence.answered(&steps[1]);
        silence.turn();
        assert!(silence.skips(&steps[0], &observed) && silence.words().is_some());
        // In the next round it is not the first time.
        silence.begin();
        silence.unanswered(&steps[0], "no", &observed);
        silence.answered(&steps[1]);
        silence.answered(&steps[2]);
        assert!(!silence.has_turn());
        // Of a group that is late nobody's requests are more.
        silence.unanswered(&create(group("g"), "g"), "no", &observed);
        silence.answered(&steps[1]);
        assert!(!silence.has_turn());
    }

    #[test]
    fn three_in_a_row_are_enough_and_one_answer_begins_the_count_anew() {
        let (observed, mut silence) = (observed(&[]), Silence::default());
        let steps: Vec<Step> = ["a", "b", "c"].iter().map(|id| create(user(id), id)).collect();
        for _ in 1..PATIENCE {
            silence.grow();
        }
        assert!(silence.is_quiet() && !silence.is_over());
        silence.answered(&steps[0]);
        assert!(!silence.is_quiet());
        silence.doubt();
        assert!(!silence.is_over());
        silence.unanswered(&steps[1], "no", &observed);
        silence.grow();
        assert!(silence.is_over() && silence.words().is_some());
        silence.begin();
        assert!(!silence.is_quiet() && silence.words().is_none());
    }
}
