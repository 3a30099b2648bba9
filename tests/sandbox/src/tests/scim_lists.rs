//! Filters and pages of the SCIM endpoint.

use serde_json::json;

use super::provisioner::ENTERPRISE;
use super::provisioner::{GENERAL, Provisioner, user_with};

const FORMAT: &str = "Invalid Filter format";

#[tokio::test]
async fn users_are_found_by_name_external_id_and_id() {
    let desk = Provisioner::new();
    let ada = desk.post("Users", &user_with("ada@example.com", "externalId", json!("X\"7"))).await.ok(201).id();
    desk.user("bob").await;
    for filter in [
        "userName eq \"ada@example.com\"".to_owned(),
        "userName eq \"ADA@example.com\"".to_owned(),
        "externalId eq \"X\\\"7\"".to_owned(),
        format!("id eq \"{ada}\""),
    ] {
        let found = desk.filtered("Users", &filter).await.ok(200);
        assert_eq!(found.rows().iter().map(|row| row["id"].as_str().unwrap()).collect::<Vec<_>>(), [ada.as_str()]);
        assert_eq!(found.body["totalResults"], 1);
    }
    assert!(desk.filtered("Users", "externalId eq \"x\\\"7\"").await.ok(200).rows().is_empty());
}

#[tokio::test]
async fn other_filters_have_an_invalid_format() {
    let desk = Provisioner::new();
    for filter in [
        "",
        "userName",
        "userName co \"a\"",
        "userName EQ \"a\"",
        "userName eq a",
        "userName eq 'a'",
        "userName eq \"a",
        "userName eq \"a\" ",
        "userName eq \"a\" or id eq \"b\"",
        "userName eq \"a\" and externalId eq \"b\"",
        "id eq \"a\" and id eq \"b\"",
        "id eq \"a\" and members eq \"b\"",
        "username eq \"a\"",
        "emails.value eq \"a@b.example\"",
        "displayName eq \"a\"",
        "not (userName eq \"a\")",
    ] {
        desk.filtered("Users", filter).await.refused(400, FORMAT);
    }
    for filter in ["userName eq \"a\"", "id eq \"a\" and manager eq \"b\"", "displayName sw \"a\"", "members eq \"a\""]
    {
        desk.filtered("Groups", filter).await.refused(400, FORMAT);
    }
}

#[tokio::test]
async fn membership_is_asked_by_group_by_member_and_by_both() {
    let desk = Provisioner::new();
    let (ada, bob, staff) = (desk.user("ada").await, desk.user("bob").await, desk.group("Staff").await);
    desk.post("Groups", &json!({ "displayName": "Other", "externalId": "o" })).await.ok(201);
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": ada }] }]);
    desk.patch(&format!("Groups/{staff}"), add).await.ok(204);
    let of_group = desk.filtered("Users?cursor", &format!("groups.value eq \"{staff}\"")).await.ok(200);
    assert_eq!(of_group.rows()[0]["userName"], "ada");
    assert_eq!(of_group.rows().len(), 1);
    let of_user = desk.filtered("Groups?cursor=", &format!("members.value eq \"{ada}\"")).await.ok(200);
    assert_eq!(of_user.rows().len(), 1);
    assert_eq!((&of_user.rows()[0]["displayName"], &of_user.rows()[0]["members"]), (&json!("Staff"), &json!([])));
    for word in ["member", "members"] {
        let both = |user: &str| format!("id eq \"{staff}\" and {word} eq \"{user}\"");
        assert_eq!(desk.filtered("Groups", &both(&ada)).await.ok(200).body["totalResults"], 1);
        assert_eq!(desk.filtered("Groups", &both(&bob)).await.ok(200).body["totalResults"], 0);
        let turned = format!("{word} eq \"{ada}\" and id eq \"{staff}\"");
        assert_eq!(desk.filtered("Groups", &turned).await.ok(200).body["totalResults"], 1);
    }
    for (filter, count) in [("displayName eq \"staff\"", 1), ("externalId eq \"o\"", 1), ("displayName eq \"x\"", 0)] {
        assert_eq!(desk.filtered("Groups", filter).await.ok(200).rows().len(), count, "{filter}");
    }
}

#[tokio::test]
async fn a_member_that_does_not_exist_is_not_found() {
    let desk = Provisioner::new();
    let staff = desk.group("Staff").await;
    desk.filtered("Groups", "members.value eq \"nobody\"").await.refused(404, "MEMBER does not exist.");
    let both = format!("id eq \"{staff}\" and members eq \"nobody\"");
    desk.filtered("Groups", &both).await.refused(404, "MEMBER does not exist.");
}

