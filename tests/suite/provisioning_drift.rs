use model::{EventKind, ListQuery, ScimDrift, ScimStatus};
use reqwest::Method;
use serde_json::{Value, json};
use tests::Provisioned;

use crate::provisioning::PEOPLE;

/// What somebody else does at the service.
async fn meddle(provisioned: &Provisioned, method: Method, path: &str, body: Option<Value>) {
    let token = provisioned.center().tokens().pop().unwrap().secret;
    let url = format!("{}{path}", provisioned.endpoint);
    let mut request = reqwest::Client::new().request(method, url).bearer_auth(token);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{} {}", answer.status(), answer.text().await.unwrap());
}

#[expect(clippy::unnecessary_wraps, reason = "what is sent may be nothing")]
fn patch(operations: Value) -> Option<Value> {
    Some(json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations }))
}

/// The identifier there of a user or a group.
async fn remote(provisioned: &Provisioned, name: &str) -> String {
    let root = provisioned.root().await;
    let objects = root.auditor().unwrap().scim_objects("aws-scim", &ListQuery::default()).await.unwrap();
    objects.rows.into_iter().find(|row| row.name == name).unwrap().remote
}

/// Somebody changes a name, takes a member out of a group and deletes a group.
async fn meddle_with_everything(provisioned: &Provisioned) {
    let (ada, grace) = (remote(provisioned, "ada@example.com").await, remote(provisioned, "grace@example.com").await);
    let (engineers, pilots) = (remote(provisioned, "engineers").await, remote(provisioned, "pilots").await);
    let name = json!([{ "op": "replace", "path": "displayName", "value": "By hand" }]);
    meddle(provisioned, Method::PATCH, &format!("/Users/{ada}"), patch(name)).await;
    let out = json!([{ "op": "remove", "path": "members", "value": [{ "value": grace }] }]);
    meddle(provisioned, Method::PATCH, &format!("/Groups/{engineers}"), patch(out)).await;
    meddle(provisioned, Method::DELETE, &format!("/Groups/{pilots}"), None).await;
}

async fn drift(provisioned: &Provisioned) -> ScimDrift {
    provisioned.root().await.auditor().unwrap().scim_drift("aws-scim").await.unwrap()
}

fn lines(drift: &ScimDrift) -> Vec<[&str; 5]> {
    let mut lines: Vec<_> = drift.rows.iter().map(|r| [&*r.what, &*r.name, &*r.path, &*r.ours, &*r.theirs]).collect();
    lines.sort_unstable();
    lines
}

const FOUND: [[&str; 5]; 3] = [
    ["attribute", "ada@example.com", "displayName", "\"Ada Lovelace\"", "\"By hand\""],
    ["member_removed", "engineers", "grace@example.com", "", ""],
    ["missing", "pilots", "", "", ""],
];

