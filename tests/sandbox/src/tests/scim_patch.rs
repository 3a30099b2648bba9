//! PATCH of users.

use serde_json::{Value, json};

use super::provisioner::{ENTERPRISE, GENERAL, Provisioner, Reply, user, user_with};

async fn ada(desk: &Provisioner) -> String {
    let mut sent = user_with("ada", ENTERPRISE, json!({ "department": "Engines", "division": "North" }));
    sent["title"] = json!("Countess");
    format!("Users/{}", desk.post("Users", &sent).await.ok(201).id())
}

async fn once(op: Value) -> Reply {
    let desk = Provisioner::new();
    let path = ada(&desk).await;
    desk.patch(&path, json!([op])).await
}

#[tokio::test]
async fn a_patch_answers_the_whole_user() {
    for value in [json!("false"), json!(false)] {
        let reply = once(json!({ "op": "REPLACE", "path": "active", "value": value })).await.ok(200);
        assert_eq!((&reply.body["active"], &reply.body["userName"]), (&json!(false), &json!("ada")));
    }
    once(json!({ "op": "replace", "path": "active", "value": "no" })).await.refused(400, GENERAL);
}

#[tokio::test]
async fn every_kind_of_path_is_understood() {
    for (op, path, value, place, expected) in [
        ("add", "nickName", json!("Addie"), "/nickName", json!("Addie")),
        ("Replace", "name.familyName", json!("Byron"), "/name/familyName", json!("Byron")),
        ("replace", "name", json!({ "middleName": "King" }), "/name/middleName", json!("King")),
        ("remove", "title", Value::Null, "/title", Value::Null),
        ("replace", "emails[type eq \"work\"].value", json!("a@b.example"), "/emails/0/value", json!("a@b.example")),
        ("replace", "emails[primary eq true].type", json!("home"), "/emails/0/type", json!("home")),
        ("remove", "emails[type eq \"work\"]", Value::Null, "/emails", Value::Null),
        ("remove", "emails", Value::Null, "/emails", Value::Null),
        ("add", "phoneNumbers", json!([{ "value": "1" }]), "/phoneNumbers/0/value", json!("1")),
        ("replace", "urn:ietf:params:scim:schemas:core:2.0:User:title", json!("Lady"), "/title", json!("Lady")),
    ] {
        let reply = once(json!({ "op": op, "path": path, "value": value })).await.ok(200);
        assert_eq!(reply.body.pointer(place).cloned().unwrap_or_default(), expected, "{path}: {}", reply.body);
    }
}

#[tokio::test]
async fn the_extension_is_reached_by_its_name() {
    let reply = once(json!({ "op": "replace", "path": format!("{ENTERPRISE}:department"), "value": "Looms" })).await;
    assert_eq!(reply.ok(200).body[ENTERPRISE], json!({ "department": "Looms", "division": "North" }));
    let reply = once(json!({ "op": "add", "path": format!("{ENTERPRISE}:manager.value"), "value": "m" })).await;
    assert_eq!(reply.ok(200).body[ENTERPRISE]["manager"], json!({ "value": "m" }));
    let reply = once(json!({ "op": "remove", "path": ENTERPRISE })).await.ok(200);
    assert!(reply.body.get(ENTERPRISE).is_none());
    assert_eq!(reply.body["schemas"], json!(["urn:ietf:params:scim:schemas:core:2.0:User"]));
}

#[tokio::test]
async fn a_remove_without_a_path_is_missed_in_words() {
    once(json!({ "op": "REMOVE" })).await.refused(400, "Missing path in PATCH request");
}

#[tokio::test]
async fn without_a_path_one_attribute_may_change() {
    let reply = once(json!({ "op": "replace", "value": { "id": "x", "title": "Lady" } })).await.ok(200);
    assert_eq!(reply.body["title"], "Lady");
    let words = "Current PATCH support allows omitting \"path\" attribute only for Add and Replace operations modifying a \
                 single attribute.";
    once(json!({ "op": "add", "value": { "title": "Lady", "nickName": "A" } })).await.refused(400, words);
    let two = json!({ ENTERPRISE: { "department": "X", "division": "Y" } });
    once(json!({ "op": "replace", "value": two })).await.refused(400, words);
    once(json!({ "op": "replace", "value": "Lady" })).await.refused(400, GENERAL);
    once(json!({ "op": "replace", "value": {} })).await.refused(400, GENERAL);
}

