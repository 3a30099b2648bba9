use domain::Worker;
use model::{EventKind, ListQuery, ScimAdoptionDecision, ScimAdoptionRow, ScimStatus, ScimStepRow};
use serde_json::json;
use tests::{Provisioned, settle};

use crate::{
    provisioning::PEOPLE,
    provisioning_adoption::{by_hand, group, otherwise, rows, user},
};

/// Linus comes, and Grace and he are sailors; Ada is none.
const SAILORS: &str = r"
version: 1
groups: [{ name: sailors }]
users:
  - { username: linus, name: Linus Torvalds, email: linus@example.com, groups: [engineers, sailors] }
  - { username: grace, name: Grace Hopper, email: grace@example.com, groups: [pilots, sailors] }
";

/// A service that was synchronised, where somebody else then made a Linus and a group of sailors with him and Ada in it, and
/// both are wanted here by now. Nobody has decided whose they are.
async fn sailors() -> (Provisioned, Worker) {
    let text = PEOPLE.replace("writes_per_second", "adopt: ask, writes_per_second");
    let provisioned = Provisioned::quiet(&text).await;
    let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
    settle(&mut worker).await;
    by_hand(&provisioned, "/Users", user("linus@example.com")).await;
    let directory = provisioned.center().directory();
    let users = directory["users"].as_array().unwrap();
    let there = |name: &str| users.iter().find(|user| user["userName"] == name).unwrap()["id"].clone();
    let members = ["ada@example.com", "linus@example.com"].map(|name| json!({ "value": there(name) }));
    let mut crew = group("sailors");
    crew["members"] = json!(members);
    by_hand(&provisioned, "/Groups", crew).await;
    provisioned.root().await.admin().unwrap().verify_scim_provider("aws-scim").await.unwrap();
    settle(&mut worker).await;
    provisioned.world.apply(SAILORS).await;
    settle(&mut worker).await;
    (provisioned, worker)
}

/// Decides that everything that waits for it becomes ours.
async fn adopt_all(provisioned: &Provisioned) {
    let waiting = rows(provisioned, "undecided").await.into_iter();
    let decision = |row: ScimAdoptionRow| ScimAdoptionDecision { remote: row.remote, adopt: true, name: row.name };
    let decisions: Vec<_> = waiting.map(decision).collect();
    provisioned.root().await.admin().unwrap().decide_scim_adoption("aws-scim", &decisions).await.unwrap();
}

fn sorted(steps: impl Iterator<Item = ScimStepRow>) -> Vec<String> {
    let mut told: Vec<String> = steps.map(|step| format!("{step:?}")).collect();
    told.sort_unstable();
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_decided_once_there_is_a_mirror_is_planned_with_all_that_follows_and_the_run_does_precisely_that() {
    let (provisioned, mut worker) = sailors().await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let before = admin.scim_plan("aws-scim").await.unwrap();
    assert_eq!((before.total, before.refused.len()), (0, 2), "nobody has decided: {before:?}");

    adopt_all(&provisioned).await;
    let plan = admin.scim_plan("aws-scim").await.unwrap();
    let step = |action: &str, name: &str| {
        let found = plan.steps.iter().find(|step| step.action == action && step.name == name);
        found.unwrap_or_else(|| panic!("{action} {name}: {:#?}", plan.steps))
    };
    assert_eq!(step("adopt", "linus@example.com").kind, "user");
    assert_eq!(step("adopt", "sailors").kind, "group");
    assert!(step("change", "linus@example.com").details.iter().any(|line| line.contains("Torvalds")), "{plan:?}");
    assert_eq!(step("members", "engineers").details, ["+ linus@example.com"]);
    assert_eq!(step("members", "sailors").details, ["+ grace@example.com", "- ada@example.com"], "Linus is in it");
    assert_eq!((plan.counts.adopted, plan.counts.members_added, plan.counts.members_removed), (2, 2, 1));
    assert_eq!((plan.foreign, plan.refused.len()), (0, 0));

    provisioned.sandbox.forget_requests();
    settle(&mut worker).await;
    let health = provisioned.health().await;
    assert_eq!(health.status, ScimStatus::Synced);
    let run = admin.scim_run("aws-scim", health.runs[0].id, &ListQuery::default()).await.unwrap();
    assert!(run.results.rows.iter().all(|result| result.outcome == "done"), "{run:#?}");
    let done = run.results.rows.into_iter().map(|result| result.step);
    assert_eq!(sorted(done), sorted(plan.steps.clone().into_iter()), "the run did something else");
    assert_eq!(provisioned.writes().len() as u64, plan.requests - plan.counts.adopted);
    let after = admin.scim_plan("aws-scim").await.unwrap();
    assert_eq!((after.steps, after.refused), (Vec::new(), Vec::new()));
    let crew = vec!["grace@example.com".to_owned(), "linus@example.com".to_owned()];
    assert!(provisioned.groups().contains(&("sailors".to_owned(), crew)), "{:?}", provisioned.groups());
    // Who is in the group was read once, for the plan.
    let requests = provisioned.sandbox.requests();
    let of_members = |query: &Option<String>| query.as_ref().is_some_and(|query| query.contains("groups.value"));
    assert_eq!(requests.iter().filter(|request| of_members(&request.query)).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_with_decided_adoptions_that_is_kept_is_let_go_as_it_was_shown() {
    let (provisioned, mut worker) = sailors().await;
    adopt_all(&provisioned).await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let kept = admin.keep_scim_plan("aws-scim").await.unwrap();
    assert_eq!(kept.plan.counts.adopted, 2, "{kept:?}");
    admin.apply_scim_plan("aws-scim", &kept.id).await.unwrap();
    settle(&mut worker).await;
    let health = provisioned.health().await;
    assert_eq!((health.status, health.runs[0].steps), (ScimStatus::Synced, kept.plan.total));
    assert_eq!(admin.scim_plan("aws-scim").await.unwrap().total, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_about_is_looked_at_once_more_before_it_becomes_ours() {
    let (provisioned, mut worker) = sailors().await;
    adopt_all(&provisioned).await;
    // Between the decision and the worker, somebody renames the one and deletes the other.
    otherwise(&provisioned, "/Users", "linus@example.com", Some("zoe@example.com")).await;
    otherwise(&provisioned, "/Groups", "sailors", None).await;
    provisioned.sandbox.forget_requests();
    settle(&mut worker).await;
    let told = provisioned.events(EventKind::ProvisioningFailed).await;
    let words: Vec<&str> = told.iter().map(|event| event.message.as_str()).collect();
    assert!(words.iter().any(|words| words.contains("is called zoe@example.com by now")), "{words:#?}");
    assert!(words.iter().any(|words| words.contains("sailors") && words.contains("not there any more")), "{words:#?}");
    let directory = provisioned.center().directory();
    let zoe = directory["users"].as_array().unwrap().iter().find(|user| user["userName"] == "zoe@example.com").unwrap();
    assert_eq!(zoe["displayName"], "By hand", "what had another name was written to");
    // Nothing has the name of the group now, so ours is made; his address is hers still.
    let crew = vec!["grace@example.com".to_owned()];
    assert!(provisioned.groups().contains(&("sailors".to_owned(), crew)), "{:?}", provisioned.groups());
    let plan = provisioned.root().await.auditor().unwrap().scim_plan("aws-scim").await.unwrap();
    assert_eq!((plan.total, plan.refused.len()), (0, 1), "{plan:?}");
    assert_eq!(provisioned.health().await.status, ScimStatus::Synced);
}