fn as_it_should_be(provisioned: &Provisioned) -> bool {
    let directory = provisioned.center().directory().to_string();
    let group =
        |name: &str, members: &[&str]| (name.to_owned(), members.iter().map(|m| format!("{m}@example.com")).collect());
    directory.contains("\"Ada Lovelace\"")
        && provisioned.groups() == [group("engineers", &["ada", "grace"]), group("pilots", &["grace"])]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_changed_is_shown_and_stays_until_an_administrator_lets_it_be_put_right() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    meddle_with_everything(&provisioned).await;
    provisioned.sandbox.forget_requests();
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    admin.verify_scim_provider("aws-scim").await.unwrap();
    provisioned.synced().await;
    assert_eq!(provisioned.writes(), [""; 0], "it is shown before it is put right");
    let found = drift(&provisioned).await;
    assert_eq!(lines(&found), FOUND);
    assert!(!found.repaired && found.total == 3, "{found:?}");
    let health = provisioned.health().await;
    assert!(health.drift == 3 && health.words.contains("3 differences"), "{health:?}");

    // The same once more is told once, and keeps its name.
    admin.verify_scim_provider("aws-scim").await.unwrap();
    provisioned.synced().await;
    assert_eq!(drift(&provisioned).await, found);
    assert_eq!(provisioned.events(EventKind::DriftFound).await.len(), 1);

    assert!(admin.repair_scim_drift("aws-scim", "another").await.is_err());
    admin.repair_scim_drift("aws-scim", &found.id).await.unwrap();
    provisioned.synced().await;
    assert!(as_it_should_be(&provisioned), "{:?}", provisioned.groups());
    let repaired = drift(&provisioned).await;
    assert_eq!((lines(&repaired), repaired.repaired), (FOUND.to_vec(), true));
    assert_eq!(provisioned.health().await.drift, 0);
    assert!(admin.repair_scim_drift("aws-scim", &repaired.id).await.is_err(), "it does not wait any more");

    // What is done again after that is another report: a consent is good once.
    let ada = remote(&provisioned, "ada@example.com").await;
    let name = json!([{ "op": "replace", "path": "displayName", "value": "By hand" }]);
    for _ in 0..2 {
        meddle(&provisioned, Method::PATCH, &format!("/Users/{ada}"), patch(name.clone())).await;
        admin.verify_scim_provider("aws-scim").await.unwrap();
        provisioned.synced().await;
        let again = drift(&provisioned).await;
        assert!(!again.repaired && lines(&again) == FOUND[..1], "{again:?}");
        provisioned.world.clock.advance(60);
        admin.repair_scim_drift("aws-scim", &again.id).await.unwrap();
        provisioned.synced().await;
        assert!(as_it_should_be(&provisioned) && drift(&provisioned).await.repaired);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repair_covers_what_was_shown_and_nothing_that_was_changed_since() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    meddle_with_everything(&provisioned).await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    admin.verify_scim_provider("aws-scim").await.unwrap();
    provisioned.synced().await;
    let found = drift(&provisioned).await;
    let ada = remote(&provisioned, "ada@example.com").await;
    let name = json!([{ "op": "replace", "path": "displayName", "value": "By another hand" }]);
    meddle(&provisioned, Method::PATCH, &format!("/Users/{ada}"), patch(name)).await;
    admin.repair_scim_drift("aws-scim", &found.id).await.unwrap();
    provisioned.synced().await;
    assert_eq!(provisioned.groups().len(), 2, "what was shown is put right");
    let left = drift(&provisioned).await;
    assert_eq!(
        lines(&left),
        [["attribute", "ada@example.com", "displayName", "\"Ada Lovelace\"", "\"By another hand\""]]
    );
    assert!(!left.repaired && left.id != found.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comparison_is_made_every_day_and_repairs_by_itself_where_that_is_wanted() {
    let text = PEOPLE.replace("writes_per_second", "drift: repair, writes_per_second");
    let provisioned = Provisioned::new(&text).await;
    provisioned.synced().await;
    meddle_with_everything(&provisioned).await;
    provisioned.world.clock.advance(23 * 3_600);
    provisioned.world.apply("version: 1\npolicies: [{ name: a, expression: return True }]\n").await;
    provisioned.synced().await;
    assert!(!as_it_should_be(&provisioned), "it was compared too early");
    // Nothing changes here: the worker looks at the time by itself.
    provisioned.world.clock.advance(2 * 3_600);
    provisioned.until("it is put right", as_it_should_be).await;
    provisioned.synced().await;
    let found = drift(&provisioned).await;
    assert_eq!((lines(&found), found.repaired), (FOUND.to_vec(), true));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_schedule_nothing_is_read_and_the_file_keeps_both_settings() {
    let text = PEOPLE.replace("writes_per_second", "verify_every: null, drift: repair, writes_per_second");
    let provisioned = Provisioned::new(&text).await;
    provisioned.synced().await;
    provisioned.sandbox.forget_requests();
    provisioned.world.clock.advance(50 * 86_400);
    provisioned.world.apply("version: 1\npolicies: [{ name: a, expression: return True }]\n").await;
    provisioned.synced().await;
    assert_eq!(provisioned.sandbox.requests().len(), 0);
    let export = provisioned.world.services.export(false).await.unwrap();
    assert!(export.contains("verify_every: null") && export.contains("drift: repair"), "{export}");
    let short = "version: 1\nscim_providers:\n  - { name: s, url: 'https://e.com', verify_every: 10s }\n";
    let refused = provisioned.world.services.apply("f.yaml", short, &|_| Err("none".into()), "test", false).await;
    assert!(refused.unwrap_err().to_string().contains("verify_every"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_there_with_our_identifier_and_not_in_scope_is_found_by_a_comparison() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    provisioned.world.apply("version: 1\nusers: [{ username: linus, email: linus@example.com }]\n").await;
    provisioned.synced().await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let preview = admin.scim_user_preview("aws-scim", "linus").await.unwrap();
    // As if a request had been done of which nobody ever heard.
    let body: Value = serde_json::from_str(&preview.json).unwrap();
    meddle(&provisioned, Method::POST, "/Users", Some(body)).await;
    admin.verify_scim_provider("aws-scim").await.unwrap();
    provisioned.synced().await;
    let found = drift(&provisioned).await;
    assert_eq!((&*found.rows[0].what, &*found.rows[0].name), ("forgotten", "linus@example.com"));
    admin.repair_scim_drift("aws-scim", &found.id).await.unwrap();
    provisioned.synced().await;
    assert!(provisioned.users().contains(&("linus@example.com".to_owned(), false)), "{:?}", provisioned.users());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comparison_that_cannot_be_made_holds_up_no_change() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let when = aws_sandbox::When { kind: Some("ListUsers".to_owned()), ..aws_sandbox::When::default() };
    let then = aws_sandbox::Outcome::Status {
        status: 500,
        detail: None,
        body: None,
        content_type: None,
        retry_after: None,
        applied: false,
    };
    provisioned.sandbox.set_faults(aws_sandbox::FaultPlan::of(when, then)).unwrap();
    let root = provisioned.root().await;
    root.admin().unwrap().verify_scim_provider("aws-scim").await.unwrap();
    provisioned.world.apply("version: 1\ngroups: [{ name: later }]\n").await;
    provisioned.until("the change", |p| p.groups().iter().any(|(name, _)| name == "later")).await;
    // Somebody asked for the comparison and is told; the change went out all the same.
    for _ in 0..200 {
        if provisioned.health().await.status == ScimStatus::Failing {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(provisioned.health().await.status, ScimStatus::Failing);
    let before = provisioned.health().await.last_verified;
    provisioned.world.clock.advance(1_000);
    provisioned.sandbox.set_faults(aws_sandbox::FaultPlan::default()).unwrap();
    provisioned.synced().await;
    assert_ne!(provisioned.health().await.last_verified, before, "it is made later");
}
