use model::{EventKind, ListQuery, ScimStatus};
use serde_json::json;
use tests::Provisioned;

use crate::provisioning_brake::parked;

/// Some people, two groups of which one is nested, and an application that pushes them.
pub const PEOPLE: &str = r#"
version: 1
groups:
  - { name: engineers }
  - { name: pilots, parents: [engineers] }
users:
  - { username: root, name: The Root, email: root@example.com, password: "analytical-engine-1843", administrator: true }
  - { username: ada, name: Ada Lovelace, email: ada@example.com, groups: [engineers], attributes: { department: Engines } }
  - { username: grace, name: Grace Hopper, email: grace@example.com, groups: [pilots] }
  - { username: robot, name: Robot, email: robot@example.com, service_account: true, groups: [engineers] }
scim_providers:
  - { name: aws-scim, {scim}, writes_per_second: 1000 }
applications:
  - { slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: engineers }] }
"#;

fn active(names: &[&str]) -> Vec<(String, bool)> {
    names.iter().map(|name| (format!("{name}@example.com"), true)).collect()
}

fn group(name: &str, members: &[&str]) -> (String, Vec<String>) {
    (name.to_owned(), members.iter().map(|m| format!("{m}@example.com")).collect())
}

fn many_active(count: usize) -> Vec<(String, bool)> {
    (0..count).map(|n| (format!("u{n:04}@example.com"), true)).collect()
}

