use std::sync::Arc;

use aws_sandbox::{FaultPlan, FaultRule, Outcome, When};
use domain::{Next, Worker};
use model::{EventKind, ScimStatus};
use tests::{Provisioned, TestClock, TestPace, World, in_time, soak};

use crate::provisioning::many;

const PEOPLE: usize = 60;
/// Milliseconds that a worker with nothing to do waits before it looks at the time.
const LOOK: u64 = 5_000;

/// Time and a worker in it.
struct Watch {
    pace: Arc<TestPace>,
    worker: Worker,
    passed: u64,
}

impl Watch {
    /// With everything there, and a worker that has brought it.
    async fn of(people: &str) -> (Self, Provisioned) {
        let clock = Arc::new(TestClock::default());
        let pace = TestPace::new(&clock);
        let world = World::paced(clock, Arc::clone(&pace) as Arc<dyn domain::port::Pace>).await;
        let provisioned = Provisioned::within(world, people, None).await;
        let worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
        let mut watch = Self { pace, worker, passed: 0 };
        in_time("both sides the same", watch.until_synced(&provisioned)).await;
        (watch, provisioned)
    }

    /// One round, and the pause that the worker asks for.
    async fn round(&mut self) {
        self.round_within(u64::MAX).await;
    }

    /// One round, and of the pause that the worker asks for so many milliseconds at most.
    async fn round_within(&mut self, most: u64) {
        let next = self.pace.through(self.worker.round()).await.unwrap();
        let pause = if let Next::After(millis) = next { millis } else { LOOK };
        self.pace.advance(pause.min(most));
        self.passed += pause.min(most);
    }

    /// Rounds until so many seconds have passed, with a last one then.
    async fn until(&mut self, seconds: u64) {
        let end = seconds * 1_000;
        while self.passed < end {
            self.round_within(end - self.passed).await;
        }
        self.round_within(0).await;
    }

    async fn until_synced(&mut self, provisioned: &Provisioned) {
        while provisioned.health().await.status != ScimStatus::Synced {
            self.round().await;
        }
    }
}

/// Every request is answered by 503, and a wish to be left alone for so many seconds.
fn down(retry_after: Option<u64>) -> FaultPlan {
    let then =
        Outcome::Status { status: 503, detail: None, body: None, content_type: None, retry_after, applied: false };
    FaultPlan { seed: 1, rules: vec![FaultRule { when: When::default(), then }] }
}

