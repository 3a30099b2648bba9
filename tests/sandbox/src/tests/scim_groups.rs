//! Groups of the SCIM endpoint.

use serde_json::{Value, json};

use super::provisioner::{GENERAL, Provisioner, TAKEN};

fn members(ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({ "value": id })).collect()
}

#[tokio::test]
async fn a_group_is_answered_without_members_whatever_it_has() {
    let desk = Provisioner::new();
    let ada = desk.user("ada").await;
    let reference = format!("../Users/{ada}");
    let sent = json!({
        "externalId": "7",
        "displayName": "Staff",
        "members": [{ "value": ada, "$ref": reference, "type": "User" }],
    });
    let made = desk.post("Groups", &sent).await.ok(201);
    let mut expected = json!({
        "id": made.id(),
        "externalId": "7",
        "meta": { "resourceType": "Group", "created": "2026-05-28T20:26:40Z", "lastModified": "2026-05-28T20:26:40Z" },
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Staff",
    });
    assert_eq!(made.body, expected);
    expected["members"] = json!([]);
    assert_eq!(desk.get(&format!("Groups/{}", made.id())).await.ok(200).body, expected);
    assert_eq!(desk.get("Groups").await.ok(200).rows(), &vec![expected]);
    assert_eq!(desk.members(&made.id()), ["ada"]);
}

#[tokio::test]
async fn a_group_has_a_name_and_at_most_a_hundred_members_at_first() {
    let desk = Provisioner::new();
    let missing =
        "1 validation errors detected: Value at 'displayName' failed to satisfy constraint: Member must not be null";
    desk.post("Groups", &json!({})).await.refused(400, missing);
    let ada = desk.user("ada").await;
    let body = |n: usize| json!({ "displayName": "Staff", "members": members(&vec![ada.as_str(); n]) });
    desk.post("Groups", &body(101)).await.refused(400, GENERAL);
    desk.post("Groups", &body(100)).await.ok(201);
    for bad in [
        json!({ "displayName": "X", "members": [{ "value": ada, "display": "Ada" }] }),
        json!({ "displayName": "X", "members": [{ "value": ada, "type": "Group" }] }),
        json!({ "displayName": "X", "members": [{ "value": "" }] }),
        json!({ "displayName": "X", "members": [{ "value": "nobody" }] }),
        json!({ "displayName": "X", "members": [ada] }),
        json!({ "displayName": "X", "description": "Y" }),
        json!({ "displayName": 1 }),
    ] {
        desk.post("Groups", &bad).await.refused(400, GENERAL);
    }
    let empty = desk.post("Groups", &json!({ "displayName": "" })).await.ok(400);
    assert!(empty.body["detail"].as_str().unwrap().starts_with("2 validation errors detected: Value at 'displayName'"));
}

#[tokio::test]
async fn names_and_external_ids_belong_to_one_group() {
    let desk = Provisioner::new();
    desk.post("Groups", &json!({ "displayName": "Staff", "externalId": "7" })).await.ok(201);
    desk.post("Groups", &json!({ "displayName": "STAFF" })).await.refused(409, TAKEN);
    desk.post("Groups", &json!({ "displayName": "Other", "externalId": "7" })).await.refused(409, TAKEN);
    let other = desk.group("Other").await;
    let rename = json!([{ "op": "replace", "path": "displayName", "value": "Staff" }]);
    desk.patch(&format!("Groups/{other}"), rename).await.refused(409, TAKEN);
}

#[tokio::test]
async fn members_come_and_go_by_patch_without_an_answer() {
    let desk = Provisioner::new();
    let (ada, bob, group) = (desk.user("ada").await, desk.user("bob").await, desk.group("Staff").await);
    let path = format!("Groups/{group}");
    let add = json!([{ "op": "Add", "path": "members", "value": members(&[&ada, &bob]) }]);
    for _ in 0..2 {
        let done = desk.patch(&path, add.clone()).await.ok(204);
        assert!(done.body.is_null());
    }
    assert_eq!(desk.members(&group), ["ada", "bob"]);
    let remove = json!([{ "op": "remove", "path": "members", "value": members(&[&ada]) }]);
    for _ in 0..2 {
        desk.patch(&path, remove.clone()).await.ok(204);
    }
    let by_filter = format!("members[value eq \"{bob}\"]");
    desk.patch(&path, json!([{ "op": "remove", "path": by_filter }])).await.ok(204);
    assert!(desk.members(&group).is_empty());
    desk.patch(&path, json!([{ "op": "add", "value": { "members": members(&[&ada]) } }])).await.ok(204);
    assert_eq!(desk.members(&group), ["ada"]);
}

