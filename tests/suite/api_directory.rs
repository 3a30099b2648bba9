//! Users, groups and policies by the API.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{PASSWORD, World};

/// The fields that a problem speaks of.
fn fields(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().into_iter().flatten().filter_map(|error| error["field"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_made_changed_given_a_password_and_deleted_and_the_password_never_comes_out() {
    let world = World::new().await;
    let root = world.api("root").await;
    let user = json!({ "username": "eve", "name": "Eve", "email": "eve@example.com", "groups": ["aws-admins"] });
    let new = json!({ "user": user, "password": "an-apple-a-day-1" });
    let made = root.post("/users", &new).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (201, "/api/v1/users/eve"), "{}", made.body);
    let detail = made.json();
    assert_eq!((&detail["version"], &detail["has_password"]), (&json!(1), &json!(true)), "{detail}");
    assert_eq!((&detail["user"]["role"], &detail["user"]["active"]), (&json!("member"), &json!(true)));
    assert_eq!(detail["all_groups"], json!(["aws-admins", "engineers"]));
    let uid = detail["user"]["uid"].clone();
    assert!(uid.as_str().is_some_and(|uid| uid.len() == 32), "{detail}");
    let eve = world.browser();
    assert_eq!(eve.sign_in("eve", "an-apple-a-day-1").await.status, StatusCode::SEE_OTHER);

    // What was read is what is put back, with one thing changed.
    let mut next = detail["user"].clone();
    next["name"] = json!("Eve of the Orchard");
    next["attributes"] = json!({ "department": "Orchard" });
    let changed = root.put("/users/eve?version=1", &next).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["version"]), (200, &json!(2)), "{}", changed.body);
    assert_eq!((&changed.json()["user"]["uid"], &changed.json()["has_password"]), (&uid, &json!(true)));
    assert_eq!(root.put("/users/eve?version=1", &next).await.status, 409, "it was overtaken");
    assert_eq!(root.put("/users/eve", &next).await.status, 400, "without a version");
    assert_eq!(eve.get("/").await.status, StatusCode::OK);

    let set = root.put("/users/eve/password?version=2", &json!({ "password": "another-apple-a-day" })).await;
    assert_eq!((set.status.as_u16(), set.body.as_str()), (204, ""));
    assert_eq!(eve.get("/").await.status, StatusCode::SEE_OTHER, "the session outlives the password");
    assert_eq!(world.browser().sign_in("eve", "an-apple-a-day-1").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(eve.sign_in("eve", "another-apple-a-day").await.status, StatusCode::SEE_OTHER);
    next["active"] = json!(false);
    assert_eq!(root.put("/users/eve?version=3", &next).await.status, 200);
    assert_eq!(eve.get("/").await.status, StatusCode::SEE_OTHER, "who is deactivated is still signed in");

    for path in ["/users/eve", "/users", "/events", "/openapi.json"] {
        let body = root.get(path).await.body;
        assert!(!body.contains("apple-a-day") && !body.contains("argon2"), "{path}: {body}");
    }
    assert_eq!(root.delete("/users/eve?version=1").await.status, 409);
    assert_eq!(root.delete("/users/eve?version=4").await.status, 204);
    assert_eq!(root.get("/users/eve").await.status, 404);
    let events = root.read("/events?target=user+eve").await;
    let kinds: Vec<&str> = events["rows"].as_array().unwrap().iter().filter_map(|e| e["kind"].as_str()).collect();
    let mut changes: Vec<&str> = kinds.into_iter().filter(|kind| !kind.starts_with("sign")).collect();
    changes.reverse();
    assert_eq!(changes, ["created", "updated", "updated", "updated", "deleted"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_user_cannot_be_is_said_by_field_and_nobody_locks_everybody_out() {
    let world = World::new().await;
    let root = world.api("root").await;
    for (user, password, field) in [
        (json!({ "username": "two words" }), "an-apple-a-day-1", "username"),
        (json!({ "username": "ADA" }), "an-apple-a-day-1", "username"),
        (json!({ "username": "eve", "email": "nowhere" }), "an-apple-a-day-1", "email"),
        (json!({ "username": "eve", "groups": ["nobody's"] }), "an-apple-a-day-1", "groups"),
        (json!({ "username": "eve" }), "tiny-9", "password"),
        (json!({ "username": "eve", "uid": "0123" }), "an-apple-a-day-1", "uid"),
        (json!({ "username": "eve", "password": "x" }), "an-apple-a-day-1", ""),
    ] {
        let refused = root.post("/users", &json!({ "user": user, "password": password })).await;
        assert_eq!(refused.status, 422, "{user}: {}", refused.body);
        assert!(
            fields(&refused.json()).contains(&field) && !refused.body.contains(password),
            "{user}: {}",
            refused.body
        );
    }
    assert_eq!(root.get("/users/eve").await.status, 404);
    let me = root.read("/users/root").await;
    let mut less = me["user"].clone();
    less["role"] = json!("member");
    let version = me["version"].as_u64().unwrap();
    let refused = root.put(&format!("/users/root?version={version}"), &less).await;
    assert!(refused.status == 409 || refused.status == 422, "{}", refused.body);
    assert!(refused.body.contains("last active administrator"), "{}", refused.body);
    assert_eq!(root.delete(&format!("/users/root?version={version}")).await.status, refused.status);
    // Another name is a rename, and another identifier is another person.
    for (key, value) in [("username", "other"), ("uid", "0123456789abcdef0123456789abcdef")] {
        let mut other = me["user"].clone();
        other[key] = json!(value);
        let refused = root.put(&format!("/users/root?version={version}"), &other).await;
        assert!(refused.status == 422 && fields(&refused.json()) == [key], "{key}: {}", refused.body);
    }
    world.apply("version: 1\napplications: [{ slug: hers, name: Hers, bindings: [{ user: ada }] }]\n").await;
    let ada = root.read("/users/ada").await["version"].clone();
    let bound = root.delete(&format!("/users/ada?version={ada}")).await;
    assert!(bound.status == 409 && bound.body.contains("hers"), "{}", bound.body);
    assert_eq!(world.browser().sign_in("ada", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_made_changed_and_deleted_and_its_members_leave_it() {
    let world = World::new().await;
    let root = world.api("root").await;
    let group = json!({ "name": "night shift", "parents": ["engineers"], "attributes": { "aws_role": "Owl" } });
    let made = root.post("/groups", &group).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (201, "/api/v1/groups/night%20shift"), "{}", made.body);
    let again = root.post("/groups", &group).await;
    assert!(again.status == 422 && fields(&again.json()) == ["name"], "{}", again.body);
    let mut grace = root.read("/users/grace").await;
    grace["user"]["groups"] = json!(["night shift"]);
    let put = root.put(&format!("/users/grace?version={}", grace["version"]), &grace["user"]).await;
    assert_eq!(put.status, 200, "{}", put.body);
    assert_eq!(root.read("/groups/night%20shift").await["members"], json!(["grace"]));
    let next = json!({ "name": "night shift", "parents": ["aws-readers"] });
    let changed = root.put("/groups/night%20shift?version=1", &next).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["members"]), (200, &json!(["grace"])), "{}", changed.body);
    assert_eq!(root.put("/groups/night%20shift?version=1", &next).await.status, 409);
    assert_eq!(root.read("/users/grace").await["all_groups"], json!(["aws-readers", "night shift"]));
    for (wrong, field) in [
        (json!({ "name": "other" }), "name"),
        (json!({ "name": "night shift", "parents": ["night shift"] }), "parents"),
        (json!({ "name": "night shift", "parents": ["nobody's"] }), "parents"),
    ] {
        let refused = root.put("/groups/night%20shift?version=2", &wrong).await;
        assert!(refused.status == 422 && fields(&refused.json()) == [field], "{wrong}: {}", refused.body);
    }
    let engineers = root.read("/groups/engineers").await["version"].clone();
    let used = root.delete(&format!("/groups/engineers?version={engineers}")).await;
    assert_eq!(used.status, 409, "a binding names it");
    assert_eq!(root.delete("/groups/night%20shift?version=2").await.status, 204);
    assert_eq!(root.read("/users/grace").await["user"]["groups"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_tried_made_changed_and_deleted_once_no_binding_names_it() {
    let world = World::new().await;
    let root = world.api("root").await;
    let source = "return user.is_member('aws-admins')";
    let ask = async |username: &str, source: &str| {
        root.post("/policy-trials", &json!({ "source": source, "username": username, "application": "aws" })).await
    };
    assert_eq!(ask("ada", source).await.json()["answered"], json!({ "passed": true, "json": "true" }));
    assert_eq!(ask("grace", source).await.json()["answered"]["passed"], false);
    assert_eq!(ask("ada", "return (").await.json()["failed"]["line"], 1);
    assert_eq!(ask("nobody", source).await.status, 422);
    let made = root.post("/policies", &json!({ "name": "office", "expression": source })).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (201, "/api/v1/policies/office"), "{}", made.body);
    let broken = root.post("/policies", &json!({ "name": "broken", "expression": "return (" })).await;
    assert!(broken.status == 422 && fields(&broken.json()) == ["expression"], "{}", broken.body);
    let next = json!({ "name": "office", "expression": "return True" });
    let changed = root.put("/policies/office?version=1", &next).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["version"]), (200, &json!(2)), "{}", changed.body);
    assert_eq!(root.put("/policies/office?version=1", &next).await.status, 409);
    world.apply("version: 1\napplications: [{ slug: wiki, name: Wiki, bindings: [{ policy: office }] }]\n").await;
    assert_eq!(root.read("/policies/office").await["used_by"], json!(["wiki"]));
    assert_eq!(root.read("/policies?q=off").await["rows"], json!([{ "name": "office", "used_by": ["wiki"] }]));
    let used = root.delete("/policies/office?version=2").await;
    assert!(used.status == 409 && used.body.contains("wiki"), "{}", used.body);
    let always = root.read("/policies/always").await["version"].clone();
    assert_eq!(root.delete(&format!("/policies/always?version={always}")).await.status, 204);
    assert_eq!(root.get("/policies/always").await.status, 404);
}
