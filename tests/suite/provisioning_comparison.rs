use std::fmt::Write as _;

use aws_sandbox::{FaultPlan, FaultRule, Outcome, When};
use domain::Worker;
use model::{EventKind, ScimStatus};
use tests::{Provisioned, settle};
use tokio::task::JoinHandle;

use crate::provisioning::PEOPLE;

/// Groups there; who is in each is a request of its own.
const GROUPS: usize = 60;

fn people(leaver: &str) -> String {
    let mut text = String::from("version: 1\ngroups:\n  - { name: staff }\n");
    for n in 0..GROUPS {
        let _ = writeln!(text, "  - {{ name: g{n:02}, parents: [staff] }}");
    }
    text.push_str(
        "users:\n  - { username: root, email: root@example.com, password: \"analytical-engine-1843\", administrator: true }\n",
    );
    let _ = writeln!(text, "  - {{ username: ada, email: ada@example.com, groups: [g00] }}");
    let _ = writeln!(text, "  - {{ username: grace, email: grace@example.com, groups: [{leaver}] }}");
    text.push_str(
        "scim_providers: [{ name: aws-scim, {scim}, writes_per_second: 1000 }]\n\
         applications: [{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: staff }] }]\n",
    );
    text
}

const LEAVES: &str = "version: 1\nusers: [{ username: grace, email: grace@example.com, groups: [] }]\n";

/// Readings of who is in a group.
fn readings(provisioned: &Provisioned) -> usize {
    let is_one = |query: &Option<String>| query.as_ref().is_some_and(|query| query.contains("groups.value"));
    provisioned.sandbox.requests().iter().filter(|request| is_one(&request.query)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_sent_goes_before_a_comparison_that_is_asked_for() {
    let provisioned = Provisioned::quiet(&people("g01")).await;
    let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
    settle(&mut worker).await;
    provisioned.sandbox.forget_requests();
    provisioned.root().await.admin().unwrap().verify_scim_provider("aws-scim").await.unwrap();
    provisioned.world.apply(LEAVES).await;
    settle(&mut worker).await;
    let requests = provisioned.sandbox.requests();
    let kinds: Vec<&str> = requests.iter().map(|request| &*request.kind).collect();
    let last_write = requests.iter().rposition(|request| request.method != "GET").unwrap();
    let first_read = requests.iter().position(|request| request.method == "GET").unwrap();
    assert!(last_write < first_read, "{kinds:?}");
    assert!(readings(&provisioned) >= GROUPS, "{kinds:?}");
    assert_eq!(provisioned.health().await.status, ScimStatus::Synced);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_during_a_comparison_does_not_wait_for_its_end_and_it_goes_on_where_it_was() {
    let provisioned = Provisioned::new(&people("g01")).await;
    provisioned.synced().await;
    let before = provisioned.health().await.last_verified;
    provisioned.world.clock.advance(5);
    let when = When { kind: Some("ListUsers".to_owned()), ..When::default() };
    let slow = FaultRule { when, then: Outcome::Delay { milliseconds: 40 } };
    provisioned.sandbox.set_faults(FaultPlan { seed: 1, rules: vec![slow] }).unwrap();
    provisioned.sandbox.forget_requests();
    provisioned.root().await.admin().unwrap().verify_scim_provider("aws-scim").await.unwrap();
    provisioned.until("the comparison has begun", |p| readings(p) >= 10).await;
    provisioned.world.apply(LEAVES).await;
    provisioned.until("she is out", |p| p.users().contains(&("grace@example.com".to_owned(), false))).await;
    let read = readings(&provisioned);
    assert!(read < GROUPS, "she waited for {read} readings");
    provisioned.synced().await;
    assert_ne!(provisioned.health().await.last_verified, before, "the comparison was given up");
    // What had been read is not read again, but for the groups that she was taken out of.
    let read = readings(&provisioned);
    assert!((GROUPS + 1..=GROUPS + 4).contains(&read), "{read} readings");
    assert_eq!(provisioned.health().await.drift, 0, "our own change was taken for somebody else's");
}

/// The mapping `more` of users, with such a line.
fn mapping(line: &str) -> String {
    format!("property_mappings: [{{ name: more, kind: scim_user, expression: \"{line}\" }}]\n")
}

/// People of whom that mapping makes a part.
fn mapped() -> String {
    let text = PEOPLE.replace("scim_providers:", &format!("{}scim_providers:", mapping("return {}")));
    text.replace("writes_per_second", "user_mappings: [more, 'rolecall default SCIM: user'], writes_per_second")
}

/// A worker in the middle of a comparison that somebody has asked for: the service does not answer.
async fn comparing(provisioned: &Provisioned, mut worker: Worker) -> JoinHandle<()> {
    provisioned.root().await.admin().unwrap().verify_scim_provider("aws-scim").await.unwrap();
    let when = When { kind: Some("ListGroups".to_owned()), ..When::default() };
    provisioned.sandbox.set_faults(FaultPlan::of(when, Outcome::Hang { applied: false })).unwrap();
    provisioned.sandbox.forget_requests();
    let round = tokio::spawn(async move { drop(worker.round().await) });
    provisioned
        .until("the comparison has begun", |p| p.sandbox.requests().iter().any(|request| request.kind == "ListGroups"))
        .await;
    round
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_arrived_without_a_request_is_not_taken_for_older_while_it_is_compared() {
    let provisioned = Provisioned::quiet(&mapped()).await;
    let age = async || provisioned.world.services.metrics().await.unwrap().scim[0].unsynced_seconds;
    let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
    settle(&mut worker).await;
    provisioned.world.apply(&format!("version: 1\n{}", mapping("return user.nope"))).await;
    settle(&mut worker).await;
    provisioned.world.clock.advance(120);
    assert!((120..130).contains(&age().await), "nothing could be made of two people");
    provisioned.world.apply(&format!("version: 1\n{}", mapping("return {}"))).await;
    let round = comparing(&provisioned, worker).await;
    assert_eq!(age().await, 0);
    round.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_is_not_told_again_by_whoever_follows_a_worker_that_died_after_it() {
    let provisioned = Provisioned::quiet(&mapped()).await;
    let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
    settle(&mut worker).await;
    // Something has not arrived anyway, so that no other reason writes down how it stands.
    provisioned.world.apply("version: 1\ngroups: [{ name: AWSAdministrators }]\n").await;
    settle(&mut worker).await;
    provisioned.world.clock.advance(60);
    provisioned.world.apply(&format!("version: 1\n{}", mapping("return user.nope"))).await;
    let told = async || {
        let events = provisioned.events(EventKind::ProvisioningFailed).await;
        events.iter().filter(|event| event.message.contains("the mapping more failed for")).count()
    };
    let round = comparing(&provisioned, worker).await;
    assert_eq!(told().await, 2, "one for each person");
    round.abort();
    assert!(round.await.is_err_and(|error| error.is_cancelled()));
    provisioned.sandbox.set_faults(FaultPlan::default()).unwrap();
    provisioned.world.clock.advance(20);
    settle(&mut Worker::new(provisioned.world.services.clone(), "aws-scim")).await;
    assert_eq!((told().await, provisioned.health().await.status), (2, ScimStatus::Synced));
}
