//! The plan of faults, the log of requests and the control endpoint.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::provisioner::{Provisioner, Reply, user};
use crate::{FaultPlan, Outcome, When};

fn plan(text: Value) -> FaultPlan {
    FaultPlan::parse(&text.to_string()).unwrap()
}

async fn control(desk: &Provisioner, method: &str, path: &str, body: &Value) -> Reply {
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    desk.raw(Request::builder().method(method).uri(format!("/_sandbox/{path}")).body(body).unwrap()).await
}

#[tokio::test]
async fn the_nth_request_of_an_operation_fails_and_is_not_applied() {
    let desk = Provisioner::new();
    let when = When { kind: Some("CreateUser".into()), nth: vec![2], ..When::default() };
    let then = Outcome::Status {
        status: 500,
        detail: None,
        body: None,
        content_type: None,
        retry_after: None,
        applied: false,
    };
    desk.sandbox.set_faults(FaultPlan::of(when, then)).unwrap();
    desk.user("a").await;
    desk.get("Users").await.ok(200);
    desk.post("Users", &user("b")).await.refused(500, "Internal server error");
    desk.user("b").await;
    assert_eq!(desk.sandbox.faults().1, [1]);
}

#[tokio::test]
async fn a_request_can_take_effect_although_its_answer_says_otherwise() {
    let desk = Provisioner::new();
    let rule = json!({ "when": { "method": "POST", "path": "*/scim/v2/Users", "times": 1 },
                       "then": { "do": "status", "status": 429, "retry_after": 7, "applied": true } });
    desk.sandbox.set_faults(plan(json!({ "rules": [rule] }))).unwrap();
    let reply = desk.post("Users", &user("ada")).await;
    reply.refused(429, "Rate exceeded");
    assert_eq!(reply.headers["retry-after"], "7");
    desk.post("Users", &user("ada")).await.ok(409);
    let log = desk.sandbox.requests();
    assert_eq!((log[0].answered, log[0].status, log[0].fault.as_deref()), (Some(201), Some(429), Some("status")));
    assert_eq!(log[1].exception.as_deref(), Some("ConflictException"));
}

#[tokio::test]
async fn an_answer_need_not_be_json_and_json_need_not_be_whole() {
    let desk = Provisioner::new();
    let rules = json!([
        { "when": { "nth": [1] }, "then": { "do": "status", "status": 502, "body": "<h1>Bad gateway</h1>" } },
        { "then": { "do": "status", "status": 200, "body": "{\"id\":", "content_type": "application/json" } },
    ]);
    desk.sandbox.set_faults(plan(json!({ "rules": rules }))).unwrap();
    for (status, kind) in [(502, "text/html; charset=utf-8"), (200, "application/json")] {
        let request = desk.request("GET", "Users", None);
        let response = tower::ServiceExt::oneshot(desk.sandbox.router(), request).await.unwrap();
        assert_eq!((response.status().as_u16(), response.headers()["content-type"].to_str().unwrap()), (status, kind));
    }
}

#[tokio::test]
async fn chance_is_the_same_for_the_same_seed() {
    let run = async |seed: u64| {
        let desk = Provisioner::new();
        let rule = json!({ "when": { "probability": 0.5 }, "then": { "do": "status", "status": 503 } });
        desk.sandbox.set_faults(plan(json!({ "seed": seed, "rules": [rule] }))).unwrap();
        let mut found = Vec::new();
        for _ in 0..64 {
            found.push(desk.get("ServiceProviderConfig").await.status);
        }
        found
    };
    let first = run(7).await;
    assert_eq!(first, run(7).await);
    assert_ne!(first, run(8).await);
    let failures = first.iter().filter(|status| **status == 503).count();
    assert!((16..=48).contains(&failures), "{failures}");
}

