//! Doors, errors, discovery and limits of the SCIM endpoint.

use axum::body::Body;
use serde_json::json;

use super::provisioner::{GENERAL, Provisioner, user};
use crate::{IdentityCenterOptions, Rates};

#[tokio::test]
async fn an_error_has_the_shape_that_aws_gives() {
    let desk = Provisioner::new();
    desk.user("ada").await;
    let reply = desk.post("Users", &user("ada")).await;
    assert_eq!(reply.status, 409);
    let id = reply.headers["x-amzn-requestid"].to_str().unwrap();
    let schema = json!(["urn:ietf:params:scim:api:messages:2.0:Error"]);
    let expected = json!({
        "schema": schema,
        "schemas": schema,
        "detail": "Refused to create a new, duplicate resource.",
        "status": "409",
        "exceptionRequestId": id,
        "timeStamp": "2026-05-28 20:26:40.000",
    });
    assert_eq!(reply.body, expected);
    assert_eq!(reply.headers["content-type"], "application/json");
    assert!(!reply.headers.contains_key("content-security-policy"));
}

#[tokio::test]
async fn a_missing_unknown_or_ended_token_is_unauthorized() {
    let desk = Provisioner::new();
    for bad in [None, Some("Bearer wrong".to_owned()), Some(format!("bearer {}", desk.token)), Some("Bearer ".into())] {
        let mut request = desk.request("GET", "Users", None);
        request.headers_mut().remove("authorization");
        if let Some(value) = bad {
            request.headers_mut().insert("authorization", value.parse().unwrap());
        }
        desk.raw(request).await.refused(401, "Authorization header is invalid or missing.");
    }
    desk.wait(365 * 86_400 - 1);
    desk.get("Users").await.ok(200);
    desk.wait(1);
    desk.get("Users").await.refused(401, "Authorization header is invalid or missing.");
}

#[tokio::test]
async fn two_tokens_are_good_at_once_and_a_third_is_not_made() {
    let mut desk = Provisioner::new();
    let center = desk.sandbox.identity_center();
    let second = center.create_token_as("s3cret", 60).unwrap();
    assert_eq!(center.create_token().unwrap_err().code, "ServiceQuotaExceededException");
    let first = std::mem::replace(&mut desk.token, "s3cret".into());
    desk.get("ServiceProviderConfig").await.ok(200);
    assert!(center.delete_token(&second.id) && !center.delete_token(&second.id));
    desk.get("ServiceProviderConfig").await.ok(401);
    desk.token = first;
    desk.get("ServiceProviderConfig").await.ok(200);
}

#[tokio::test]
async fn an_unknown_tenant_does_not_exist() {
    let desk = Provisioner::new();
    let mut request = desk.request("GET", "Users", None);
    *request.uri_mut() = "/11111111-2222-3333-4444-555555555555/scim/v2/Users".parse().unwrap();
    desk.raw(request).await.refused(404, "TENANT does not exist.");
}

#[tokio::test]
async fn both_content_types_are_taken_and_no_other() {
    let desk = Provisioner::new();
    for (n, (kind, status)) in
        [("application/json", 201), ("application/scim+json; charset=utf-8", 201), ("text/plain", 400)]
            .iter()
            .enumerate()
    {
        let mut request = desk.request("POST", "Users", Some(&user(&format!("u{n}"))));
        request.headers_mut().insert("content-type", kind.parse().unwrap());
        desk.raw(request).await.ok(*status);
    }
    let mut request = desk.request("POST", "Users", Some(&user("late")));
    request.headers_mut().remove("content-type");
    desk.raw(request).await.refused(400, GENERAL);
}

#[tokio::test]
async fn a_body_that_is_not_json_is_named_as_such() {
    let desk = Provisioner::new();
    let mut request = desk.request("POST", "Users", None);
    *request.body_mut() = Body::from("{\"userName\":");
    desk.raw(request).await.refused(400, "Invalid JSON from RequestBody");
    desk.send("POST", "Users", None).await.refused(400, "Invalid JSON from RequestBody");
    desk.post("Users", &json!([])).await.refused(400, GENERAL);
    desk.post("Groups", &json!("x")).await.refused(400, GENERAL);
}

