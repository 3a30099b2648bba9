//! What takes much away waits for somebody, whichever way it is asked for, and says what it takes.

use domain::Origin;
use model::{EventKind, ListQuery, ScimHealth, ScimObjectLog, ScimStatus};
use reqwest::Method;
use tests::Provisioned;

use crate::provisioning::{PEOPLE, many};

/// The application for nobody: a binding that was emptied by mistake.
pub const EMPTIED: &str = "version: 1\ngroups: [{ name: nobody }]\napplications: [{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: nobody }] }]\n";

async fn alone(provisioned: &Provisioned, kind: &str, local: &str) -> ScimObjectLog {
    let root = provisioned.root().await;
    root.auditor().unwrap().scim_object_log("aws-scim", kind, local).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_object_by_itself_does_not_go_around_the_brake() {
    let mut provisioned = Provisioned::new(&many(40, "")).await;
    provisioned.synced().await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let uid = admin.user("u0007").await.unwrap().user.uid;
    // In one round with the mistake: nobody has held the plan yet.
    provisioned.jobs.shutdown().await;
    provisioned.world.apply(EMPTIED).await;
    provisioned.sandbox.forget_requests();
    admin.sync_scim_object("aws-scim", "group", "sea").await.unwrap();
    provisioned.start();
    provisioned.status(ScimStatus::WaitsForApproval).await;
    assert_eq!(provisioned.writes(), [""; 0], "all memberships were removed");
    let log = alone(&provisioned, "group", "sea").await;
    assert!(!log.good && log.outcome.contains("its plan waits for approval: 40 of 40 users"), "{log:?}");

    admin.sync_scim_object("aws-scim", "user", &uid).await.unwrap();
    provisioned.status(ScimStatus::WaitsForApproval).await;
    assert!(alone(&provisioned, "user", &uid).await.outcome.contains("waits for approval"));
    assert_eq!(provisioned.writes(), [""; 0], "somebody was deactivated");
    // What takes nothing away is not held up.
    admin.sync_scim_object("aws-scim", "group", "nobody").await.unwrap();
    provisioned.status(ScimStatus::WaitsForApproval).await;
    let made = alone(&provisioned, "group", "nobody").await;
    assert!(made.good && provisioned.writes() == ["CreateGroup"], "{made:?}");

    let waiting = provisioned.health().await.pending.unwrap();
    admin.approve_scim_plan("aws-scim", &waiting.id).await.unwrap();
    provisioned.synced().await;
    admin.sync_scim_object("aws-scim", "group", "sea").await.unwrap();
    provisioned.synced().await;
    let log = alone(&provisioned, "group", "sea").await;
    assert!(log.good, "{log:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_group_says_what_is_lost_with_it_in_the_plan_and_wherever_it_is_approved() {
    let strict = "group_deprovision: delete, removal_threshold: { count: 0 }, writes_per_second";
    let provisioned = Provisioned::new(&PEOPLE.replace("writes_per_second", strict)).await;
    provisioned.synced().await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let version = admin.group("pilots").await.unwrap().version;
    admin.delete_group("pilots", version).await.unwrap();
    provisioned.status(ScimStatus::WaitsForApproval).await;
    let lost = "1 member; every permission-set assignment at AWS to pilots is lost, and a new group of that name does not get them back";
    let plan = root.auditor().unwrap().scim_plan("aws-scim").await.unwrap();
    let step = plan.steps.iter().find(|step| step.action == "delete").unwrap();
    assert_eq!((&*step.name, &*step.details), ("pilots", &[lost.to_owned()][..]));
    let assignments = "groups would be deleted with every permission-set assignment to them";
    assert!(plan.hazard.unwrap().contains(assignments));

    let waiting = provisioned.health().await.pending.unwrap();
    assert!(waiting.why.contains(assignments), "{}", waiting.why);
    assert_eq!(waiting.taken[0], format!("group pilots is deleted: {lost}"));
    assert!(waiting.taken.contains(&"user grace@example.com is deactivated".to_owned()), "{:?}", waiting.taken);
    assert_eq!(waiting.removals, waiting.taken.len() as u64);
    let held = provisioned.events(EventKind::ProvisioningHeld).await;
    assert!(held[0].message.contains(assignments) && held[0].detail.to_string().contains(lost), "{held:?}");
    let health = provisioned.world.api("root").await.read("/scim-providers/aws-scim/health").await;
    assert!(health["pending"]["taken"][0].as_str().unwrap().contains(lost), "{health}");

    let browser = provisioned.world.signed_in("root").await;
    let page = browser.get("/admin/scim-providers/aws-scim").await.body;
    for told in [lost, "user grace@example.com is deactivated", "/admin/scim-providers/aws-scim/plan"] {
        assert!(page.contains(told), "{told} is not beside the approval");
    }
    assert!(browser.get("/admin/scim-providers/aws-scim/plan").await.body.contains(lost));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_takes_from_many_names_fifty_and_says_how_many_more_there_are() {
    let provisioned = Provisioned::new(&many(60, "")).await;
    provisioned.synced().await;
    provisioned.world.apply(EMPTIED).await;
    provisioned.status(ScimStatus::WaitsForApproval).await;
    let waiting = provisioned.health().await.pending.unwrap();
    assert_eq!((waiting.taken.len(), waiting.removals), (50, 120));
    let page = provisioned.world.signed_in("root").await.get("/admin/scim-providers/aws-scim").await.body;
    for told in [&*waiting.taken[49], "and 70 more"] {
        assert!(page.contains(told), "{told} is not beside the approval");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_before_everything_had_to_be_read_anew_is_not_deactivated_again() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    provisioned.world.apply("version: 1\nusers: [{ username: grace, email: grace@example.com, groups: [] }]\n").await;
    provisioned.synced().await;
    assert!(provisioned.users().contains(&("grace@example.com".to_owned(), false)));
    // The same service under another address: what is known is made from what is there.
    let token = provisioned.center().tokens().pop().unwrap().secret;
    let url = provisioned.endpoint.replace("127.0.0.1", "localhost");
    provisioned.sandbox.forget_requests();
    let text = format!(
        "version: 1\nscim_providers: [{{ name: aws-scim, url: \"{url}\", token: \"{token}\", writes_per_second: 1000 }}]\n"
    );
    provisioned.world.apply(&text).await;
    provisioned.synced().await;
    assert!(provisioned.sandbox.requests().iter().any(|r| r.path.ends_with("/Users")), "nothing was read");
    assert_eq!(provisioned.writes(), [""; 0]);
}

/// How it stands, and the rows of what is parked.
pub async fn parked(provisioned: &Provisioned) -> (ScimHealth, Vec<model::ScimObjectRow>) {
    let query = ListQuery { filter: "parked".to_owned(), ..ListQuery::default() };
    let root = provisioned.root().await;
    let rows = root.auditor().unwrap().scim_objects("aws-scim", &query).await.unwrap().rows;
    (provisioned.health().await, rows)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_as_it_is_stands_in_the_list_with_the_reason_and_is_told_once() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let told = async || provisioned.events(EventKind::ProvisioningFailed).await.len();
    provisioned.world.apply("version: 1\ngroups: [{ name: AWSAdministrators }]\n").await;
    provisioned.synced().await;
    let (health, rows) = parked(&provisioned).await;
    assert_eq!((health.parked, rows.len()), (1, 1), "{rows:?}");
    let row = &rows[0];
    assert_eq!((&*row.kind, &*row.name, &*row.local), ("group", "AWSAdministrators", "AWSAdministrators"));
    assert!(row.words.starts_with("not sent: displayName:") && !row.fix.is_empty(), "{row:?}");
    let api = provisioned.world.api("root").await;
    let one = api.read("/scim-providers/aws-scim/objects/group/AWSAdministrators").await;
    assert_eq!((&one["row"]["state"], one["row"]["words"].as_str()), (&"parked".into(), Some(&*row.words)), "{one}");
    let browser = provisioned.world.signed_in("root").await;
    for page in ["objects?filter=parked", "objects/group/AWSAdministrators"] {
        let page = browser.get(&format!("/admin/scim-providers/aws-scim/{page}")).await.body;
        assert!(page.contains("not sent: displayName:"), "{page}");
    }
    let events = provisioned.events(EventKind::ProvisioningFailed).await;
    assert!(events[0].message.contains("the group AWSAdministrators cannot be sent to aws-scim"), "{events:?}");
    // It stays so: not again.
    provisioned.world.apply("version: 1\ngroups: [{ name: later }]\n").await;
    provisioned.synced().await;
    assert_eq!(told().await, 1);

    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    admin.rename_group("AWSAdministrators", None, "Wardens").await.unwrap();
    provisioned.synced().await;
    let (health, rows) = parked(&provisioned).await;
    assert_eq!((health.parked, rows), (0, Vec::new()));
    admin.rename_group("Wardens", None, "AWSAdministrators").await.unwrap();
    provisioned.synced().await;
    let (health, rows) = parked(&provisioned).await;
    assert_eq!((health.parked, rows.len(), &*rows[0].name), (1, 1, "Wardens"), "it is there by its former name");
    assert_eq!(told().await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_a_cancelled_synchronisation_is_resumed_and_what_was_refused_is_tried_again() {
    let provisioned = Provisioned::quiet(&many(40, "")).await;
    let services = &provisioned.world.services;
    let refusal = r#"{ "seed": 1, "rules": [{ "when": { "kind": "CreateUser", "nth": [3] }, "then": { "do": "status", "status": 400 } }] }"#;
    provisioned.sandbox.set_faults(serde_json::from_str(refusal).unwrap()).unwrap();
    let health = services.sync_scim("aws-scim").await.unwrap();
    assert_eq!((health.status, health.parked), (ScimStatus::Synced, 1));
    assert_eq!(services.sync_scim("aws-scim").await.unwrap().parked, 0, "what was refused was not tried again");
    assert_eq!(provisioned.users().len(), 40);

    provisioned.world.apply(EMPTIED).await;
    assert_eq!(services.sync_scim("aws-scim").await.unwrap().status, ScimStatus::WaitsForApproval);
    let root = provisioned.root().await;
    root.admin().unwrap().cancel_scim_run("aws-scim").await.unwrap();
    provisioned.world.apply(&EMPTIED.replace("nobody }] }]", "sea }] }]")).await;
    let resumed = services.sync_scim("aws-scim").await.unwrap();
    assert_eq!(resumed.status, ScimStatus::Synced, "{}", resumed.words);
    let asked = provisioned.events(EventKind::Updated).await;
    assert!(asked.iter().any(|e| e.actor == "command line" && e.message.contains("synchronisation of aws-scim")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_synchronisation_counts_as_taken_up_when_a_round_has_seen_it() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let api = provisioned.world.api("root").await;
    let health = async || api.read("/scim-providers/aws-scim/health").await;
    let before = health().await["requested"].as_u64().unwrap();
    assert_eq!(api.send(Method::POST, "/scim-providers/aws-scim/sync", None).await.status, 202);
    assert_eq!(health().await["requested"], before + 1);
    provisioned.synced().await;
    assert_eq!(health().await["tried"], before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_administrators_ask_at_servers_that_do_not_know_of_each_other_yet_is_both_heard() {
    let provisioned = Provisioned::quiet(&many(40, "")).await;
    provisioned.world.services.sync_scim("aws-scim").await.unwrap();
    provisioned.world.apply(EMPTIED).await;
    provisioned.world.services.sync_scim("aws-scim").await.unwrap();
    let token = provisioned.world.token("root").await;
    let other = provisioned.world.restarted().await;
    let elsewhere = other.caller_by_token(&token, &Origin::default()).await.unwrap().unwrap();
    provisioned.root().await.admin().unwrap().cancel_scim_run("aws-scim").await.unwrap();
    // It does not know of the cancellation.
    elsewhere.admin().unwrap().verify_scim_provider("aws-scim").await.unwrap();
    let asked = provisioned.events(EventKind::Updated).await;
    let last = asked.iter().find(|event| event.message.contains("asked for a comparison")).unwrap();
    let asked = &last.detail["asked"];
    assert_eq!(
        (&asked["verify"], &asked["cancelled"]),
        (&1.into(), &asked["sync"]),
        "the cancellation is forgotten: {asked}"
    );
}