#[tokio::test]
async fn an_outage_has_a_beginning_and_an_end_by_count_and_by_clock() {
    let desk = Provisioner::new();
    let by_count =
        json!({ "when": { "path": "*/Groups*", "from": 2, "to": 3 }, "then": { "do": "status", "status": 503 } });
    let start = super::forge::NOW + 10;
    let by_clock = json!({ "when": { "path": "*/Users*", "since": start, "until": start + 5 },
                           "then": { "do": "status", "status": 503 } });
    desk.sandbox.set_faults(plan(json!({ "rules": [by_count, by_clock] }))).unwrap();
    for status in [200, 503, 503, 200] {
        desk.get("Groups").await.ok(status);
    }
    for (wait, status) in [(0, 200), (10, 503), (4, 503), (1, 200)] {
        desk.wait(wait);
        desk.get("Users").await.ok(status);
    }
}

#[tokio::test]
async fn delays_add_up_and_leave_the_rest_to_later_rules() {
    let desk = Provisioner::new();
    let delay = json!({ "then": { "do": "delay", "milliseconds": 30 } });
    let every = json!({ "when": { "every": 2 }, "then": { "do": "status", "status": 500 } });
    desk.sandbox.set_faults(plan(json!({ "rules": [delay, delay, every] }))).unwrap();
    let start = Instant::now();
    desk.get("Users").await.ok(200);
    assert!(start.elapsed() >= Duration::from_millis(60));
    desk.get("Users").await.ok(500);
}

#[tokio::test]
async fn a_token_can_end_in_the_middle() {
    let desk = Provisioner::new();
    let rule = json!({ "when": { "nth": [2] }, "then": { "do": "expire_token" } });
    desk.sandbox.set_faults(plan(json!({ "rules": [rule] }))).unwrap();
    for status in [200, 401, 401] {
        desk.get("Users").await.ok(status);
    }
}

/// What a client on a real connection reads until its end.
async fn over_the_wire(desk: &Provisioner, address: std::net::SocketAddr, body: &Value) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let path = desk.request("POST", "Users", None).uri().to_string();
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        desk.token,
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

async fn serve(desk: &Provisioner) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(desk.sandbox.clone().serve(listener));
    address
}

#[tokio::test]
async fn a_connection_is_reset_before_or_after_the_request_took_effect() {
    let desk = Provisioner::new();
    let address = serve(&desk).await;
    assert!(over_the_wire(&desk, address, &user("a")).await.unwrap().starts_with("HTTP/1.1 201"));
    let rules = json!([
        { "when": { "nth": [1] }, "then": { "do": "reset" } },
        { "when": { "nth": [2] }, "then": { "do": "reset", "applied": true } },
    ]);
    desk.sandbox.set_faults(plan(json!({ "rules": rules }))).unwrap();
    for (name, users) in [("b", 1), ("c", 2)] {
        let error = over_the_wire(&desk, address, &user(name)).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
        assert_eq!(desk.sandbox.identity_center().directory()["users"].as_array().unwrap().len(), users);
    }
    assert!(over_the_wire(&desk, address, &user("c")).await.unwrap().starts_with("HTTP/1.1 409"));
    let statuses: Vec<_> = desk.sandbox.requests().iter().map(|exchange| exchange.status).collect();
    assert_eq!(statuses, [Some(201), None, None, Some(409)]);
}

#[tokio::test]
async fn an_answer_may_never_come() {
    let desk = Provisioner::new();
    let address = serve(&desk).await;
    let rule = json!({ "when": { "nth": [1] }, "then": { "do": "hang", "applied": true } });
    desk.sandbox.set_faults(plan(json!({ "rules": [rule] }))).unwrap();
    let patience = Duration::from_millis(200);
    assert!(tokio::time::timeout(patience, over_the_wire(&desk, address, &user("a"))).await.is_err());
    assert!(over_the_wire(&desk, address, &user("a")).await.unwrap().starts_with("HTTP/1.1 409"));
}