#[tokio::test]
async fn what_aws_does_not_have_is_refused() {
    let desk = Provisioner::new();
    let group = desk.group("Staff").await;
    let body = json!({ "displayName": "Other" });
    desk.send("PUT", &format!("Groups/{group}"), Some(&body)).await.refused(400, GENERAL);
    for (method, path) in
        [("POST", "Bulk"), ("GET", "Me"), ("POST", ".search"), ("DELETE", "Users"), ("POST", "Schemas")]
    {
        desk.send(method, path, Some(&body)).await.refused(400, GENERAL);
    }
    for path in ["Devices", "users", "Users/", "Users/1/name"] {
        assert!([400, 404].contains(&desk.get(path).await.status), "{path}");
    }
    desk.get("Devices").await.ok(404);
    assert_eq!(desk.sandbox.identity_center().directory()["groups"][0]["displayName"], "Staff");
}

#[tokio::test]
async fn the_endpoint_describes_itself() {
    let desk = Provisioner::new();
    let config = desk.get("ServiceProviderConfig").await.ok(200).body;
    assert_eq!(config["patch"]["supported"], true);
    assert_eq!(config["bulk"]["supported"], false);
    assert_eq!(config["filter"]["maxResults"], 50);
    let kinds = desk.get("ResourceTypes").await.ok(200);
    let names: Vec<_> = kinds.rows().iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(names, ["User", "Group"]);
    assert_eq!(kinds.rows()[0]["schemaExtensions"][0]["required"], true);
    assert_eq!(desk.get("Schemas").await.ok(200).rows().len(), 3);
    let schema = desk.get("Schemas/urn:ietf:params:scim:schemas:core:2.0:User").await.ok(200).body;
    let name = schema["attributes"].as_array().unwrap().iter().find(|one| one["name"] == "userName").unwrap().clone();
    assert_eq!((&name["caseExact"], &name["uniqueness"]), (&json!(false), &json!("server")));
    desk.get("Schemas/urn:other").await.ok(404);
}

fn throttled(rates: Rates) -> Provisioner {
    Provisioner::with(IdentityCenterOptions { rates: Some(rates), ..IdentityCenterOptions::default() })
}

#[tokio::test]
async fn the_twenty_sixth_write_of_a_second_is_throttled_and_changes_nothing() {
    let desk = throttled(Rates::AWS);
    for n in 0..25 {
        desk.user(&format!("u{n}")).await;
    }
    desk.post("Users", &user("u25")).await.refused(429, "Rate exceeded");
    assert_eq!(desk.sandbox.identity_center().directory()["users"].as_array().unwrap().len(), 25);
    // Reading goes by its own bucket.
    for _ in 0..40 {
        desk.get("Users").await.ok(200);
    }
    desk.get("Users").await.refused(429, "Rate exceeded");
    desk.wait(1);
    desk.get("Users").await.ok(200);
    desk.user("u25").await;
}

#[tokio::test]
async fn a_write_fits_in_every_forty_milliseconds() {
    let desk = throttled(Rates::AWS);
    for n in 0..25 {
        desk.user(&format!("u{n}")).await;
    }
    for n in 25..75 {
        desk.wait_millis(39);
        desk.post("Users", &user(&format!("u{n}"))).await.refused(429, "Rate exceeded");
        desk.wait_millis(1);
        desk.user(&format!("u{n}")).await;
    }
}

#[tokio::test]
async fn changes_of_membership_have_a_limit_of_their_own() {
    let desk = throttled(Rates { members: 3.0, ..Rates::AWS }.scaled(1.0));
    let group = desk.group("Staff").await;
    let ada = desk.user("ada").await;
    let path = format!("Groups/{group}");
    let many: Vec<_> = (0..99).map(|_| json!({ "value": ada })).collect();
    desk.patch(&path, json!([{ "op": "add", "path": "members", "value": many }])).await.ok(204);
    let two = json!([{ "op": "add", "path": "members", "value": [{ "value": ada }, { "value": ada }] }]);
    desk.patch(&path, two.clone()).await.refused(429, "Rate exceeded");
    // Anything else is still taken.
    desk.patch(&path, json!([{ "op": "replace", "path": "displayName", "value": "People" }])).await.ok(204);
    desk.wait(1);
    desk.patch(&path, two).await.ok(204);
}

#[tokio::test]
async fn limits_can_be_scaled() {
    let desk = throttled(Rates::AWS.scaled(0.01));
    desk.user("ada").await;
    desk.post("Users", &user("bob")).await.refused(429, "Rate exceeded");
    // A quarter of a request comes back each second.
    desk.wait(3);
    desk.post("Users", &user("bob")).await.refused(429, "Rate exceeded");
    desk.wait(1);
    desk.user("bob").await;
}
