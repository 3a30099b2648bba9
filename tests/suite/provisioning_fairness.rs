use std::{fmt::Write as _, sync::Arc};

use aws_sandbox::{FaultPlan, Outcome, When};
use domain::{Next, Worker, port::Pace};
use model::ScimStatus;
use tests::{Provisioned, TestClock, TestPace, World};

use crate::provisioning::PEOPLE;

/// A worker whose pauses take no time.
struct Paced {
    provisioned: Provisioned,
    pace: Arc<TestPace>,
    worker: Worker,
}

impl Paced {
    /// With everything there.
    async fn new() -> Self {
        let clock = Arc::new(TestClock::default());
        let pace = TestPace::new(&clock);
        let world = World::paced(clock, Arc::clone(&pace) as Arc<dyn Pace>).await;
        let provisioned = Provisioned::within(world, PEOPLE, None).await;
        let worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
        let mut this = Self { provisioned, pace, worker };
        this.rounds(10).await;
        assert_eq!(this.provisioned.health().await.status, ScimStatus::Synced);
        this.provisioned.sandbox.forget_requests();
        this
    }

    /// So many rounds at most, with their pauses.
    async fn rounds(&mut self, most: usize) {
        for _ in 0..most {
            match self.pace.through(self.worker.round()).await.unwrap() {
                Next::After(millis) => self.pace.advance(millis),
                _ => return,
            }
        }
    }

    fn never(&self, kind: &str, status: u16) {
        let when = When { kind: Some(kind.to_owned()), ..When::default() };
        let then =
            Outcome::Status { status, detail: None, body: None, content_type: None, retry_after: None, applied: false };
        self.provisioned.sandbox.set_faults(FaultPlan::of(when, then)).unwrap();
    }

    fn pilots(&self) -> Vec<String> {
        self.provisioned.groups().into_iter().find(|(name, _)| name == "pilots").unwrap().1
    }

    fn asked(&self, kind: &str) -> usize {
        self.provisioned.writes().iter().filter(|known| *known == kind).count()
    }
}

const OUT_OF_THE_PILOTS: &str =
    "users: [{ username: grace, name: Grace Hopper, email: grace@example.com, groups: [engineers] }]\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_can_never_be_made_keeps_nobody_in_another_group() {
    let mut paced = Paced::new().await;
    paced.never("CreateGroup", 503);
    let text = format!("version: 1\ngroups: [{{ name: airmen, parents: [engineers] }}]\n{OUT_OF_THE_PILOTS}");
    paced.provisioned.world.apply(&text).await;
    paced.rounds(1).await;
    assert!(paced.pilots().is_empty(), "{:?}", paced.provisioned.writes());
    let health = paced.provisioned.health().await;
    assert!(health.status == ScimStatus::Failing && health.unsynced_since.is_some(), "{health:?}");
    // Once it can be made, everything is the same.
    paced.rounds(3).await;
    paced.provisioned.sandbox.set_faults(FaultPlan::default()).unwrap();
    paced.rounds(20).await;
    assert_eq!(paced.provisioned.health().await.status, ScimStatus::Synced);
    assert!(paced.provisioned.groups().iter().any(|(name, _)| name == "airmen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_people_who_can_never_be_made_keep_nobody_in_a_group_and_no_change_from_others() {
    let mut paced = Paced::new().await;
    paced.never("CreateUser", 500);
    let mut text = String::from("version: 1\nusers:\n");
    for n in 0..30 {
        let _ = writeln!(text, "  - {{ username: new{n:02}, email: new{n:02}@example.com, groups: [engineers] }}");
    }
    text.push_str("  - { username: grace, name: Grace Hopper, email: grace@example.com, groups: [engineers] }\n");
    paced.provisioned.world.apply(&text).await;
    paced.rounds(2).await;
    assert!(paced.pilots().is_empty(), "{:?}", paced.provisioned.writes());

    // Later changes are followed in the round that sees them.
    paced.rounds(10).await;
    let ada = "version: 1\nusers: [{ username: ada, name: Ada King, email: ada@example.com, groups: [engineers] }]\n";
    paced.provisioned.world.apply(ada).await;
    paced.provisioned.sandbox.forget_requests();
    paced.rounds(1).await;
    assert_eq!(paced.asked("PatchUser"), 1, "{:?}", paced.provisioned.writes());
    // Those who wait are tried after it: once, as many as may be under way together, and two more.
    assert!(paced.asked("CreateUser") <= 16 + 2, "{:?}", paced.provisioned.writes());

    // Nobody of them is forgotten, and nobody comes twice.
    paced.provisioned.sandbox.set_faults(FaultPlan::default()).unwrap();
    paced.rounds(40).await;
    assert_eq!(paced.provisioned.health().await.status, ScimStatus::Synced);
    assert_eq!(paced.provisioned.users().len(), 32);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_is_lost_without_an_answer_each_time_is_tried_less_and_less_often() {
    let mut paced = Paced::new().await;
    let when = When { kind: Some("CreateUser".to_owned()), ..When::default() };
    paced.provisioned.sandbox.set_faults(FaultPlan::of(when, Outcome::Reset { applied: false })).unwrap();
    let linus = "version: 1\nusers: [{ username: linus, email: linus@example.com, groups: [engineers] }]\n";
    paced.provisioned.world.apply(linus).await;
    let began = paced.pace.millis();
    paced.rounds(15).await;
    let minutes = (paced.pace.millis() - began) / 60_000;
    let asked = paced.asked("CreateUser");
    assert!(minutes >= 3 && (8..=20).contains(&asked), "{asked} requests in {minutes} minutes");
    assert_eq!(paced.provisioned.health().await.status, ScimStatus::Failing);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_away_is_asked_for_three_objects_and_no_more() {
    let mut paced = Paced::new().await;
    paced.provisioned.sandbox.set_faults(FaultPlan::of(When::default(), Outcome::Reset { applied: false })).unwrap();
    let mut text = String::from("version: 1\ngroups: [{ name: air, parents: [engineers] }]\nusers:\n");
    for n in 0..40 {
        let _ = writeln!(text, "  - {{ username: new{n:02}, email: new{n:02}@example.com, groups: [engineers] }}");
    }
    text.push_str("  - { username: grace, name: Grace King, email: grace@example.com, groups: [engineers] }\n");
    paced.provisioned.world.apply(&text).await;
    paced.rounds(1).await;
    for _ in 0..10 {
        paced.provisioned.sandbox.forget_requests();
        paced.rounds(1).await;
        let asked = paced.provisioned.sandbox.requests().len();
        assert!((1..=4).contains(&asked), "{asked} requests in one round");
    }
}