#[tokio::test]
async fn plans_that_cannot_be_are_refused() {
    for bad in [
        json!({ "rules": [{ "then": { "do": "explode" } }] }),
        json!({ "rules": [{ "then": { "do": "status", "status": 42 } }] }),
        json!({ "rules": [{ "when": { "probability": 2 }, "then": { "do": "hang" } }] }),
        json!({ "rules": [{ "when": { "every": 0 }, "then": { "do": "hang" } }] }),
        json!({ "rules": [{ "when": { "sometimes": true }, "then": { "do": "hang" } }] }),
        json!({ "rules": [{ "then": { "do": "status", "status": 500, "often": true } }] }),
    ] {
        assert_eq!(FaultPlan::parse(&bad.to_string()).unwrap_err().code, "ValidationError", "{bad}");
    }
}

#[tokio::test]
async fn the_control_endpoint_sets_faults_and_tells_what_happened() {
    let desk = Provisioner::new();
    let rule = json!({ "when": { "kind": "ListUsers" }, "then": { "do": "status", "status": 500 } });
    control(&desk, "PUT", "faults", &json!({ "seed": 1, "rules": [rule] })).await.ok(204);
    control(&desk, "PUT", "faults", &json!({ "rules": 1 })).await.ok(400);
    desk.get("Users").await.ok(500);
    let (ada, group) = (desk.user("ada").await, desk.group("Staff").await);
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": ada }] }]);
    desk.patch(&format!("Groups/{group}"), add).await.ok(204);
    desk.get("Bulk").await.ok(400);
    let told = control(&desk, "GET", "faults", &Value::Null).await.ok(200).body;
    assert_eq!((&told["fired"], &told["rules"][0]["when"]["kind"]), (&json!([1]), &json!("ListUsers")));
    let log = control(&desk, "GET", "requests", &Value::Null).await.ok(200).body;
    let counts = json!({ "CreateGroup": 1, "CreateUser": 1, "ListUsers": 1, "PatchGroup": 1, "Unsupported": 1 });
    assert_eq!(log["counts"], counts);
    assert_eq!(
        (&log["requests"][3]["membership_changes"], &log["requests"][1]["body"]["userName"]),
        (&json!(1), &json!("ada"))
    );
    assert!(!log.to_string().contains(&desk.token));
    let directory = control(&desk, "GET", "directory", &Value::Null).await.ok(200).body;
    assert_eq!(directory["groups"][0]["memberNames"], json!(["ada"]));
    for path in ["faults", "requests", "directory"] {
        control(&desk, "DELETE", path, &Value::Null).await.ok(204);
    }
    assert!(desk.get("Users").await.ok(200).rows().is_empty());
    assert_eq!(desk.sandbox.requests().len(), 1);
}

#[tokio::test]
async fn tokens_are_made_and_deleted_over_the_control_endpoint() {
    let mut desk = Provisioner::new();
    let wish = json!({ "secret": "short-lived", "seconds": 5 });
    let made = control(&desk, "POST", "tokens", &wish).await.ok(201).body;
    control(&desk, "POST", "tokens", &Value::Null).await.ok(400);
    assert_eq!(control(&desk, "GET", "tokens", &Value::Null).await.body.as_array().unwrap().len(), 2);
    desk.token = "short-lived".into();
    desk.get("Users").await.ok(200);
    let path = format!("tokens/{}", made["id"].as_str().unwrap());
    control(&desk, "DELETE", &path, &Value::Null).await.ok(204);
    control(&desk, "DELETE", &path, &Value::Null).await.ok(404);
    desk.get("Users").await.ok(401);
}

#[tokio::test]
async fn a_page_in_a_browser_cannot_reach_the_control_endpoint() {
    let desk = Provisioner::new();
    let request =
        Request::get("/_sandbox/tokens").header("origin", "https://evil.example").body(Body::empty()).unwrap();
    desk.raw(request).await.ok(403);
}

#[tokio::test]
async fn the_control_endpoint_can_be_closed() {
    let mut desk = Provisioner::new();
    desk.sandbox = crate::Sandbox::new(crate::SandboxOptions { control: false, ..crate::SandboxOptions::default() });
    control(&desk, "GET", "directory", &Value::Null).await.ok(403);
}
