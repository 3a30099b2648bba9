//! What is there is more than the database takes at once.

use std::{fmt::Write as _, sync::Arc};

use domain::{Next, Services, Worker};
use model::ScimStatus;
use server::outbound::HttpScim;
use tests::{Claims, Provisioned, settle};

use crate::provisioning::PEOPLE;

/// A server of its own with its worker, and what becomes of what that keeps.
async fn server(provisioned: &Provisioned) -> (Services, Worker, Arc<Claims>) {
    let claims = Arc::<Claims>::default();
    let services = provisioned.world.claiming_by(Arc::new(HttpScim::new().unwrap()), &claims).await;
    (services.clone(), Worker::new(services, "aws-scim"), claims)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_and_cannot_be_kept_is_said_and_tried_again_after_a_pause() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    let (_, mut worker, claims) = server(&provisioned).await;
    claims.refuse_snapshots(true);
    for _ in 0..2 {
        let next = worker.round().await.unwrap();
        assert!(matches!(next, Next::After(pause) if pause >= 250), "{next:?}");
        let health = provisioned.health().await;
        assert_eq!(health.status, ScimStatus::Failing);
        assert!(health.words.contains("what is there cannot be kept here"), "{}", health.words);
    }
    assert_eq!(provisioned.writes(), [""; 0], "what is not kept would be made once more");
    claims.refuse_snapshots(false);
    settle(&mut worker).await;
    assert_eq!((provisioned.health().await.status, provisioned.users().len()), (ScimStatus::Synced, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_cannot_be_folded_grows_and_is_said_and_everything_goes_on() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    let (services, mut first, claims) = server(&provisioned).await;
    settle(&mut first).await;
    claims.refuse_snapshots(true);
    // Each of them is three entries of the journal, which is folded after two thousand.
    let mut many = String::from("version: 1\nusers:\n");
    for n in 0..700 {
        let _ = writeln!(many, "  - {{ username: u{n:04}, email: u{n:04}@example.com, groups: [engineers] }}");
    }
    provisioned.world.apply(&many).await;
    services.refresh().await.unwrap();
    settle(&mut first).await;
    let health = provisioned.health().await;
    assert_eq!((health.status, provisioned.users().len()), (ScimStatus::Synced, 702));
    assert!(health.words.contains("cannot be folded"), "{}", health.words);

    provisioned.world.apply("version: 1\ngroups: [{ name: later }]\n").await;
    services.refresh().await.unwrap();
    settle(&mut first).await;
    assert!(provisioned.groups().iter().any(|(name, _)| name == "later"));

    // What was kept is whole: whoever follows finds nothing to do, and folds it.
    drop(first);
    provisioned.world.clock.advance(20);
    provisioned.sandbox.forget_requests();
    let (_, mut second, _) = server(&provisioned).await;
    settle(&mut second).await;
    assert_eq!(
        (provisioned.writes(), provisioned.health().await.words),
        (Vec::new(), "everything is there".to_owned())
    );
}