#[tokio::test]
async fn a_name_changes_with_a_path_or_alone() {
    let desk = Provisioner::new();
    let group = desk.group("Staff").await;
    let path = format!("Groups/{group}");
    let both = json!([
        { "op": "replace", "path": "displayName", "value": "New" },
        { "op": "replace", "path": "externalId", "value": "x" },
    ]);
    desk.patch(&path, both).await.ok(204);
    desk.patch(&path, json!([{ "op": "replace", "value": { "id": group, "displayName": "Newer" } }])).await.ok(204);
    let two = json!([{ "op": "replace", "value": { "displayName": "Newest", "externalId": "y" } }]);
    let words = "Current PATCH support allows omitting \"path\" attribute only for Add and Replace operations modifying a \
                 single attribute.";
    desk.patch(&path, two).await.refused(400, words);
    let body = desk.get(&path).await.body;
    assert_eq!((&body["displayName"], &body["externalId"]), (&json!("Newer"), &json!("x")));
    desk.patch(&path, json!([{ "op": "remove", "path": "externalId" }])).await.ok(204);
    desk.patch(&path, json!([{ "op": "remove" }])).await.refused(400, "Missing path in PATCH request");
}

#[tokio::test]
async fn replacing_members_or_removing_all_of_them_is_refused_and_removes_nobody() {
    let desk = Provisioner::new();
    let (ada, group) = (desk.user("ada").await, desk.group("Staff").await);
    let path = format!("Groups/{group}");
    desk.patch(&path, json!([{ "op": "add", "path": "members", "value": members(&[&ada]) }])).await.ok(204);
    for op in [
        json!({ "op": "replace", "path": "members", "value": members(&[&ada]) }),
        json!({ "op": "replace", "path": "members", "value": [] }),
        json!({ "op": "replace", "path": "members", "value": [{ "value": "" }] }),
        json!({ "op": "replace", "value": { "members": members(&[&ada]) } }),
        json!({ "op": "remove", "path": "members" }),
        json!({ "op": "remove", "path": "members", "value": [] }),
        json!({ "op": "remove", "path": "displayName" }),
        json!({ "op": "add", "path": "members", "value": [] }),
        json!({ "op": "add", "path": "members", "value": { "value": ada } }),
        json!({ "op": "add", "path": "members.value", "value": [] }),
        json!({ "op": "add", "path": "description", "value": "x" }),
        json!({ "op": "remove", "path": "members[display eq \"x\"]" }),
    ] {
        desk.patch(&path, json!([op])).await.refused(400, GENERAL);
    }
    assert_eq!(desk.members(&group), ["ada"]);
}

#[tokio::test]
async fn a_request_changes_at_most_a_hundred_memberships_in_all() {
    let desk = Provisioner::new();
    let (ada, group) = (desk.user("ada").await, desk.group("Staff").await);
    let path = format!("Groups/{group}");
    let ops = |adds: usize, removes: usize| {
        json!([
            { "op": "remove", "path": "members", "value": members(&vec![ada.as_str(); removes]) },
            { "op": "add", "path": "members", "value": members(&vec![ada.as_str(); adds]) },
        ])
    };
    desk.patch(&path, ops(60, 41)).await.refused(400, GENERAL);
    assert!(desk.members(&group).is_empty());
    desk.patch(&path, ops(60, 40)).await.ok(204);
    assert_eq!(desk.members(&group), ["ada"]);
}

#[tokio::test]
async fn an_unknown_member_is_not_found_and_nothing_changes() {
    let desk = Provisioner::new();
    let (ada, group) = (desk.user("ada").await, desk.group("Staff").await);
    let path = format!("Groups/{group}");
    let add = json!([{ "op": "add", "path": "members", "value": members(&[&ada, &group]) }]);
    desk.patch(&path, add).await.refused(404, "MEMBER does not exist.");
    assert!(desk.members(&group).is_empty());
    desk.patch("Groups/none", json!([{ "op": "remove", "path": "externalId" }]))
        .await
        .refused(404, "GROUP does not exist.");
}

#[tokio::test]
async fn a_deleted_group_is_gone() {
    let desk = Provisioner::new();
    let path = format!("Groups/{}", desk.group("Staff").await);
    desk.send("DELETE", &path, None).await.ok(204);
    for method in ["GET", "DELETE"] {
        desk.send(method, &path, None).await.refused(404, "GROUP does not exist.");
    }
}
