//! How old the oldest change is that is not at the service.

use domain::Worker;
use tests::{Provisioned, settle};

use crate::provisioning::{PEOPLE, many};

const DAY: i64 = 86_400;

/// In seconds; 0: all are there.
async fn age(provisioned: &Provisioned) -> i64 {
    provisioned.world.services.metrics().await.unwrap().scim[0].unsynced_seconds
}

fn group(name: &str) -> String {
    format!("version: 1\ngroups: [{{ name: {name} }}]\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_made_before_the_server_was_down_for_a_day_is_a_day_old() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    let world = &provisioned.world;
    let mut worker = Worker::new(world.services.clone(), "aws-scim");
    settle(&mut worker).await;
    assert_eq!(age(&provisioned).await, 0);
    drop(worker);
    let token = provisioned.center().tokens()[0].id.clone();
    assert!(provisioned.center().delete_token(&token));
    world.clock.advance(DAY);
    // More of them than a page of the trail has.
    for n in 0..60 {
        world.apply(&group(&format!("g{n}"))).await;
        world.clock.advance(60);
    }
    world.clock.advance(DAY - 3_600);
    settle(&mut Worker::new(world.restarted().await, "aws-scim")).await;
    let found = age(&provisioned).await;
    assert!((DAY..DAY + 10).contains(&found), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_service_refused_has_not_arrived_and_grows_older_until_it_has() {
    let provisioned = Provisioned::quiet(&many(3, "")).await;
    let refusal = r#"{ "seed": 1, "rules": [{ "when": { "kind": "CreateUser", "nth": [2] }, "then": { "do": "status", "status": 400 } }] }"#;
    provisioned.sandbox.set_faults(serde_json::from_str(refusal).unwrap()).unwrap();
    let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
    settle(&mut worker).await;
    assert_eq!(provisioned.health().await.parked, 1);
    provisioned.world.clock.advance(120);
    // Another change that arrives makes it no younger.
    provisioned.world.apply(&group("later")).await;
    settle(&mut worker).await;
    let found = age(&provisioned).await;
    assert!((120..130).contains(&found), "{found}");
    provisioned.root().await.admin().unwrap().sync_scim_provider("aws-scim").await.unwrap();
    settle(&mut worker).await;
    assert_eq!((provisioned.health().await.parked, age(&provisioned).await), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_has_not_arrived_and_what_was_first_counts() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
    settle(&mut worker).await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    for (name, passed) in [("AWSAdministrators", 120), ("Administrator", 60)] {
        provisioned.world.apply(&group(name)).await;
        settle(&mut worker).await;
        provisioned.world.clock.advance(passed);
    }
    let found = age(&provisioned).await;
    assert!((180..190).contains(&found), "{found}");
    admin.rename_group("AWSAdministrators", None, "Wardens").await.unwrap();
    settle(&mut worker).await;
    let found = age(&provisioned).await;
    assert!((60..70).contains(&found), "{found}: the other one is younger");
    admin.rename_group("Administrator", None, "Readers").await.unwrap();
    settle(&mut worker).await;
    assert_eq!(age(&provisioned).await, 0);
}
