use std::sync::Arc;

use aws_sandbox::{FaultPlan, FaultRule, Outcome, When};
use domain::{Next, Worker};
use model::ScimStatus;
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
    /// One round, and the pause that the worker asks for.
    async fn round(&mut self) {
        let next = self.pace.through(self.worker.round()).await.unwrap();
        let pause = if let Next::After(millis) = next { millis } else { LOOK };
        self.pace.advance(pause);
        self.passed += pause;
    }

    async fn until_synced(&mut self, provisioned: &Provisioned) {
        while provisioned.health().await.status != ScimStatus::Synced {
            self.round().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn days_of_outage_cost_few_requests_and_end_exact_without_a_stampede() {
    let hours = soak(6, 72);
    let clock = Arc::new(TestClock::default());
    let pace = TestPace::new(&clock);
    let world = World::paced(clock, Arc::clone(&pace) as Arc<dyn domain::port::Pace>).await;
    let provisioned = Provisioned::within(world, &many(PEOPLE, ""), None).await;
    let worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
    let mut watch = Watch { pace, worker, passed: 0 };
    in_time("both sides the same", watch.until_synced(&provisioned)).await;
    assert_eq!(provisioned.users().len(), PEOPLE);

    let status = Outcome::Status {
        status: 503,
        detail: None,
        body: None,
        content_type: None,
        retry_after: None,
        applied: false,
    };
    provisioned
        .sandbox
        .set_faults(FaultPlan { seed: 1, rules: vec![FaultRule { when: When::default(), then: status }] })
        .unwrap();
    provisioned.sandbox.forget_requests();
    watch.passed = 0;
    let outage = hours * 3_600_000;
    let mut changes = 0;
    while watch.passed < outage {
        // Work goes on here: every hour somebody moves to another department, and one person leaves in all.
        if watch.passed * PEOPLE as u64 / outage > changes {
            changes += 1;
            let n = changes as usize % PEOPLE;
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
    assert_eq!(writes.len(), changes as usize + 1, "{writes:?}");
    let reads = provisioned.sandbox.requests().len() - writes.len();
    assert!(reads <= 1, "{reads} reads");
    let directory = provisioned.center().directory();
    let users = directory["users"].as_array().unwrap();
    assert_eq!(users.len(), PEOPLE);
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    for change in (1..=changes as usize).filter(|n| n % PEOPLE != 7) {
        let name = format!("u{:04}@example.com", change % PEOPLE);
        let user = users.iter().find(|user| user["userName"] == name.as_str()).unwrap();
        assert_eq!(user[enterprise]["department"], format!("D{change}"));
    }
    assert_eq!(provisioned.users().iter().filter(|(_, active)| !active).count(), 1);
    assert_eq!(provisioned.groups()[0].1.len(), PEOPLE - 1);
}
