use std::sync::Arc;

use domain::{Next, Worker, port::Pace};
use tests::{Provisioned, TestClock, TestPace, World, in_time};

use crate::provisioning::many;

/// Requests that go at once after a pause.
const BURST: u64 = 10;

async fn settle(pace: &TestPace, worker: &mut Worker) {
    in_time("a worker that is done", async {
        while let Next::After(millis) = pace.through(worker.round()).await.unwrap() {
            pace.advance(millis);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rate_that_aws_permits_is_used_to_the_full_and_never_exceeded() {
    let clock = Arc::new(TestClock::default());
    let pace = TestPace::new(&clock);
    let world = World::paced(clock, Arc::clone(&pace) as Arc<dyn Pace>).await;
    let text = many(110, "").replace(", writes_per_second: 2000", "");
    let provisioned = Provisioned::within(world, &text, None).await;
    let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
    let began = pace.millis();
    settle(&pace, &mut worker).await;
    let took = pace.millis() - began;
    let writes = provisioned.writes().len() as u64;
    assert_eq!(writes, 110 + 1 + 2);
    let least = (writes - BURST) * 1000 / 25;
    assert!(took >= least, "{writes} writes in {took} ms are more than 25 a second");
    assert!(took * 95 <= least * 100 + 4_000, "{writes} writes in {took} ms are less than 95 % of what is permitted");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rate_holds_over_many_rounds_that_follow_one_another() {
    let clock = Arc::new(TestClock::default());
    let pace = TestPace::new(&clock);
    let world = World::paced(clock, Arc::clone(&pace) as Arc<dyn Pace>).await;
    let text = many(30, "").replace(", writes_per_second: 2000", "");
    let provisioned = Provisioned::within(world, &text, None).await;
    let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
    let began = pace.millis();
    for round in 0..12 {
        let mut text = String::from("version: 1\nusers:\n");
        for n in 0..20 {
            text.push_str(&format!(
                "  - {{ username: u{n:04}, email: u{n:04}@example.com, groups: [sea], attributes: {{ department: D{round} }} }}\n"
            ));
        }
        provisioned.world.apply(&text).await;
        settle(&pace, &mut worker).await;
    }
    let took = pace.millis() - began;
    let writes = provisioned.writes().len() as u64;
    assert_eq!(writes, 30 + 1 + 1 + 11 * 20);
    let least = (writes - BURST) * 1000 / 25;
    assert!(took >= least, "{writes} writes in {took} ms are more than 25 a second");
    assert!(took * 90 <= least * 100 + 4_000, "{writes} writes in {took} ms are far less than what is permitted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_took_a_thousand_memberships_is_sent_more_than_a_hundred_a_second() {
    let clock = Arc::new(TestClock::default());
    let pace = TestPace::new(&clock);
    let world = World::paced(clock, Arc::clone(&pace) as Arc<dyn Pace>).await;
    let groups: Vec<String> = (0..10).map(|n| format!("g{n}")).collect();
    let mut text = String::from("version: 1\ngroups:\n");
    groups.iter().for_each(|group| text.push_str(&format!("  - {{ name: {group} }}\n")));
    text.push_str("users:\n  - { username: root, password: \"analytical-engine-1843\", administrator: true }\n");
    for n in 0..300 {
        let groups = groups.join(", ");
        text.push_str(&format!("  - {{ username: u{n:04}, email: u{n:04}@example.com, groups: [{groups}] }}\n"));
    }
    text.push_str("scim_providers: [{ name: aws-scim, {scim} }]\n");
    text.push_str(
        "applications: [{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: g0 }] }]\n",
    );
    let provisioned = Provisioned::within(world, &text, None).await;
    let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
    let began = pace.millis();
    settle(&pace, &mut worker).await;
    let seconds = (pace.millis() - began) / 1_000;
    let members = provisioned.groups().iter().map(|(_, members)| members.len()).sum::<usize>();
    assert_eq!((provisioned.users().len(), members), (300, 3_000));
    assert_eq!(provisioned.writes().len(), 300 + 10 + 30);
    // Users and groups take 12, the first thousand 9 more; at a hundred a second all the others would take 20 beside.
    assert!((18..30).contains(&seconds), "{seconds} s");
}
