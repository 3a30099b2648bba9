use axum::http::StatusCode;
use domain::Error;
use model::{ListQuery, ScimStatus, ScimStoredPlanDetail};
use serde_json::json;
use tests::Provisioned;

use crate::{provisioning::many, provisioning_brake::EMPTIED, scim_command::Desk};

const EVERYBODY: &str = "version: 1\napplications: [{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: sea }] }]\n";

/// Forty people who are there, and a worker that rests until it is asked.
async fn paused() -> Provisioned {
    let provisioned = Provisioned::new(&many(40, "")).await;
    provisioned.synced().await;
    provisioned.world.apply(EMPTIED).await;
    provisioned.status(ScimStatus::WaitsForApproval).await;
    provisioned.root().await.admin().unwrap().cancel_scim_run("aws-scim").await.unwrap();
    provisioned.status(ScimStatus::Cancelled).await;
    provisioned.sandbox.forget_requests();
    provisioned
}

async fn detail(provisioned: &Provisioned, id: &str, query: ListQuery) -> ScimStoredPlanDetail {
    provisioned.root().await.auditor().unwrap().scim_stored_plan("aws-scim", id, &query).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_plan_shows_every_step_and_goes_once_as_it_is_with_what_it_takes_away() {
    let provisioned = paused().await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let kept = admin.keep_scim_plan("aws-scim").await.unwrap();
    assert!(kept.plan.hazard.as_deref().is_some_and(|why| why.contains("40 of 40 users")), "{kept:?}");
    let shown = detail(&provisioned, &kept.id, ListQuery { filter: "deactivate".into(), ..ListQuery::default() }).await;
    assert_eq!((shown.steps.total, shown.stored.by.as_str()), (40, "root"));
    let one = detail(&provisioned, &kept.id, ListQuery { q: "u0007".into(), ..ListQuery::default() }).await;
    assert_eq!(one.steps.total, 1, "{one:?}");
    assert_eq!(provisioned.sandbox.requests().len(), 0, "looking sends nothing");

    admin.apply_scim_plan("aws-scim", &kept.id).await.unwrap();
    provisioned.synced().await;
    assert!(provisioned.users().iter().all(|(_, active)| !active), "{:?}", provisioned.users());
    assert!(
        matches!(admin.apply_scim_plan("aws-scim", &kept.id).await, Err(Error::Conflict(_))),
        "it is good for once"
    );

    // Consent to one plan is no consent to one like it later.
    provisioned.world.apply(EVERYBODY).await;
    provisioned.until("they are back", |p| p.users().iter().all(|(_, active)| *active)).await;
    provisioned.synced().await;
    provisioned.world.apply(EMPTIED).await;
    provisioned.status(ScimStatus::WaitsForApproval).await;
    assert!(provisioned.users().iter().all(|(_, active)| *active));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_plan_that_is_not_what_would_be_done_any_more_is_refused_and_nothing_is_sent() {
    let provisioned = paused().await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let kept = admin.keep_scim_plan("aws-scim").await.unwrap();
    provisioned.world.apply(&format!("{EMPTIED}users: [{{ username: u0001, email: other@example.com }}]\n")).await;
    provisioned.world.apply(EVERYBODY).await;
    let refused = admin.apply_scim_plan("aws-scim", &kept.id).await;
    assert!(matches!(&refused, Err(Error::Conflict(why)) if why.contains("keep a new one")), "{refused:?}");
    provisioned.status(ScimStatus::Cancelled).await;
    assert_eq!(provisioned.sandbox.requests().len(), 0);
    admin.discard_scim_plan("aws-scim", &kept.id).await.unwrap();
    for id in [kept.id.as_str(), "", "../x", "zz"] {
        let found = admin.apply_scim_plan("aws-scim", id).await;
        assert!(matches!(found, Err(Error::NotFound { .. })), "{id}: {found:?}");
    }
    let listed = root.auditor().unwrap().scim_plans("aws-scim", &ListQuery::default()).await.unwrap();
    assert_eq!(listed.total, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_plans_are_kept_and_the_oldest_makes_room_with_all_its_steps() {
    let provisioned = paused().await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let first = admin.keep_scim_plan("aws-scim").await.unwrap();
    let mut last = first.clone();
    for _ in 0..20 {
        last = admin.keep_scim_plan("aws-scim").await.unwrap();
    }
    let auditor = root.auditor().unwrap();
    let listed = auditor.scim_plans("aws-scim", &ListQuery::default()).await.unwrap();
    assert_eq!((listed.total, &listed.rows[0].id), (20, &last.id));
    let gone = auditor.scim_stored_plan("aws-scim", &first.id, &ListQuery::default()).await;
    assert!(matches!(gone, Err(Error::NotFound { .. })), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_keeps_shows_and_lets_a_plan_go_and_says_why_it_cannot() {
    let provisioned = paused().await;
    let root = provisioned.world.signed_in("root").await;
    let plans = "/admin/scim-providers/aws-scim/plans";
    assert!(root.get(plans).await.body.contains("No plan is kept"));
    let kept = root.post(&format!("{plans}/-/new"), &[]).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER);
    let page = kept.location();
    let shown = root.get(page).await.body;
    assert!(shown.contains("40 of 40 users") && shown.contains("steps, page 1 of"), "{shown}");
    let page = page.split('?').next().unwrap().to_owned();
    // Users come in the order of their identifiers, which are random.
    let found = root.get(&format!("{page}?q=u0000&filter=deactivate")).await.body;
    assert!(found.contains("u0000@example.com") && found.contains("1 step, page 1 of 1"), "{found}");
    let nothing = root.get(&format!("{page}?q=u0000&filter=delete")).await.body;
    assert!(nothing.contains("Nothing matches") && !nothing.contains("u0000@example.com"), "{nothing}");
    assert!(root.get(&format!("{page}/apply")).await.body.contains("Let the plan go"));
    provisioned.world.apply(EVERYBODY).await;
    let refused = root.post(&format!("{page}/apply"), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("not what would be done any more"), "{}", refused.body);
    let gone = root.post(&format!("{page}/discard"), &[]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert!(root.get(plans).await.body.contains("No plan is kept"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_keeps_reads_applies_and_forgets_a_plan() {
    let provisioned = paused().await;
    let root = provisioned.world.api("root").await;
    let plans = "/scim-providers/aws-scim/plans";
    let made = root.post(plans, &json!({})).await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!((made.status.as_u16(), made.header("location")), (201, format!("/api/v1{plans}/{id}").as_str()));
    assert_eq!(root.read(plans).await["rows"][0]["id"], *id);
    let page = root.read(&format!("{plans}/{id}?filter=deactivate&page=2")).await;
    assert_eq!(page["steps"]["total"], 40, "{page}");
    provisioned.world.apply(EVERYBODY).await;
    let stale = root.post(&format!("{plans}/{id}/apply"), &json!({})).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);
    provisioned.world.apply(EMPTIED).await;
    let applied = root.post(&format!("{plans}/{id}/apply"), &json!({})).await;
    assert_eq!(applied.status, StatusCode::ACCEPTED, "what it says would be done again: {}", applied.body);
    provisioned.synced().await;
    assert!(provisioned.users().iter().all(|(_, active)| !active));
    assert_eq!(root.delete(&format!("{plans}/{id}")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(root.get(&format!("{plans}/{id}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_of_many_memberships_says_how_long_it_takes_where_the_service_takes_few_at_a_time() {
    // Two hundred people who are in eleven groups each, of which ten are above their own.
    let above: Vec<String> = (0..10).map(|n| format!("above{n}")).collect();
    let groups: Vec<String> = above.iter().map(|name| format!("{{ name: {name} }}")).collect();
    let nested = format!("groups: [{}, {{ name: sea, parents: [{}] }}]", groups.join(", "), above.join(", "));
    let text = many(200, "").replace("groups: [{ name: sea }]", &nested);
    let text = text.replace("writes_per_second: 2000", "enabled: false, writes_per_second: 25");
    let provisioned = Provisioned::quiet(&text).await;
    let root = provisioned.world.signed_in("root").await;
    let words = ["about 19 s at the service", "up to 31 s where it takes no more than 100 memberships a second"];
    let says = |told: &str| words.iter().all(|words| told.contains(words));
    let page = root.get("/admin/scim-providers/aws-scim/plan").await.body;
    assert!(says(&page), "{page}");
    let kept = root.post("/admin/scim-providers/aws-scim/plans/-/new", &[]).await;
    let page = root.get(kept.location()).await.body;
    assert!(says(&page), "{page}");
    let desk = Desk::new(&provisioned, "root").await;
    let listed = desk.good(&["plans", "aws-scim"]).await;
    let said = desk.good(&["show", "aws-scim", listed.split('\t').next().unwrap()]).await;
    assert!(says(&said), "{said}");
}
