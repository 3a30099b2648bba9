//! What the console does with a SCIM provider, by the API.

use axum::{Router, response::Redirect};
use domain::port::Clock;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{Answer, Provisioned};
use tokio::net::TcpListener;

use crate::provisioning::{PEOPLE, many};

const AUDREY: &str = "version: 1\nusers: [{ username: audrey, name: Audrey, auditor: true }]\n";

/// Whether an answer refuses a field.
fn names(field: &str, answer: &Answer) -> bool {
    let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
    answer.status == StatusCode::UNPROCESSABLE_ENTITY && errors.iter().any(|error| error["field"] == field)
}

/// A service that sends whoever asks to another address, with what was asked for.
async fn sends_on_to(elsewhere: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/scim", listener.local_addr().unwrap());
    let elsewhere = format!("{elsewhere}/ServiceProviderConfig");
    let answer = move || {
        let elsewhere = elsewhere.clone();
        async move { Redirect::temporary(&elsewhere) }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_and_a_token_are_tried_before_anything_is_saved_and_nothing_of_them_stays() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    provisioned.world.apply(AUDREY).await;
    let (root, audrey) = (provisioned.world.api("root").await, provisioned.world.api("audrey").await);
    let token = provisioned.center().create_token().unwrap().secret;
    let before = provisioned.world.services.export(true).await.unwrap();
    let body = |url: &str, token: &str| json!({ "url": url, "token": token });
    let test = async |url: &str, token: &str| root.post("/scim-connection-tests", &body(url, token)).await;
    let (endpoint, sandbox) = (provisioned.endpoint.as_str(), &provisioned.sandbox);

    let good = test(endpoint, &token).await;
    assert_eq!((good.status, good.body.as_str()), (StatusCode::NO_CONTENT, ""));
    let kinds: Vec<String> = sandbox.requests().into_iter().map(|request| request.method).collect();
    assert_eq!(kinds, ["GET"], "one read is enough");
    let wrong = test(endpoint, "not-a-token").await;
    assert!(
        names("token", &wrong) && wrong.body.contains("401") && !wrong.body.contains("not-a-token"),
        "{}",
        wrong.body
    );

    sandbox.forget_requests();
    let (query, token) = (format!("{endpoint}?a=b"), token.as_str());
    for (url, token, field) in [
        ("http://192.0.2.7/scim/v2", token, "url"),
        ("ftp://scim.example/scim/v2", token, "url"),
        ("https://user@scim.example/scim/v2", token, "url"),
        ("no address", token, "url"),
        (query.as_str(), token, "url"),
        (endpoint, "a token", "token"),
        (endpoint, "", "token"),
    ] {
        let refused = test(url, token).await;
        assert!(names(field, &refused), "{url}: {} {}", refused.status, refused.body);
        assert!(token.len() < 20 || !refused.body.contains(token), "{url} tells the token: {}", refused.body);
    }
    assert_eq!(audrey.post("/scim-connection-tests", &body(endpoint, token)).await.status, StatusCode::FORBIDDEN);
    // Whoever answers at an address cannot have the token sent on to another one.
    let sent_on = test(&sends_on_to(endpoint).await, token).await;
    assert!(names("url", &sent_on) && sent_on.body.contains("307"), "{} {}", sent_on.status, sent_on.body);
    assert_eq!(sandbox.requests().len(), 0, "something was sent that should not have been");

    assert!(provisioned.world.services.export(true).await.unwrap() == before, "something was kept");
    for path in ["/events", "/scim-providers", "/scim-providers/aws-scim"] {
        assert!(!root.get(path).await.body.contains(token), "{path} tells the token");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slots_of_tokens_are_listed_filled_tried_switched_and_emptied_by_the_api() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    provisioned.world.apply(AUDREY).await;
    let (root, audrey) = (provisioned.world.api("root").await, provisioned.world.api("audrey").await);
    let slots = async || {
        let answer = audrey.get("/scim-providers/aws-scim/tokens").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        for token in provisioned.center().tokens() {
            assert!(!answer.body.contains(&token.secret), "the token came back: {}", answer.body);
        }
        let list = answer.json();
        let numbers: Vec<u64> =
            list["tokens"].as_array().unwrap().iter().map(|token| token["slot"].as_u64().unwrap()).collect();
        (numbers, list["version"].as_u64().unwrap(), list)
    };
    let (numbers, first, _) = slots().await;
    assert_eq!(numbers, [1]);
    let next = provisioned.center().create_token().unwrap();
    let expires = provisioned.world.clock.now() + 20 * 86_400;
    let put = json!({ "token": next.secret, "expires": expires });
    let at = format!("/scim-providers/aws-scim/tokens/2?version={first}");
    assert_eq!(audrey.put(&at, &put).await.status, StatusCode::FORBIDDEN);
    assert_eq!(root.put(&at, &put).await.status, StatusCode::NO_CONTENT);
    assert_eq!(root.put(&at, &put).await.status, StatusCode::CONFLICT, "it was changed meanwhile");
    let (numbers, version, list) = slots().await;
    assert_eq!(numbers, [1, 2]);
    assert_eq!((&list["tokens"][1]["days_left"], &list["tokens"][1]["warning"]), (&json!(20), &json!(30)), "{list}");

    let post = async |path: &str| root.send(Method::POST, &format!("/scim-providers/aws-scim/{path}"), None).await;
    assert_eq!(post("tokens/2/test").await.status, StatusCode::NO_CONTENT);
    assert_eq!(post("tokens/3/test").await.status, StatusCode::NOT_FOUND);
    assert_eq!(post(&format!("switch-token?version={first}")).await.status, StatusCode::CONFLICT);
    assert_eq!(post(&format!("switch-token?version={version}")).await.status, StatusCode::NO_CONTENT);
    let (numbers, version, list) = slots().await;
    assert_eq!((numbers, &list["tokens"][0]["days_left"]), (vec![1], &json!(20)), "the next one is the first: {list}");
    let gone = root.delete(&format!("/scim-providers/aws-scim/tokens/1?version={version}")).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(slots().await.0, [0_u64; 0]);
    assert_eq!(audrey.get("/scim-providers/nothing/tokens").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_are_read_by_pages_and_filters_and_one_is_synchronised_with_its_log_by_the_api() {
    let provisioned = Provisioned::new(&many(30, "")).await;
    provisioned.world.apply(AUDREY).await;
    provisioned.synced().await;
    let (root, audrey) = (provisioned.world.api("root").await, provisioned.world.api("audrey").await);
    let list = async |query: &str| audrey.read(&format!("/scim-providers/aws-scim/objects?{query}")).await;
    let count = |page: &Value| page["rows"].as_array().unwrap().len() as u64;
    let (first, second) = (list("filter=user").await, list("filter=user&page=2").await);
    assert_eq!((count(&first), count(&second), &first["total"]), (25, 5, &json!(30)), "{second}");
    let groups = list("filter=group").await;
    assert!(groups["rows"].as_array().unwrap().iter().all(|row| row["kind"] == "group") && count(&groups) > 0);
    assert_eq!(list("filter=parked").await["total"], 0);
    let one = &list("q=u0007").await["rows"][0];
    let (local, state) = (one["local"].as_str().unwrap(), &one["state"]);
    assert_eq!(state, "active", "{one}");

    let object = format!("/scim-providers/aws-scim/objects/user/{local}");
    let before = audrey.read(&object).await;
    assert!(before["row"]["name"] == "u0007@example.com" && before["log"].is_null(), "{before}");
    assert_eq!(audrey.send(Method::POST, &format!("{object}/sync"), None).await.status, StatusCode::FORBIDDEN);
    assert_eq!(root.send(Method::POST, &format!("{object}/sync"), None).await.status, StatusCode::ACCEPTED);
    provisioned.synced().await;
    let after = audrey.get(&object).await;
    assert!(after.body.contains("it is there as it should be") && after.body.contains("GET /Users/"), "{}", after.body);
    let token = &provisioned.center().tokens()[0].secret;
    assert!(!after.body.contains(token), "the log tells the token");
}