#[tokio::test]
async fn what_a_patch_may_not_do_is_refused_as_a_whole() {
    for op in [
        json!({ "op": "remove", "path": "userName" }),
        json!({ "op": "remove", "path": "active" }),
        json!({ "op": "replace", "path": "roles", "value": [{ "value": "x" }] }),
        json!({ "op": "replace", "path": "id", "value": "x" }),
        json!({ "op": "replace", "path": "photos", "value": [] }),
        json!({ "op": "replace", "path": "Title", "value": "x" }),
        json!({ "op": "replace", "path": "title" }),
        json!({ "op": "replace", "path": "title", "value": null }),
        json!({ "op": "move", "path": "title", "value": "x" }),
        json!({ "op": "replace", "path": 1, "value": "x" }),
        json!({ "path": "title", "value": "x" }),
        json!({ "op": "replace", "path": "title", "value": "x", "more": 1 }),
        json!({ "op": "replace", "path": "emails[type ne \"home\"].value", "value": "x" }),
        json!({ "op": "replace", "path": "emails[type co \"w\"].value", "value": "x" }),
        json!({ "op": "replace", "path": "emails[type eq \"home\"].value", "value": "x" }),
        json!({ "op": "replace", "path": "emails[kind eq \"work\"].value", "value": "x" }),
        json!({ "op": "replace", "path": "emails[type eq \"work\"].display", "value": "x" }),
        json!({ "op": "replace", "path": "emails.value", "value": "x" }),
        json!({ "op": "replace", "path": "emails", "value": { "value": "x", "primary": true } }),
        json!({ "op": "replace", "path": "title.value", "value": "x" }),
        json!({ "op": "replace", "path": format!("{ENTERPRISE}:salary"), "value": "x" }),
    ] {
        once(op).await.refused(400, GENERAL);
    }
}

#[tokio::test]
async fn the_outcome_of_a_patch_is_judged_like_a_new_user() {
    let null =
        "1 validation errors detected: Value at 'displayName' failed to satisfy constraint: Member must not be null";
    once(json!({ "op": "remove", "path": "displayName" })).await.refused(400, null);
    let second = json!([{ "value": "b@c.example", "primary": true }]);
    let words = "List attribute emails exceeds allowed limit of 1";
    once(json!({ "op": "add", "path": "emails", "value": second })).await.refused(400, words);
    let reply = once(json!({ "op": "replace", "path": "title", "value": "" })).await.ok(400);
    assert!(reply.body["detail"].as_str().unwrap().contains("length greater than or equal to 1"));
}

#[tokio::test]
async fn user_name_and_active_change_once_in_a_request_and_others_as_often_as_one_likes() {
    let desk = Provisioner::new();
    let path = ada(&desk).await;
    for name in ["userName", "active"] {
        let op =
            json!({ "op": "replace", "path": name, "value": if name == "active" { json!(true) } else { json!("b") } });
        desk.patch(&path, json!([op, op])).await.refused(400, GENERAL);
    }
    let twice = json!([
        { "op": "replace", "path": "title", "value": "a" },
        { "op": "replace", "path": "title", "value": "b" },
        { "op": "replace", "path": "userName", "value": "ada.l" },
        { "op": "replace", "path": "active", "value": false },
    ]);
    let reply = desk.patch(&path, twice).await.ok(200);
    assert_eq!((&reply.body["title"], &reply.body["userName"]), (&json!("b"), &json!("ada.l")));
}

#[tokio::test]
async fn a_patch_that_fails_leaves_nothing_behind() {
    let desk = Provisioner::new();
    let path = ada(&desk).await;
    let half = json!([
        { "op": "replace", "path": "title", "value": "Lady" },
        { "op": "replace", "path": "photos", "value": [] },
    ]);
    desk.patch(&path, half).await.refused(400, GENERAL);
    assert_eq!(desk.get(&path).await.body["title"], "Countess");
    desk.patch("Users/none", json!([{ "op": "add", "path": "title", "value": "x" }])).await.ok(404);
}

#[tokio::test]
async fn the_envelope_of_a_patch_is_complete() {
    let desk = Provisioner::new();
    let path = ada(&desk).await;
    let op = json!({ "op": "replace", "path": "title", "value": "x" });
    let schemas = json!(["urn:ietf:params:scim:api:messages:2.0:PatchOp"]);
    for body in [
        json!({ "Operations": [op] }),
        json!({ "schemas": schemas, "Operations": [] }),
        json!({ "schemas": schemas, "operations": [op] }),
        json!({ "schemas": schemas, "Operations": op }),
        json!({ "schemas": schemas, "Operations": [op], "userName": "x" }),
        json!({ "schemas": schemas }),
        user("ada"),
    ] {
        desk.send("PATCH", &path, Some(&body)).await.refused(400, GENERAL);
    }
}
