use aws_sandbox::{FaultPlan, FaultRule, Outcome, When};
use model::ScimStatus;
use tests::Provisioned;

use crate::provisioning::PEOPLE;

/// The first requests of a kind, and what becomes of each.
fn faults(kind: &str, outcomes: Vec<Outcome>) -> FaultPlan {
    let rule = |(n, then): (u64, Outcome)| {
        let when = When { kind: Some(kind.to_owned()), nth: vec![n], ..When::default() };
        FaultRule { when, then }
    };
    FaultPlan { seed: 1, rules: (1..).zip(outcomes).map(rule).collect() }
}

fn status(status: u16, applied: bool) -> Outcome {
    Outcome::Status { status, detail: None, body: None, content_type: None, retry_after: None, applied }
}

fn user(name: &str, groups: &str) -> String {
    format!("version: 1\nusers: [{{ username: {name}, email: {name}@example.com, groups: [{groups}] }}]\n")
}

fn there(provisioned: &Provisioned, name: &str) -> Option<bool> {
    let users = provisioned.users();
    users.into_iter().find(|(known, _)| *known == format!("{name}@example.com")).map(|(_, active)| active)
}

async fn new_token(provisioned: &Provisioned) {
    let token = provisioned.center().create_token().unwrap().secret;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let version = admin.scim_provider("aws-scim").await.unwrap().version;
    admin.set_scim_token("aws-scim", version, 1, &token, None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_made_unheard_before_the_token_ended_and_left_meanwhile_is_found_and_deactivated() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let plan = faults("CreateUser", vec![status(500, true), Outcome::ExpireToken]);
    provisioned.sandbox.set_faults(plan).unwrap();
    provisioned.world.apply(&user("linus", "engineers")).await;
    provisioned.status(ScimStatus::Stopped).await;
    assert_eq!(there(&provisioned, "linus"), Some(true), "the first attempt was done, unheard");
    provisioned.world.apply(&user("linus", "")).await;
    new_token(&provisioned).await;
    provisioned.synced().await;
    assert_eq!(there(&provisioned, "linus"), Some(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_made_unheard_and_then_refused_is_ours_and_can_leave() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    provisioned.sandbox.set_faults(faults("CreateUser", vec![status(500, true), status(400, false)])).unwrap();
    provisioned.world.apply(&user("linus", "engineers")).await;
    provisioned.synced().await;
    assert_eq!(there(&provisioned, "linus"), Some(true));
    provisioned.world.apply(&user("linus", "")).await;
    provisioned.synced().await;
    assert_eq!(there(&provisioned, "linus"), Some(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_became_a_member_unheard_and_is_not_wanted_any_more_is_taken_out() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    provisioned.sandbox.set_faults(faults("PatchGroup", vec![status(500, true), status(400, false)])).unwrap();
    provisioned.world.apply(&user("ada", "engineers, pilots")).await;
    provisioned.synced().await;
    let pilots = |p: &Provisioned| p.groups().into_iter().find(|(name, _)| name == "pilots").unwrap().1;
    assert_eq!(pilots(&provisioned), ["ada@example.com", "grace@example.com"], "the first attempt was done, unheard");
    provisioned.world.apply(&user("ada", "engineers")).await;
    provisioned.synced().await;
    assert_eq!(pilots(&provisioned), ["grace@example.com"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_changed_unheard_and_changed_back_here_is_changed_back_there() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let ada = |name: &str| {
        format!(
            "version: 1\nusers: [{{ username: ada, name: {name}, email: ada@example.com, groups: [engineers], attributes: {{ department: Engines }} }}]\n"
        )
    };
    provisioned.sandbox.set_faults(faults("PatchUser", vec![status(500, true), Outcome::ExpireToken])).unwrap();
    provisioned.world.apply(&ada("Ada King")).await;
    provisioned.status(ScimStatus::Stopped).await;
    provisioned.world.apply(&ada("Ada Lovelace")).await;
    new_token(&provisioned).await;
    provisioned.synced().await;
    let directory = provisioned.center().directory();
    let names: Vec<_> = directory["users"].as_array().unwrap().iter().map(|user| user["displayName"].clone()).collect();
    assert!(names.contains(&"Ada Lovelace".into()), "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_nobody_answered_is_not_repeated_once_the_person_is_back() {
    let text = PEOPLE.replace("writes_per_second", "deprovision: delete, writes_per_second");
    let provisioned = Provisioned::new(&text).await;
    provisioned.synced().await;
    let id = |p: &Provisioned| {
        let directory = p.center().directory();
        let users = directory["users"].as_array().unwrap().clone();
        users.into_iter().find(|user| user["userName"] == "grace@example.com").map(|user| user["id"].clone())
    };
    let before = id(&provisioned).unwrap();
    // Not one deletion gets through, so both sides can only become the same without one.
    let when = When { kind: Some("DeleteUser".to_owned()), ..When::default() };
    provisioned.sandbox.set_faults(FaultPlan::of(when, status(503, false))).unwrap();
    provisioned.world.apply(&user("grace", "")).await;
    provisioned.turns(ScimStatus::Failing).await;
    provisioned.world.apply(&user("grace", "pilots")).await;
    provisioned.synced().await;
    assert_eq!(id(&provisioned), Some(before), "she is another account now, without what was assigned to her");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_given_an_address_that_is_in_doubt_has_it_as_soon_as_the_doubt_is_over() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    // Somebody is made unheard, and nobody can be asked for.
    let rule = |kind: &str, nth: Vec<u64>, then: Outcome| FaultRule {
        when: When { kind: Some(kind.to_owned()), nth, ..When::default() },
        then,
    };
    let rules = vec![rule("CreateUser", vec![1], status(500, true)), rule("ListUsers", vec![], status(503, false))];
    provisioned.sandbox.set_faults(FaultPlan { seed: 1, rules }).unwrap();
    provisioned.world.apply(&user("linus", "engineers")).await;
    provisioned.turns(ScimStatus::Failing).await;
    // The address is somebody else's from now on.
    let swapped = "version: 1
users:
  - { username: linus, email: torvalds@example.com, groups: [engineers] }
  - { username: grace, name: Grace Hopper, email: linus@example.com, groups: [pilots] }
";
    provisioned.world.apply(swapped).await;
    let refused = |p: &Provisioned| {
        p.sandbox.requests().iter().any(|request| request.kind == "PatchUser" && request.status == Some(409))
    };
    provisioned.until("the address is refused", refused).await;
    provisioned.sandbox.set_faults(FaultPlan::default()).unwrap();
    provisioned.synced().await;
    let names: Vec<String> = provisioned.users().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["ada@example.com", "linus@example.com", "torvalds@example.com"]);
    let health = provisioned.health().await;
    assert_eq!((health.words.as_str(), health.parked), ("everything is there", 0));
    assert_eq!(provisioned.events(model::EventKind::ProvisioningFailed).await, []);
}
