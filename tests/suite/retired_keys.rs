use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{Browser, World};

use crate::rotation::{certificates, detail, done, with_next};

const PAGE: &str = "/admin/saml-providers/aws-iam";

async fn retired(browser: &Browser) -> Vec<Value> {
    detail(browser, "aws-iam").await["retired"].as_array().unwrap().clone()
}

/// Names of the retired keys and who retired them, the last one first.
async fn names(browser: &Browser) -> Vec<(String, String)> {
    let text = |key: &Value, field: &str| key[field].as_str().unwrap().to_owned();
    retired(browser).await.iter().map(|key| (text(key, "name"), text(key, "by"))).collect()
}

/// An update of `aws-iam` by the form.
async fn save(root: &Browser, settings: Value) {
    let found = detail(root, "aws-iam").await;
    let mut changed = found["provider"].clone();
    for (name, value) in settings.as_object().unwrap() {
        changed[name] = value.clone();
    }
    let body = json!({ "name": "aws-iam", "version": found["version"], "provider": changed });
    let saved = root.post_json("/fn/app/saml_providers/api/update_provider", &body).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retired_key_is_listed_with_when_and_by_whom_and_the_metadata_has_it_no_more() {
    let world = World::new().await;
    with_next(&world, "aws-iam").await;
    let (root, audrey) = (world.signed_in("root").await, world.signed_in("audrey").await);
    let key = root.post_json("/fn/app/keys/api/read_key", &json!({ "name": "rolecall" })).await.body;
    let key = serde_json::from_str::<Value>(&key).unwrap()["key"].clone();
    let fingerprint = key["fingerprint"].as_str().unwrap();
    let der: String = key["certificate"].as_str().unwrap().lines().filter(|l| !l.starts_with("-----")).collect();
    let metadata = || async { world.browser().get("/application/saml/aws/metadata/").await.body.replace('\n', "") };
    done(&root, "confirm", "aws-iam", "next").await;
    done(&root, "promote", "aws-iam", "next").await;
    assert!(metadata().await.contains(&der), "one that goes is still shown");
    assert!(retired(&audrey).await.is_empty() && !audrey.get(PAGE).await.body.contains("Retired keys"));

    world.clock.advance(600);
    done(&root, "retire", "aws-iam", "rolecall").await;
    let shown = metadata().await;
    assert!(certificates(&shown) == 1 && !shown.contains(&der), "{shown}");
    let asked = json!({ "query": { "filter": "key_retired" } });
    let events = audrey.post_json("/fn/app/events/api/list_events", &asked).await.body;
    let events: Value = serde_json::from_str(&events).unwrap();
    assert_eq!(events["total"], 1, "{events}");
    let at = &events["rows"][0]["at"];
    let row =
        |kept: bool| json!({ "name": "rolecall", "fingerprint": fingerprint, "kept": kept, "at": at, "by": "root" });
    assert_eq!(retired(&audrey).await, [row(true)]);
    let page = audrey.get(PAGE).await.body;
    assert!(page.contains("Retired keys") && page.contains(fingerprint), "{page}");

    // One that the metadata shows again is not retired, until it is gone once more.
    save(&root, json!({ "next_signing_key": "rolecall" })).await;
    assert!(metadata().await.contains(&der) && retired(&audrey).await.is_empty());
    save(&root, json!({ "next_signing_key": null })).await;
    assert_eq!(retired(&audrey).await, [row(true)]);

    // It was one, whatever has become of the key.
    let default = root.post_json("/fn/app/keys/api/make_key_default", &json!({ "name": "next" })).await;
    assert_eq!(default.status, StatusCode::OK, "{}", default.body);
    let gone = root.post_json("/fn/app/keys/api/delete_key", &json!({ "name": "rolecall", "version": 1 })).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.body);
    assert_eq!(retired(&audrey).await, [row(false)]);
    let page = audrey.get(PAGE).await.body;
    assert!(page.contains("deleted or replaced since") && page.contains(fingerprint), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_leaves_the_metadata_in_another_way_is_listed_as_retired_too() {
    let world = World::new().await;
    with_next(&world, "aws-iam").await;
    let root = world.signed_in("root").await;
    let by = |name: &str, who: &str| (name.to_owned(), who.to_owned());
    // A next key that never signed is none that was retired.
    save(&root, json!({ "next_signing_key": null })).await;
    assert!(names(&root).await.is_empty());
    // Nobody has signed on yet, so another key may sign at once.
    save(&root, json!({ "signing_key": "next" })).await;
    assert_eq!(names(&root).await, [by("rolecall", "root")]);
    world.clock.advance(1);
    save(&root, json!({ "signing_key": null })).await;
    assert_eq!(names(&root).await, [by("next", "root")]);
    world.clock.advance(1);
    let default = root.post_json("/fn/app/keys/api/make_key_default", &json!({ "name": "next" })).await;
    assert_eq!(default.status, StatusCode::OK, "{}", default.body);
    assert_eq!(names(&root).await, [by("rolecall", "root")]);
    world.clock.advance(1);
    let file = "version: 1\nkeys: [{ name: third, default: true, generate: { algorithm: rsa-2048, common_name: t, valid_days: 30 } }]";
    world.apply(file).await;
    assert_eq!(names(&root).await, [by("next", "test"), by("rolecall", "root")]);
    // Nothing is told twice.
    world.apply(file).await;
    let events =
        root.post_json("/fn/app/events/api/list_events", &json!({ "query": { "filter": "key_retired" } })).await;
    assert_eq!(serde_json::from_str::<Value>(&events.body).unwrap()["total"], 4, "{}", events.body);
}
