use model::ScimStatus;
use tests::Provisioned;

use crate::{
    provisioning::PEOPLE,
    provisioning_adoption::{by_hand, user},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_first_connection_that_waits_for_adoption_is_not_in_sync_and_says_since_when() {
    let text = PEOPLE.replace("writes_per_second", "adopt: ask, writes_per_second");
    let mut provisioned = Provisioned::quiet(&text).await;
    by_hand(&provisioned, "/Users", user("ada@example.com")).await;
    provisioned.start();
    provisioned.status(ScimStatus::WaitsForAdoption).await;
    provisioned.world.clock.advance(120);
    let metrics = provisioned.world.services.metrics().await.unwrap();
    assert!(metrics.scim[0].unsynced_seconds >= 120, "{}", metrics.scim[0].unsynced_seconds);
    assert!(provisioned.health().await.unsynced_since.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn run_sync_again_asks_a_service_that_refused_the_token_once_and_not_after_every_later_change() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let old = provisioned.center().tokens()[0].id.clone();
    assert!(provisioned.center().delete_token(&old));
    provisioned.world.apply("version: 1\ngroups: [{ name: air, parents: [engineers] }]\n").await;
    provisioned.status(ScimStatus::Stopped).await;
    provisioned.sandbox.forget_requests();
    provisioned.root().await.admin().unwrap().sync_scim_provider("aws-scim").await.unwrap();
    provisioned.until("it is asked", |p| !p.sandbox.requests().is_empty()).await;
    provisioned.status(ScimStatus::Stopped).await;
    for n in 0..3 {
        provisioned.world.apply(&format!("version: 1\ngroups: [{{ name: g{n} }}]\n")).await;
        provisioned.status(ScimStatus::Stopped).await;
    }
    assert_eq!(provisioned.sandbox.requests().len(), 1, "one wish is one question");
    provisioned.root().await.admin().unwrap().sync_scim_provider("aws-scim").await.unwrap();
    provisioned.until("it is asked again", |p| p.sandbox.requests().len() == 2).await;
}