/// Many people in the group `sea`.
pub fn many(count: usize, extra: &str) -> String {
    let mut text = String::from("version: 1\ngroups: [{ name: sea }]\nusers:\n");
    text.push_str(
        "  - { username: root, email: root@example.com, password: \"analytical-engine-1843\", administrator: true }\n",
    );
    for n in 0..count {
        text.push_str(&format!("  - {{ username: u{n:04}, email: u{n:04}@example.com, groups: [sea] }}\n"));
    }
    text.push_str(&format!("scim_providers: [{{ name: aws-scim, {{scim}}, writes_per_second: 2000{extra} }}]\n"));
    text.push_str(
        "applications: [{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: sea }] }]\n",
    );
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_synchronisation_brings_exactly_the_scope_with_nested_groups_flattened() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    assert_eq!(provisioned.users(), active(&["ada", "grace"]));
    assert_eq!(provisioned.groups(), [group("engineers", &["ada", "grace"]), group("pilots", &["grace"])]);
    let kinds = provisioned.writes();
    assert_eq!(kinds.len(), 6, "{kinds:?}");
    let directory = provisioned.center().directory();
    let ada = directory["users"].as_array().unwrap().iter().find(|u| u["displayName"] == "Ada Lovelace").unwrap();
    assert_eq!(ada["name"], json!({ "givenName": "Ada", "familyName": "Lovelace" }));
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    assert_eq!(ada[enterprise]["department"], "Engines");
    let health = provisioned.health().await;
    assert_eq!((health.users, health.groups, health.memberships, health.queue), (2, 2, 3, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_here_is_as_few_requests_there_and_no_change_is_none() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    provisioned.sandbox.forget_requests();
    provisioned.world.apply("version: 1\npolicies: [{ name: unused, expression: return True }]\n").await;
    provisioned.synced().await;
    assert_eq!(provisioned.sandbox.requests().len(), 0, "nothing that concerns the service has changed");

    let ada = "version: 1\nusers: [{ username: ada, name: Ada Lovelace, email: ada@example.com, groups: [engineers], attributes: { department: Air } }]\n";
    provisioned.world.apply(ada).await;
    provisioned.synced().await;
    assert_eq!(provisioned.writes(), ["PatchUser"]);

    // The last member leaves: a removal, never a replacement, and the group stays.
    provisioned.sandbox.forget_requests();
    let grace =
        "version: 1\nusers: [{ username: grace, name: Grace Hopper, email: grace@example.com, groups: [engineers] }]\n";
    provisioned.world.apply(grace).await;
    provisioned.synced().await;
    assert_eq!(provisioned.writes(), ["PatchGroup"]);
    assert_eq!(provisioned.groups(), [group("engineers", &["ada", "grace"]), group("pilots", &[])]);
    let body = provisioned.sandbox.requests().pop().unwrap().body.unwrap();
    assert_eq!(body["Operations"][0]["op"], "remove");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_the_group_of_the_application_is_deactivated_and_returns() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let grace = |groups: &str| {
        format!(
            "version: 1\nusers: [{{ username: grace, name: Grace Hopper, email: grace@example.com, groups: [{groups}] }}]\n"
        )
    };
    provisioned.world.apply(&grace("")).await;
    provisioned.until("grace is deactivated", |p| p.users().contains(&("grace@example.com".to_owned(), false))).await;
    provisioned.synced().await;
    assert_eq!(provisioned.groups(), [group("engineers", &["ada"]), group("pilots", &[])]);
    provisioned.world.apply(&grace("pilots")).await;
    provisioned.synced().await;
    assert_eq!(provisioned.users(), active(&["ada", "grace"]));
    assert_eq!(provisioned.groups(), [group("engineers", &["ada", "grace"]), group("pilots", &["grace"])]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_of_250_is_one_creation_and_three_requests_and_one_leaver_is_one() {
    let text = many(250, "");
    let provisioned = Provisioned::new(&text).await;
    provisioned.synced().await;
    let writes = provisioned.writes();
    let of = |kind: &str| writes.iter().filter(|k| *k == kind).count();
    assert_eq!((of("CreateUser"), of("CreateGroup"), of("PatchGroup"), writes.len()), (250, 1, 3, 254));
    assert_eq!(provisioned.groups()[0].1.len(), 250);
    provisioned.sandbox.forget_requests();
    provisioned.world.apply("version: 1\ngroups: [{ name: land }]\n").await;
    provisioned.synced().await;
    assert_eq!(provisioned.writes(), ["CreateGroup"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_emptied_by_mistake_takes_nothing_away_until_an_administrator_says_so() {
    let provisioned = Provisioned::new(&many(40, "")).await;
    provisioned.synced().await;
    provisioned.sandbox.forget_requests();
    let other = "version: 1\ngroups: [{ name: nobody }]\napplications: [{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: nobody }] }]\n";
    provisioned.world.apply(other).await;
    provisioned.status(ScimStatus::WaitsForApproval).await;
    assert_eq!(provisioned.writes(), [""; 0], "the plan did not wait");
    let waiting = provisioned.health().await.pending.unwrap();
    assert!(waiting.why.contains("40 of 40 users"), "{waiting:?}");
    let root = provisioned.root().await;
    assert_eq!(provisioned.events(EventKind::ProvisioningHeld).await.len(), 1);

    let admin = root.admin().unwrap();
    assert!(admin.approve_scim_plan("aws-scim", "another").await.is_err());
    admin.approve_scim_plan("aws-scim", &waiting.id).await.unwrap();
    provisioned.synced().await;
    assert_eq!(provisioned.users().iter().filter(|(_, active)| *active).count(), 0);
    assert_eq!(provisioned.users().len(), 40, "deactivated, not deleted");

    // The same mistake on another day is asked about again.
    let back = other.replace("bindings: [{ group: nobody }]", "bindings: [{ group: sea }]");
    provisioned.world.apply(&back).await;
    provisioned.synced().await;
    assert_eq!(provisioned.users(), many_active(40));
    provisioned.world.apply(other).await;
    provisioned.status(ScimStatus::WaitsForApproval).await;
    assert!(admin.approve_scim_plan("aws-scim", &waiting.id).await.is_err(), "an old consent");
    assert_eq!(provisioned.users(), many_active(40));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_without_the_provider_takes_nothing_away() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    provisioned.world.apply("version: 1\napplications: [{ slug: aws, name: AWS }]\n").await;
    provisioned.status(ScimStatus::NotConnected).await;
    assert_eq!(provisioned.users(), active(&["ada", "grace"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_that_fails_parks_its_object_and_keeps_what_is_there() {
    let text = PEOPLE.replace(
        "scim_providers:",
        "property_mappings:\n  - name: more\n    kind: scim_user\n    expression: |\n      if user.attributes.get('broken'):\n          raise ValueError('no such desk')\n      return {'title': 'Engineer', 'photos': None}\nscim_providers:",
    );
    let text =
        text.replace("writes_per_second", "user_mappings: [more, 'rolecall default SCIM: user'], writes_per_second");
    let provisioned = Provisioned::new(&text).await;
    provisioned.synced().await;
    assert_eq!(provisioned.users(), active(&["ada", "grace"]));
    provisioned.sandbox.forget_requests();
    let ada = "version: 1\nusers: [{ username: ada, name: Ada King, email: ada@example.com, groups: [engineers], attributes: { broken: true } }]\n";
    provisioned.world.apply(ada).await;
    provisioned.synced().await;
    assert_eq!(provisioned.writes(), [""; 0]);
    assert_eq!(provisioned.users(), active(&["ada", "grace"]));
    let events = provisioned.events(EventKind::ProvisioningFailed).await;
    assert_eq!(events.len(), 1);
    assert!(events[0].message.contains("no such desk") && events[0].message.contains("ada"));
    let (health, rows) = parked(&provisioned).await;
    assert_eq!((health.parked, rows.len()), (1, 1), "{rows:?}");
    assert!(health.words.contains("but 1 objects"), "{}", health.words);
    let row = &rows[0];
    assert_eq!((&*row.kind, &*row.name, row.remote.is_empty()), ("user", "ada@example.com", false));
    assert!(
        row.words.starts_with("not sent: the mapping more failed:") && row.words.contains("no such desk"),
        "{row:?}"
    );
    assert!(row.fix.contains("correct the mapping"), "{row:?}");
    let page =
        provisioned.world.signed_in("root").await.get("/admin/scim-providers/aws-scim/objects?filter=parked").await;
    assert!(page.body.contains("no such desk"), "{}", page.body);
    // Who leaves is switched off there all the same, and nothing else of it is touched.
    provisioned.world.apply(&ada.replace("groups:", "active: false, groups:")).await;
    provisioned.synced().await;
    let off = |name: &str| (format!("{name}@example.com"), name != "ada");
    assert_eq!(provisioned.users(), ["ada", "grace"].map(off));
    assert_eq!(provisioned.writes(), ["PatchUser"]);
    assert_eq!(provisioned.events(EventKind::ProvisioningFailed).await.len(), 1, "it fails as before: not again");
    // Mended, it is an object like any other.
    provisioned
        .world
        .apply(&ada.replace("broken: true", "broken: false").replace("groups:", "active: true, groups:"))
        .await;
    provisioned.synced().await;
    assert_eq!(provisioned.users(), active(&["ada", "grace"]));
    let (health, rows) = parked(&provisioned).await;
    assert_eq!((health.parked, rows), (0, Vec::new()));
    assert_eq!(provisioned.events(EventKind::MappingFailed).await, [], "that is told of sign-ons");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_says_what_would_be_done_and_does_nothing() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    let root = provisioned.root().await;
    let plan = root.auditor().unwrap().scim_plan("aws-scim").await.unwrap();
    assert_eq!((plan.requests, plan.counts.users_created, plan.counts.groups_created), (6, 2, 2));
    assert!(plan.steps.iter().any(|s| s.action == "create" && s.name == "ada@example.com"), "{:?}", plan.steps);
    let ada = root.auditor().unwrap().scim_user_preview("aws-scim", "ada").await.unwrap();
    assert!(ada.in_scope && ada.json.contains("\"userName\": \"ada@example.com\""), "{ada:?}");
    let robot = root.auditor().unwrap().scim_user_preview("aws-scim", "robot").await.unwrap();
    assert!(!robot.in_scope);
    let pilots = root.auditor().unwrap().scim_group_preview("aws-scim", "pilots").await.unwrap();
    assert!(pilots.in_scope && pilots.json.contains("pilots"), "{pilots:?}");
    assert_eq!(provisioned.writes(), [""; 0]);
    provisioned.world.services.sync_scim("aws-scim").await.unwrap();
    assert_eq!(provisioned.users(), active(&["ada", "grace"]));
    let objects = root.auditor().unwrap().scim_objects("aws-scim", &ListQuery::default()).await.unwrap();
    assert_eq!(objects.total, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_says_by_which_way_somebody_is_in_each_group() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    let root = provisioned.root().await;
    let grace = root.auditor().unwrap().scim_user_preview("aws-scim", "grace").await.unwrap();
    let ways: Vec<_> = grace.memberships.iter().map(|m| (&*m.group, m.path.join(" "))).collect();
    assert_eq!(ways, [("engineers", "pilots engineers".to_owned()), ("pilots", "pilots".to_owned())]);
    assert_eq!(grace.applications, ["aws"]);
    let robot = root.auditor().unwrap().scim_user_preview("aws-scim", "robot").await.unwrap();
    assert!(!robot.in_scope && robot.memberships.is_empty(), "{robot:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_holds_providers_and_tells_tokens_only_with_secrets() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    let services = &provisioned.world.services;
    let plain = services.export(false).await.unwrap();
    assert!(
        plain.contains("backchannel_providers") && plain.contains("aws-scim") && !plain.contains("token"),
        "{plain}"
    );
    for secrets in [false, true] {
        let first = services.export(secrets).await.unwrap();
        let other = tests::World::empty().await;
        other.apply(&first).await;
        assert_eq!(other.services.export(secrets).await.unwrap(), first);
        let again = other.apply(&first).await;
        assert_eq!(again.steps, [], "{again}");
    }
    assert!(services.export(true).await.unwrap().contains("token:"));
    let cases = [
        ("version: 1\nscim_providers:\n  - { name: s, url: 'http://example.com' }\n", ":3", "https"),
        ("version: 1\nscim_providers:\n  - { name: s, url: 'https://e.com', user_mappings: [nope] }\n", ":3", "nope"),
        ("version: 1\nscim_providers:\n  - name: s\n    url: https://e.com\n    tokken: x\n", ":5", "tokken"),
        ("version: 1\napplications:\n  - { slug: x, name: X, backchannel_providers: [nope] }\n", ":3", "nope"),
        ("version: 1\nscim_providers:\n  - { name: s, url: 'https://e.com', token: 'a b' }\n", ":3", "token"),
    ];
    for (text, place, word) in cases {
        let refused = services.apply("f.yaml", text, &|_| Err("not here".into()), "test", false).await;
        let error = refused.err().unwrap_or_else(|| panic!("accepted: {text}")).to_string();
        assert!(error.contains(place) && error.contains(word), "{text}\n→ {error}");
    }
}
