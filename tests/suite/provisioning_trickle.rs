//! What is taken away a little at a time adds up, and waits like what is taken at once.

use std::ops::Range;

use aws_sandbox::{FaultPlan, FaultRule, Outcome, When};
use model::ScimStatus;
use tests::Provisioned;

use crate::provisioning::many;

const DAY: i64 = 86_400;

/// Forty people, of whom ten may be taken at once.
async fn forty() -> Provisioned {
    let provisioned = Provisioned::new(&many(40, ", removal_threshold: { count: 10, percent: 100 }")).await;
    provisioned.synced().await;
    provisioned
}

/// People come into the group of the application, or leave it.
async fn put(provisioned: &Provisioned, people: Range<usize>, groups: &str) {
    let user = |n| format!("  - {{ username: u{n:04}, email: u{n:04}@example.com, groups: [{groups}] }}\n");
    let users: String = people.map(user).collect();
    provisioned.world.apply(&format!("version: 1\nusers:\n{users}")).await;
}

async fn leave(provisioned: &Provisioned, people: Range<usize>) {
    put(provisioned, people, "").await;
}

fn inactive(provisioned: &Provisioned) -> usize {
    provisioned.users().iter().filter(|(_, active)| !active).count()
}

async fn why(provisioned: &Provisioned) -> String {
    provisioned.health().await.pending.unwrap().why
}

#[tokio::test(flavor = "multi_thread")]
async fn plans_that_each_stay_below_the_threshold_wait_when_they_add_up_and_are_free_a_day_later() {
    let mut provisioned = forty().await;
    for (n, people) in [0..4, 4..8].into_iter().enumerate() {
        leave(&provisioned, people).await;
        provisioned.synced().await;
        assert_eq!(inactive(&provisioned), (n + 1) * 4);
        provisioned.world.clock.advance(60);
    }
    leave(&provisioned, 8..12).await;
    provisioned.status(ScimStatus::WaitsForApproval).await;
    let told = why(&provisioned).await;
    assert!(told.contains("4 of 40 users would lose access now, and 8 have lost it since 20"), "{told}");
    let root = provisioned.root().await;
    let plan = root.auditor().unwrap().scim_plan("aws-scim").await.unwrap();
    assert_eq!(plan.hazard.as_deref(), Some(&*told), "the plan does not say what the approval says");

    provisioned.restart().await;
    provisioned.status(ScimStatus::WaitsForApproval).await;
    assert_eq!((inactive(&provisioned), why(&provisioned).await), (8, told));
    provisioned.world.clock.advance(DAY);
    provisioned.synced().await;
    assert_eq!(inactive(&provisioned), 12, "a day later it did not go by itself");
    leave(&provisioned, 12..16).await;
    provisioned.synced().await;
    leave(&provisioned, 16..20).await;
    provisioned.status(ScimStatus::WaitsForApproval).await;
    assert!(why(&provisioned).await.contains("and 8 have lost it since"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_begins_the_day_anew_and_what_was_approved_is_not_counted() {
    let provisioned = forty().await;
    for people in [0..8, 8..12] {
        leave(&provisioned, people).await;
        let waits = inactive(&provisioned) > 0;
        provisioned.status(if waits { ScimStatus::WaitsForApproval } else { ScimStatus::Synced }).await;
    }
    let waiting = provisioned.health().await.pending.unwrap();
    let root = provisioned.root().await;
    root.admin().unwrap().approve_scim_plan("aws-scim", &waiting.id).await.unwrap();
    provisioned.synced().await;
    assert_eq!(inactive(&provisioned), 12);
    leave(&provisioned, 12..22).await;
    provisioned.synced().await;
    assert_eq!(inactive(&provisioned), 22, "what was approved counted once more");
    leave(&provisioned, 22..23).await;
    provisioned.status(ScimStatus::WaitsForApproval).await;
    // Those whom the approval let go are not among the 28 who had access when the day began anew.
    assert!(why(&provisioned).await.contains("1 of 28 users would lose access now, and 10 have lost it since"));
    // Joiners of the same plan wait with it; without the leaver they go.
    put(&provisioned, 22..23, "sea").await;
    provisioned.synced().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_back_has_lost_nothing_and_the_same_people_may_leave_again() {
    let provisioned = forty().await;
    for _ in 0..3 {
        leave(&provisioned, 0..8).await;
        provisioned.synced().await;
        assert_eq!(inactive(&provisioned), 8);
        put(&provisioned, 0..8, "sea").await;
        provisioned.synced().await;
        assert_eq!(inactive(&provisioned), 0);
    }
    leave(&provisioned, 8..16).await;
    provisioned.synced().await;
    assert_eq!(inactive(&provisioned), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_broken_off_in_the_middle_has_counted_what_it_took() {
    let mut provisioned = forty().await;
    let delay = FaultRule { when: When::default(), then: Outcome::Delay { milliseconds: 60 } };
    provisioned.sandbox.set_faults(FaultPlan { seed: 1, rules: vec![delay] }).unwrap();
    leave(&provisioned, 0..9).await;
    provisioned.until("some are out", |p| inactive(p) > 0).await;
    provisioned.restart().await;
    provisioned.synced().await;
    assert_eq!(inactive(&provisioned), 9);
    leave(&provisioned, 9..11).await;
    provisioned.status(ScimStatus::WaitsForApproval).await;
    assert!(why(&provisioned).await.contains("and 9 have lost it since"), "{}", why(&provisioned).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_object_by_itself_does_not_go_around_what_adds_up() {
    let mut provisioned = forty().await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let uid = admin.user("u0009").await.unwrap().user.uid;
    leave(&provisioned, 0..8).await;
    provisioned.synced().await;
    provisioned.jobs.shutdown().await;
    leave(&provisioned, 8..12).await;
    admin.sync_scim_object("aws-scim", "user", &uid).await.unwrap();
    provisioned.start();
    provisioned.status(ScimStatus::WaitsForApproval).await;
    let log = root.auditor().unwrap().scim_object_log("aws-scim", "user", &uid).await.unwrap().unwrap();
    assert!(!log.good && log.outcome.contains("and 8 have lost it since"), "{log:?}");
    assert_eq!(inactive(&provisioned), 8);
}
