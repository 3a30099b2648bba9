use std::time::Duration;

use aws_sandbox::{FaultPlan, Outcome, When};
use model::{ListQuery, ScimObjectLog, ScimProgress, ScimRunDetail, ScimStatus};
use tests::{Provisioned, in_time};

use crate::provisioning::{PEOPLE, many};

async fn run(provisioned: &Provisioned, id: u64, filter: &str) -> ScimRunDetail {
    let query = ListQuery { filter: filter.to_owned(), ..ListQuery::default() };
    provisioned.root().await.auditor().unwrap().scim_run("aws-scim", id, &query).await.unwrap()
}

async fn progress(provisioned: &Provisioned) -> ScimProgress {
    provisioned.root().await.auditor().unwrap().scim_progress("aws-scim").await.unwrap()
}

fn refuse(kind: &str, nth: Vec<u64>) -> FaultPlan {
    let when = When { kind: Some(kind.to_owned()), nth, ..When::default() };
    let detail = Some("The desk is taken.".to_owned());
    let then =
        Outcome::Status { status: 400, detail, body: None, content_type: None, retry_after: None, applied: false };
    FaultPlan::of(when, then)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_shows_how_far_it_is_and_when_cancelled_sends_nothing_until_it_is_asked_to_go_on() {
    let text = many(150, "").replace("writes_per_second: 2000", "writes_per_second: 40");
    let provisioned = Provisioned::new(&text).await;
    let under_way = in_time("a run that shows how far it is", async {
        loop {
            let now = progress(&provisioned).await;
            if let Some(run) = now.run.filter(|run| run.seconds_left.is_some()) {
                break run;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    })
    .await;
    assert!(under_way.settled > 0 && under_way.settled < under_way.steps && under_way.per_minute > 0, "{under_way:?}");
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    admin.cancel_scim_run("aws-scim").await.unwrap();
    provisioned.status(ScimStatus::Cancelled).await;
    let there = provisioned.users().len();
    assert!(there < 150, "everything was sent all the same");
    let cancelled = provisioned.health().await;
    assert_eq!(cancelled.runs[0].outcome, "cancelled by an administrator");
    assert_eq!(run(&provisioned, cancelled.runs[0].id, "done").await.results.total, there as u64);

    provisioned.sandbox.forget_requests();
    provisioned.world.apply("version: 1\ngroups: [{ name: later }]\n").await;
    provisioned.status(ScimStatus::Cancelled).await;
    assert_eq!(provisioned.sandbox.requests().len(), 0);
    assert!(admin.cancel_scim_run("aws-scim").await.is_err(), "nothing is under way");
    assert!(admin.sync_scim_object("aws-scim", "group", "later").await.is_err());
    admin.sync_scim_provider("aws-scim").await.unwrap();
    provisioned.synced().await;
    assert_eq!((provisioned.users().len(), provisioned.groups().len()), (150, 2));
    assert_eq!(progress(&provisioned).await.run, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_waits_can_be_cancelled_and_waits_again_when_it_is_asked_for() {
    let provisioned = Provisioned::new(&many(40, "")).await;
    provisioned.synced().await;
    provisioned.sandbox.forget_requests();
    let other = "version: 1\ngroups: [{ name: nobody }]\napplications: [{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: nobody }] }]\n";
    provisioned.world.apply(other).await;
    provisioned.status(ScimStatus::WaitsForApproval).await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let waiting = provisioned.health().await.pending.unwrap();
    admin.cancel_scim_run("aws-scim").await.unwrap();
    provisioned.status(ScimStatus::Cancelled).await;
    assert!(admin.approve_scim_plan("aws-scim", &waiting.id).await.is_err());
    admin.sync_scim_provider("aws-scim").await.unwrap();
    provisioned.status(ScimStatus::WaitsForApproval).await;
    assert_eq!(provisioned.writes(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_keeps_what_became_of_each_object_with_the_words_of_the_service() {
    let mut provisioned = Provisioned::quiet(&many(250, "")).await;
    provisioned.sandbox.set_faults(refuse("CreateUser", vec![7])).unwrap();
    provisioned.start();
    provisioned.synced().await;
    let runs = provisioned.health().await.runs;
    let id = runs.last().unwrap().id;
    assert_eq!(id, 1);
    // 250 people, of whom one is refused, the group, and three requests for its members.
    assert_eq!(runs.iter().map(|run| run.results).sum::<u64>(), 254);
    let all = run(&provisioned, id, "").await;
    assert!(all.run.results > 200 && all.run.results == all.results.total, "{:?}", all.run);
    let refused = run(&provisioned, id, "refused").await.results;
    assert_eq!((refused.total, all.run.parked), (1, 1));
    assert!(refused.rows[0].words.contains("The desk is taken."), "{refused:?}");
    assert_eq!(refused.rows[0].step.action, "create");
    let root = provisioned.root().await;
    let query = ListQuery { q: "u0042".to_owned(), ..ListQuery::default() };
    let one = root.auditor().unwrap().scim_run("aws-scim", id, &query).await.unwrap();
    assert_eq!(one.results.rows[0].step.name, "u0042@example.com");
    assert!(root.auditor().unwrap().scim_run("aws-scim", 99, &query).await.is_err());
    for n in 0..25 {
        provisioned.world.apply(&format!("version: 1\ngroups: [{{ name: g{n} }}]\n")).await;
        provisioned.synced().await;
    }
    assert_eq!(provisioned.health().await.runs.len(), 20);
    assert!(root.auditor().unwrap().scim_run("aws-scim", id, &query).await.is_err(), "the oldest are forgotten");
}

async fn log(provisioned: &Provisioned, kind: &str, local: &str) -> Option<ScimObjectLog> {
    provisioned.root().await.auditor().unwrap().scim_object_log("aws-scim", kind, local).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_object_is_brought_by_itself_with_a_log_of_every_request() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    assert!(admin.sync_scim_object("aws-scim", "dog", "x").await.is_err());
    provisioned.sandbox.set_faults(refuse("CreateUser", vec![1, 2])).unwrap();
    let linus = "version: 1\nusers: [{ username: linus, email: linus@example.com, groups: [engineers] }]\n";
    provisioned.world.apply(linus).await;
    provisioned.synced().await;
    let parked = admin.scim_objects("aws-scim", &ListQuery::default()).await.unwrap();
    let parked = parked.rows.into_iter().find(|row| row.state == "parked").unwrap();
    assert_eq!(log(&provisioned, "user", &parked.local).await, None);

    admin.sync_scim_object("aws-scim", "user", &parked.local).await.unwrap();
    provisioned.synced().await;
    let refused = log(&provisioned, "user", &parked.local).await.unwrap();
    assert!(!refused.good && refused.outcome.contains("The desk is taken."), "{refused:?}");
    admin.sync_scim_object("aws-scim", "user", &parked.local).await.unwrap();
    provisioned.synced().await;
    let done = log(&provisioned, "user", &parked.local).await.unwrap();
    assert!(done.good, "{done:?}");
    let lines: Vec<_> = done.lines.iter().map(|line| (&*line.request, &*line.answer)).collect();
    assert_eq!(lines, [("POST /Users", "201")]);
    assert!(
        done.lines[0].body.contains("linus@example.com") && done.lines[0].answer_body.contains("linus@example.com")
    );
    let token = provisioned.center().tokens()[0].secret.clone();
    assert!(!serde_json::to_string(&done).unwrap().contains(&token));

    // What others did to it is seen, though nobody has compared.
    let rows = admin.scim_objects("aws-scim", &ListQuery::default()).await.unwrap().rows;
    let engineers = rows.into_iter().find(|row| row.name == "engineers").unwrap();
    let url = format!("{}/Groups/{}", provisioned.endpoint, engineers.remote);
    assert!(reqwest::Client::new().delete(url).bearer_auth(token).send().await.unwrap().status().is_success());
    admin.sync_scim_object("aws-scim", "group", "engineers").await.unwrap();
    provisioned.synced().await;
    let members = provisioned.groups().into_iter().find(|(name, _)| name == "engineers").unwrap().1;
    assert_eq!(members, ["ada@example.com", "grace@example.com", "linus@example.com"]);
    let lines = log(&provisioned, "group", "engineers").await.unwrap().lines;
    assert!(lines.iter().any(|line| line.request.starts_with("GET /Groups/") && line.answer == "404"), "{lines:?}");
}