#[tokio::test]
async fn a_user_is_found_with_its_manager() {
    let desk = Provisioner::new();
    let ada =
        desk.post("Users", &user_with("ada", ENTERPRISE, json!({ "manager": { "value": "m" } }))).await.ok(201).id();
    for (filter, count) in [
        (format!("id eq \"{ada}\" and manager eq \"m\""), 1),
        (format!("manager eq \"m\" and id eq \"{ada}\""), 1),
        (format!("id eq \"{ada}\" and manager eq \"n\""), 0),
    ] {
        assert_eq!(desk.filtered("Users", &filter).await.ok(200).rows().len(), count, "{filter}");
    }
}

async fn crowd(desk: &Provisioner, size: usize) {
    for n in 0..size {
        desk.user(&format!("u{n}")).await;
    }
}

#[tokio::test]
async fn without_a_cursor_only_the_first_hundred_can_be_had() {
    let desk = Provisioner::new();
    crowd(&desk, 103).await;
    let all = desk.get("Users").await.ok(200);
    assert_eq!(all.rows().len(), 100);
    for (name, value) in [("totalResults", 100), ("itemsPerPage", 100), ("startIndex", 1)] {
        assert_eq!(all.body[name], value, "{name}");
    }
    assert!(all.body.get("nextCursor").is_none());
    let few = desk.get("Users?count=2").await.ok(200);
    assert_eq!((few.rows().len(), &few.body["totalResults"]), (2, &json!(2)));
}

#[tokio::test]
async fn a_cursor_leads_through_everything_even_over_a_short_page() {
    let desk = Provisioner::new();
    crowd(&desk, 25).await;
    let (mut cursor, mut names, mut sizes) = (String::new(), Vec::new(), Vec::new());
    loop {
        let page = desk.get(&format!("Users?count=10&cursor={}", cursor.replace('=', "%3D"))).await.ok(200);
        assert_eq!(page.body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]));
        assert_eq!(page.body["itemsPerPage"], page.rows().len());
        assert!(page.body.get("totalResults").is_none() && page.body.get("startIndex").is_none());
        sizes.push(page.rows().len());
        names.extend(page.rows().iter().map(|row| row["userName"].as_str().unwrap().to_owned()));
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(sizes, [10, 9, 6]);
    assert_eq!(names, (0..25).map(|n| format!("u{n}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_cursor_holds_for_its_list_and_its_filter_only() {
    let desk = Provisioner::new();
    let staff = desk.group("Staff").await;
    desk.group("Other").await;
    for name in ["a", "b"] {
        let id = desk.user(name).await;
        let add = json!([{ "op": "add", "path": "members", "value": [{ "value": id }] }]);
        desk.patch(&format!("Groups/{staff}"), add).await.ok(204);
    }
    let filter = format!("groups.value eq \"{staff}\"");
    let first = desk.filtered("Users?cursor&count=1", &filter).await.ok(200);
    let cursor = first.body["nextCursor"].as_str().unwrap().replace('=', "%3D");
    let at = format!("Users?count=1&cursor={cursor}");
    let second = desk.filtered(&at, &filter).await.ok(200);
    assert_eq!(second.rows()[0]["userName"], "b");
    assert!(second.body.get("nextCursor").is_none());
    desk.filtered(&at, "userName eq \"a\"").await.refused(400, GENERAL);
    desk.get(&at).await.refused(400, GENERAL);
    desk.get(&format!("Groups?cursor={cursor}")).await.refused(400, GENERAL);
    desk.get("Users?cursor=AAAA").await.refused(400, GENERAL);
    desk.get("Users?cursor=%2A").await.refused(400, GENERAL);
}

#[tokio::test]
async fn other_parameters_are_not_supported() {
    let desk = Provisioner::new();
    let id = desk.user("ada").await;
    for query in [
        "count=0",
        "count=101",
        "count=-1",
        "count=+5",
        "count=x",
        "count=",
        "startIndex=1",
        "attributes=id",
        "excludedAttributes=members",
        "sortBy=id",
        "count=1&count=2",
    ] {
        desk.get(&format!("Users?{query}")).await.refused(400, GENERAL);
        desk.get(&format!("Groups?{query}")).await.refused(400, GENERAL);
    }
    desk.get(&format!("Users/{id}?attributes=userName")).await.refused(400, GENERAL);
}
