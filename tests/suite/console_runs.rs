use aws_sandbox::{FaultPlan, Outcome, When};
use model::{ListQuery, ScimStatus};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tests::{Api, Browser, Provisioned, World, in_time};

use crate::provisioning::{PEOPLE, many};

const STREAM: &str = "/admin/scim-providers/aws-scim/progress";

/// Reads a stream until it has told something that fits; None: it ended before.
async fn heard(stream: &mut Response, fits: impl Fn(&Value) -> bool) -> Option<Value> {
    in_time("something in the stream", listen(stream, fits)).await
}

async fn listen(stream: &mut Response, fits: impl Fn(&Value) -> bool) -> Option<Value> {
    let mut text = String::new();
    loop {
        let chunk = stream.chunk().await;
        text.push_str(&String::from_utf8_lossy(&chunk.unwrap()?));
        while let Some((event, rest)) = text.clone().split_once("\n\n") {
            rest.clone_into(&mut text);
            let Some(data) = event.lines().find_map(|line| line.strip_prefix("data: ")) else { continue };
            assert!(event.contains("event: progress"), "{event}");
            let told: Value = serde_json::from_str(data).unwrap();
            if fits(&told) {
                return Some(told);
            }
        }
    }
}

async fn call(browser: &Browser, function: &str, body: Value) {
    let answer = browser.post_json(&format!("/fn/app/scim_providers/api/{function}"), &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{function}: {}", answer.body);
}

fn refuse(nth: Vec<u64>) -> FaultPlan {
    let when = When { kind: Some("CreateUser".to_owned()), nth, ..When::default() };
    let detail = Some("The desk is taken.".to_owned());
    let then =
        Outcome::Status { status: 400, detail, body: None, content_type: None, retry_after: None, applied: false };
    FaultPlan::of(when, then)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_told_as_it_goes_stands_in_the_page_without_scripts_and_is_cancelled() {
    let text = many(150, "").replace("writes_per_second: 2000", "writes_per_second: 10");
    let provisioned = Provisioned::new(&text).await;
    let root = provisioned.world.signed_in("root").await;
    let mut stream = root.open(STREAM).await.unwrap();
    assert_eq!(stream.status(), StatusCode::OK);
    assert_eq!(stream.headers()["content-type"].as_bytes(), b"text/event-stream");
    let running = heard(&mut stream, |told| told["run"]["seconds_left"].is_u64()).await.unwrap();
    assert!(running["run"]["per_minute"].as_u64().unwrap() > 0, "{running}");
    let recent = running["recent"].as_array().unwrap();
    assert!(!recent.is_empty() && recent.len() <= 8 && recent[0]["outcome"] == "done", "{running}");
    let page = root.get("/admin/scim-providers/aws-scim").await.body;
    for part in ["Under way", "<progress", "steps a minute", "Last results", ">Cancel<", "u00"] {
        assert!(page.contains(part), "the page does not show {part} while a run is under way");
    }
    call(&root, "cancel_scim_run", json!({ "name": "aws-scim" })).await;
    let ended = heard(&mut stream, |told| told["status"] == "cancelled").await.unwrap();
    assert_eq!(ended["run"], Value::Null, "{ended}");
    let page = root.get("/admin/scim-providers/aws-scim").await.body;
    assert!(page.contains("cancelled by an administrator") && !page.contains("<progress"), "the run goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_over_between_two_looks_and_a_comparison_that_finds_nothing_are_told_all_the_same() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let root = provisioned.world.signed_in("root").await;
    let mut stream = root.open(STREAM).await.unwrap();
    let before = heard(&mut stream, |told| told["status"] == "synced").await.unwrap();
    let first = provisioned.health().await;
    assert_eq!(before["newest"]["id"], first.runs[0].id, "{before}");
    assert_eq!(before["last_verified"], json!(first.last_verified), "{before}");

    provisioned.world.apply("version: 1\ngroups: [{ name: later, parents: [engineers] }]\n").await;
    provisioned.synced().await;
    let newest = provisioned.health().await.runs.remove(0);
    assert!(newest.id > first.runs[0].id, "{newest:?}");
    let over = |told: &Value| told["newest"]["id"] == newest.id && told["status"] == "synced";
    let after = heard(&mut stream, over).await.unwrap();
    assert_eq!(after["newest"]["ended"], json!(newest.ended), "{after}");
    // All that the page went by before is as it was.
    assert_eq!((&after["words"], &after["run"]), (&before["words"], &Value::Null));

    provisioned.world.clock.advance(60);
    call(&root, "verify_scim_provider", json!({ "name": "aws-scim" })).await;
    let compared = heard(&mut stream, |told| told["last_verified"] != before["last_verified"]).await.unwrap();
    assert_eq!((&compared["newest"], &compared["drift"]), (&after["newest"], &json!(0)), "{compared}");
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_told_to_auditors_only_and_for_as_long_as_they_are_signed_in() {
    let world = World::new().await;
    assert_eq!(world.browser().get(STREAM).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.signed_in("ada").await.get(STREAM).await.status, StatusCode::FORBIDDEN);
    let audrey = world.signed_in("audrey").await;
    assert_eq!(audrey.get(STREAM).await.status, StatusCode::NOT_FOUND, "there is no such provider");
    world
        .apply("version: 1\nscim_providers: [{ name: aws-scim, url: 'https://scim.example/v2', enabled: false }]\n")
        .await;
    let mut stream = audrey.open(STREAM).await.unwrap();
    assert!(heard(&mut stream, |_| true).await.is_some());
    audrey.post("/logout", &[]).await;
    assert_eq!(heard(&mut stream, |_| false).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_run_shows_what_failed_and_leads_to_the_object_with_its_log() {
    let mut provisioned = Provisioned::quiet(PEOPLE).await;
    provisioned.sandbox.set_faults(refuse(vec![1])).unwrap();
    provisioned.start();
    provisioned.synced().await;
    let root = provisioned.world.signed_in("root").await;
    let page = root.get("/admin/scim-providers/aws-scim").await.body;
    assert!(page.contains("/admin/scim-providers/aws-scim/runs/1\""), "the run has no link");
    let run = root.get("/admin/scim-providers/aws-scim/runs/1?filter=refused").await;
    assert!(run.status == StatusCode::OK && run.body.contains("The desk is taken."), "{}", run.body);
    assert!(run.body.contains("1 result,"), "what was done is shown among what was refused");
    let query = ListQuery { filter: "parked".to_owned(), ..ListQuery::default() };
    let parked =
        provisioned.root().await.auditor().unwrap().scim_objects("aws-scim", &query).await.unwrap().rows.remove(0);
    let path = format!("/admin/scim-providers/aws-scim/objects/user/{}", parked.local);
    assert!(run.body.contains(&path), "the object has no link");
    let before = root.get(&path).await.body;
    for part in ["The desk is taken.", "What helps", "never synchronised by itself", "Sync this one"] {
        assert!(before.contains(part), "the object's page does not say {part}");
    }
    call(&root, "sync_scim_object", json!({ "name": "aws-scim", "kind": "user", "local": parked.local })).await;
    provisioned.synced().await;
    let after = root.get(&path).await.body;
    let token = provisioned.center().tokens()[0].secret.clone();
    assert!(after.contains("POST /Users") && after.contains("as it should be"), "{after}");
    assert!(!after.contains("The desk is taken.") && !after.contains(&token));
    for (path, words) in
        [("runs/99", "There is no run"), ("runs/x", "There is no run"), ("objects/dog/x", "`user` or `group`")]
    {
        let page = root.get(&format!("/admin/scim-providers/aws-scim/{path}")).await;
        assert!(page.status.is_client_error() && page.body.contains(words), "{path}: {}", page.status);
    }
    let missing = root.get("/admin/scim-providers/gone").await;
    assert!(missing.body.contains("<a href=\"/admin/scim-providers\">Go to the list"), "{}", missing.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_reads_runs_and_objects_and_breaks_off_what_waits() {
    let provisioned = Provisioned::new(&many(40, "")).await;
    provisioned.synced().await;
    let api = Api::new(&provisioned.world.url, &provisioned.world.token("root").await);
    let at = |rest: &str| format!("/scim-providers/aws-scim{rest}");
    let progress = api.read(&at("/progress")).await;
    assert_eq!(
        (&progress["status"], &progress["run"], &progress["recent"]),
        (&json!("synced"), &Value::Null, &json!([]))
    );
    let runs = api.read(&at("/runs?q=nothing%20ends%20so")).await;
    assert_eq!(runs["total"], 0);
    let runs = api.read(&at("/runs")).await;
    let id = runs["rows"].as_array().unwrap().last().unwrap()["id"].clone();
    let run = api.read(&at(&format!("/runs/{id}?filter=done&q=u0007"))).await;
    assert_eq!(
        (&run["results"]["total"], &run["results"]["rows"][0]["step"]["name"]),
        (&json!(1), &json!("u0007@example.com"))
    );
    for path in ["/runs/0", "/runs/x", "/runs/-1", "/objects/dog/x"] {
        assert_eq!(api.get(&at(path)).await.status, 404, "{path}");
    }
    assert_eq!(api.read(&at("/drift")).await["total"], 0);
    let ours = api.read(&at("/adoption?filter=group")).await;
    assert_eq!((&ours["rows"][0]["name"], &ours["rows"][0]["state"]), (&json!("sea"), &json!("matched")));
    let by_rule = json!({ "decisions": [{ "remote": ours["rows"][0]["remote"], "adopt": true }] });
    assert_eq!(api.post(&at("/adoption"), &by_rule).await.status, 409, "a rule decides");
    assert_eq!(api.post(&at("/repair"), &json!({ "drift": "none" })).await.status, 409);

    let asked = api.send(Method::POST, &at("/objects/group/sea/sync"), None).await;
    assert_eq!(asked.status, 202, "{}", asked.body);
    provisioned.synced().await;
    let sea = api.read(&at("/objects/group/sea")).await;
    assert_eq!((&sea["waits"], &sea["row"]["members"], &sea["log"]["good"]), (&json!(false), &json!(40), &json!(true)));
    assert_eq!(api.read(&at("/objects/user/nobody")).await, json!({ "row": null, "log": null, "waits": false }));

    assert_eq!(api.send(Method::POST, &at("/cancel"), None).await.status, 409, "nothing is under way");
    let other = "version: 1\ngroups: [{ name: nobody }]\napplications: [{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: nobody }] }]\n";
    provisioned.world.apply(other).await;
    provisioned.status(ScimStatus::WaitsForApproval).await;
    assert_eq!(api.send(Method::POST, &at("/cancel"), None).await.status, 202);
    provisioned.status(ScimStatus::Cancelled).await;
    assert_eq!(provisioned.users().iter().filter(|(_, active)| *active).count(), 40);
}
