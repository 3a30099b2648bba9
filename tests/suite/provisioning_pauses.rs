use std::sync::Arc;

use aws_sandbox::{FaultPlan, FaultRule, Outcome, When};
use domain::{Next, Worker, port::Pace};
use model::ScimStatus;
use tests::{Provisioned, TestClock, TestPace, World};

use crate::provisioning::PEOPLE;

/// The first request of a kind, and no other, is sent away for so many seconds.
fn sent_away(kind: &str, status: u16, seconds: u64) -> FaultPlan {
    let when = When { kind: Some(kind.to_owned()), nth: vec![1], ..When::default() };
    let then = Outcome::Status {
        status,
        detail: None,
        body: None,
        content_type: None,
        retry_after: Some(seconds),
        applied: false,
    };
    FaultPlan { seed: 1, rules: vec![FaultRule { when, then }] }
}

async fn quiet() -> (Arc<TestPace>, Provisioned) {
    let clock = Arc::new(TestClock::default());
    let pace = TestPace::new(&clock);
    let world = World::paced(clock, Arc::clone(&pace) as Arc<dyn Pace>).await;
    (pace, Provisioned::within(world, PEOPLE, None).await)
}

/// One round; the pause that it asks for.
async fn round(pace: &TestPace, worker: &mut Worker) -> u64 {
    match pace.through(worker.round()).await.unwrap() {
        Next::After(millis) => millis,
        _ => 0,
    }
}

async fn until_synced(pace: &TestPace, worker: &mut Worker, provisioned: &Provisioned) {
    for _ in 0..20 {
        let pause = round(pace, worker).await;
        if provisioned.health().await.status == ScimStatus::Synced {
            return;
        }
        pace.advance(pause);
    }
    panic!("{:?}", provisioned.health().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_asks_for_five_minutes_is_left_alone_for_five_minutes_whatever_happens_here() {
    for (status, failed_before) in [(503, false), (429, false), (503, true)] {
        let (pace, provisioned) = quiet().await;
        let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
        until_synced(&pace, &mut worker, &provisioned).await;
        let group = |name: &str| format!("version: 1\ngroups: [{{ name: {name}, parents: [engineers] }}]\n");
        if failed_before {
            // Whoever is careful sends each request once.
            let when = When { kind: Some("CreateGroup".to_owned()), ..When::default() };
            provisioned.sandbox.set_faults(FaultPlan::of(when, Outcome::Reset { applied: false })).unwrap();
            provisioned.world.apply(&group("before")).await;
            let pause = round(&pace, &mut worker).await;
            pace.advance(pause);
        }
        provisioned.sandbox.set_faults(sent_away("CreateGroup", status, 300)).unwrap();
        provisioned.world.apply(&group("air")).await;
        for _ in 0..5 {
            let pause = round(&pace, &mut worker).await;
            if provisioned.sandbox.requests().iter().any(|request| request.status == Some(status)) {
                break;
            }
            pace.advance(pause);
        }
        let began = pace.millis();
        provisioned.sandbox.forget_requests();
        // Changes wake the worker; a token that is tried on a page waits for nobody and is not sent.
        for n in 0..5 {
            provisioned.world.apply(&group(&format!("g{n}"))).await;
            let pause = round(&pace, &mut worker).await;
            // A little earlier, to tell of the outage: whoever failed before began it before.
            assert!(pause + pace.millis() >= began + 300_000 - 10_000, "{pause}");
            pace.advance(58_000);
        }
        let health = provisioned.health().await;
        assert!(health.status == ScimStatus::Failing && health.words.contains("pause"), "{health:?}");
        let root = provisioned.root().await;
        let tried = root.admin().unwrap().test_scim_token("aws-scim", 1).await.unwrap_err().to_string();
        assert!(tried.contains("no request for another"), "{tried}");
        assert_eq!(provisioned.sandbox.requests().len(), 0, "the pause was not kept");
        pace.advance(10_000);
        until_synced(&pace, &mut worker, &provisioned).await;
        assert!(provisioned.groups().iter().any(|(name, _)| name == "air"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_is_asked_for_in_a_reading_is_kept_and_a_short_one_ends_no_round() {
    let (pace, provisioned) = quiet().await;
    let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
    provisioned.sandbox.set_faults(sent_away("ListUsers", 429, 3)).unwrap();
    let began = pace.millis();
    until_synced(&pace, &mut worker, &provisioned).await;
    assert!(pace.millis() >= began + 3_000);
    let requests = provisioned.sandbox.requests();
    assert_eq!(requests.iter().filter(|request| request.status == Some(429)).count(), 1);
}