#[tokio::test(flavor = "multi_thread")]
async fn days_of_outage_cost_few_requests_and_end_exact_without_a_stampede() {
    let hours = soak(6, 72);
    let (mut watch, provisioned) = Watch::of(&many(PEOPLE, "")).await;
    assert_eq!(provisioned.users().len(), PEOPLE);

    provisioned.sandbox.set_faults(down(None)).unwrap();
    provisioned.sandbox.forget_requests();
    watch.passed = 0;
    let outage = hours * 3_600_000;
    let mut changes = 0;
    while watch.passed < outage {
        // Work goes on here: every hour somebody moves to another department, and one person leaves in all.
        if watch.passed * PEOPLE as u64 / outage > changes {
            changes += 1;
            let n = usize::try_from(changes).unwrap() % PEOPLE;
            let groups = if n == 7 { "" } else { "sea" };
            let text = format!(
                "version: 1\nusers: [{{ username: u{n:04}, email: u{n:04}@example.com, groups: [{groups}], attributes: {{ department: D{changes} }} }}]\n"
            );
            provisioned.world.apply(&text).await;
        }
        watch.round().await;
    }
    assert_eq!(provisioned.health().await.status, ScimStatus::Failing);
    let asked = provisioned.sandbox.requests().len() as u64;
    // The longest pause is a minute, of which a random half is kept; then three steps whose outcome is open are asked for,
    // and one more is tried, however many wait.
    let bound = 4 * (outage / 30_000) + 100;
    assert!((outage / 120_000..=bound).contains(&asked), "{asked} requests in {hours} hours");

    provisioned.sandbox.set_faults(FaultPlan::default()).unwrap();
    provisioned.sandbox.forget_requests();
    in_time("both sides the same", watch.until_synced(&provisioned)).await;
    // Each of those who changed, once; who left is switched off, and out of the group.
    let writes = provisioned.writes();
    let changes = usize::try_from(changes).unwrap();
    assert_eq!(writes.len(), changes + 1, "{writes:?}");
    let reads = provisioned.sandbox.requests().len() - writes.len();
    // After a day what is there is compared again: the groups, who is in ours, and the users.
    let compared = if hours >= 24 { 3 } else { 0 };
    assert!(reads <= 1 + compared, "{reads} reads");
    let directory = provisioned.center().directory();
    let users = directory["users"].as_array().unwrap();
    assert_eq!(users.len(), PEOPLE);
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    for change in (1..=changes).filter(|n| n % PEOPLE != 7) {
        let name = format!("u{:04}@example.com", change % PEOPLE);
        let user = users.iter().find(|user| user["userName"] == name.as_str()).unwrap();
        assert_eq!(user[enterprise]["department"], format!("D{change}"));
    }
    assert_eq!(provisioned.users().iter().filter(|(_, active)| !active).count(), 1);
    assert_eq!(provisioned.groups()[0].1.len(), PEOPLE - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn five_minutes_without_a_good_answer_are_told_once_however_seldom_the_service_is_asked_and_over_restarts() {
    let (mut watch, provisioned) = Watch::of(&many(3, "")).await;
    let outages = async || provisioned.events(EventKind::ProvisioningOutage).await.len();
    for told in [1, 2] {
        provisioned.sandbox.set_faults(down(Some(3_600))).unwrap();
        provisioned.world.apply(&format!("version: 1\ngroups: [{{ name: later{told} }}]\n")).await;
        watch.worker = Worker::new(provisioned.world.restarted().await, "aws-scim");
        watch.passed = 0;
        watch.until(200).await;
        // Whoever comes after it has not heard of the pause, and asks.
        watch.worker = Worker::new(provisioned.world.restarted().await, "aws-scim");
        watch.until(290).await;
        assert_eq!(outages().await, told - 1, "{:?}", provisioned.health().await);
        watch.until(310).await;
        assert_eq!(outages().await, told, "{:?}", provisioned.health().await);
        watch.worker = Worker::new(provisioned.world.restarted().await, "aws-scim");
        watch.until(1_000).await;
        assert_eq!(outages().await, told, "told again");
        provisioned.sandbox.set_faults(FaultPlan::default()).unwrap();
        watch.worker = Worker::new(provisioned.world.restarted().await, "aws-scim");
        in_time("both sides the same", watch.until_synced(&provisioned)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_when_its_time_has_come_is_tried_again_though_nothing_changes_here() {
    let (mut watch, provisioned) = Watch::of(&many(3, "")).await;
    let refusal = r#"{ "seed": 1, "rules": [{ "when": { "kind": "CreateGroup", "nth": [1] }, "then": { "do": "status", "status": 400 } }] }"#;
    provisioned.sandbox.set_faults(serde_json::from_str(refusal).unwrap()).unwrap();
    provisioned.world.apply("version: 1\ngroups: [{ name: later }]\n").await;
    watch.round().await;
    assert_eq!(provisioned.health().await.parked, 1);
    provisioned.sandbox.set_faults(down(None)).unwrap();
    watch.pace.advance(901_000);
    watch.round().await;
    assert_eq!(provisioned.health().await.status, ScimStatus::Failing);
    provisioned.sandbox.forget_requests();
    watch.round().await;
    assert!(!provisioned.sandbox.requests().is_empty(), "it says that it is tried again, and is not");
}

#[tokio::test(flavor = "multi_thread")]
async fn that_it_goes_on_is_told_when_the_service_has_accepted_a_request_and_not_before() {
    let (mut watch, provisioned) = Watch::of(&many(3, "")).await;
    let old = provisioned.center().tokens()[0].id.clone();
    assert!(provisioned.center().delete_token(&old));
    provisioned.world.apply("version: 1\ngroups: [{ name: later }]\n").await;
    watch.round().await;
    assert_eq!(provisioned.health().await.status, ScimStatus::Stopped);

    // Another token is not a better one yet, and neither is a good one at a service that does not answer.
    let good = provisioned.center().create_token().unwrap().secret;
    for (token, down, status) in
        [("not-a-token", FaultPlan::default(), ScimStatus::Stopped), (&*good, down(None), ScimStatus::Failing)]
    {
        provisioned.sandbox.set_faults(down).unwrap();
        let root = provisioned.root().await;
        let admin = root.admin().unwrap();
        let version = admin.scim_provider("aws-scim").await.unwrap().version;
        admin.set_scim_token("aws-scim", version, 1, token, None).await.unwrap();
        watch.round().await;
        assert_eq!(provisioned.health().await.status, status);
        assert_eq!(provisioned.events(EventKind::ProvisioningResumed).await, [], "{status:?}");
    }
    assert_eq!(provisioned.events(EventKind::ProvisioningStopped).await.len(), 2, "one for each token that is refused");

    provisioned.sandbox.set_faults(FaultPlan::default()).unwrap();
    in_time("both sides the same", watch.until_synced(&provisioned)).await;
    assert_eq!(provisioned.events(EventKind::ProvisioningResumed).await.len(), 1);
    assert!(provisioned.groups().iter().any(|(name, _)| name == "later"));
}
