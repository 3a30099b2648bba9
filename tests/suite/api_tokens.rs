use std::process::Command;

use model::{ApiTokenDraft, EventKind, ListQuery};
use serde_json::json;
use tests::{Api, World, output, program};

/// Sets what somebody is, by the declarative file.
async fn is(world: &World, username: &str, what: &str) {
    world.apply(&format!("version: 1\nusers: [{{ username: {username}, name: X, {what} }}]")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_acts_with_its_owners_role_of_this_moment_and_stops_with_the_owner() {
    let world = World::new().await;
    let api = world.api("audrey").await;
    assert_eq!(api.read("/me").await, json!({ "username": "audrey", "name": "Audrey Auditor", "role": "auditor" }));
    assert_eq!(api.get("/users").await.status, 200);
    assert_eq!(api.post("/applications", &json!({ "slug": "x", "name": "X" })).await.status, 403);
    is(&world, "audrey", "administrator: true").await;
    assert_eq!(api.post("/applications", &json!({ "slug": "x", "name": "X" })).await.status, 201);
    is(&world, "audrey", "administrator: false").await;
    assert_eq!(api.get("/users").await.status, 403);
    assert_eq!(api.get("/me").await.status, 200);
    is(&world, "audrey", "active: false").await;
    assert_eq!(api.get("/me").await.status, 401);
    is(&world, "audrey", "active: true, uid: somebody-else").await;
    assert_eq!(api.get("/me").await.status, 401, "whoever comes later under the same name inherits the token");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_when_it_was_asked_to_and_when_it_is_revoked() {
    let world = World::new().await;
    let root = world.api("root").await;
    let draft = json!({ "owner": "audrey", "label": "nightly report", "valid_days": 2 });
    let made = root.post("/tokens", &draft).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let secret = made.json()["secret"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location"), format!("/api/v1/tokens/{}", made.json()["token"]["id"].as_str().unwrap()));
    let audrey = Api::new(&world.url, &secret);
    assert_eq!(audrey.get("/me").await.status, 200);
    let id = secret.split('_').nth(1).unwrap();
    for wrong in [secret.to_uppercase(), format!("rolecall_{id}_"), format!("{secret}x"), "rolecall_".to_owned()] {
        assert_eq!(Api::new(&world.url, &wrong).get("/me").await.status, 401, "{wrong}");
    }
    world.clock.advance(2 * 86_400 + 1);
    assert_eq!(audrey.get("/me").await.status, 401);
    let mut draft = draft;
    draft["valid_days"] = json!(null);
    let made = root.post("/tokens", &draft).await.json();
    let audrey = Api::new(&world.url, made["secret"].as_str().unwrap());
    assert_eq!(audrey.get("/me").await.status, 200);
    let id = made["token"]["id"].as_str().unwrap();
    assert_eq!(root.delete(&format!("/tokens/{id}?version=7")).await.status, 409);
    assert_eq!(root.delete(&format!("/tokens/{id}?version=1")).await.status, 204);
    assert_eq!(audrey.get("/me").await.status, 401);
    assert_eq!(root.delete(&format!("/tokens/{id}?version=1")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_told_once_and_its_list_says_whose_it_is_and_when_it_was_used() {
    let world = World::new().await;
    let (token, root) = (world.token("audrey").await, world.api("root").await);
    let find = |list: serde_json::Value| {
        let rows = list["rows"].as_array().unwrap().clone();
        rows.into_iter().find(|row| row["owner"] == "audrey").unwrap()
    };
    let row = find(root.read("/tokens").await);
    let secret = token.strip_prefix(row["prefix"].as_str().unwrap()).unwrap();
    assert!(secret.len() > 20 && row["last_used"].is_null(), "{row}");
    assert_eq!(Api::new(&world.url, &token).get("/me").await.status, 200);
    let row = find(root.read("/tokens?q=audrey").await);
    assert!(row["last_used"].is_string() && row["label"] == "test", "{row}");
    for path in ["/tokens", "/events", "/overview"] {
        let text = root.get(path).await.body;
        assert!(!text.contains(secret), "{path} tells the token");
    }
    assert!(!world.services.export(true).await.unwrap().contains(secret));
    let bad = root.post("/tokens", &json!({ "owner": "nobody", "label": "x" })).await;
    assert!(bad.status == 422 && bad.body.contains("nobody"), "{}", bad.body);
    let bad = root.post("/tokens", &json!({ "owner": "ada", "label": " ", "valid_days": 0 })).await;
    assert_eq!(bad.json()["errors"].as_array().unwrap().len(), 2, "{}", bad.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_token_changes_names_the_owner_and_the_token() {
    let world = World::new().await;
    let token = world.token("root").await;
    let api = Api::new(&world.url, &token);
    assert_eq!(api.post("/applications", &json!({ "slug": "x", "name": "X" })).await.status, 201);
    let events = api.read("/events?filter=created&target=application%20x").await;
    let event = &events["rows"][0];
    assert_eq!((event["actor"].as_str(), event["detail"]["token"].as_str()), (Some("root"), token.split('_').nth(1)));
    let made = api.read("/events?filter=created&q=API%20token").await;
    assert!(made["rows"][0]["message"].as_str().unwrap().contains("test made the API token"), "{made}");
    let root = world.services.caller_by_token(&token, &domain::Origin::default()).await.unwrap().unwrap();
    let draft = ApiTokenDraft { owner: "ada".to_owned(), label: "l".to_owned(), valid_days: None };
    root.admin().unwrap().create_api_token(&draft).await.unwrap();
    let query = ListQuery { filter: EventKind::Created.code().to_owned(), ..ListQuery::default() };
    let event = root.auditor().unwrap().events(&query).await.unwrap().rows.remove(0);
    assert_eq!((event.actor.as_str(), &event.detail["token"]), ("root", &json!(token.split('_').nth(1))));
}

#[test]
fn the_command_line_makes_lists_and_revokes_tokens_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], input: &str| {
        let mut command = Command::new(program("rolecall"));
        command.args(arguments).arg("--data-dir").arg(folder.path().join("data"));
        let output = output(&mut command, input);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let made = run(&["user", "create", "ada", "--administrator"], "analytical-engine-1843\n");
    assert_eq!(made.0, Some(0), "{made:?}");
    let (code, token, errors) =
        run(&["token", "create", "--user", "ada", "--name", "backup", "--valid-days", "30"], "");
    assert!(code == Some(0) && token.starts_with("rolecall_") && token.lines().count() == 1, "{token}{errors}");
    let (code, _, errors) = run(&["token", "create", "--user", "nobody", "--name", "x"], "");
    assert!(code == Some(2) && errors.contains("nobody"), "{errors}");
    let (_, list, _) = run(&["token", "list"], "");
    let prefix = token.trim().rsplit_once('_').unwrap().0;
    assert!(list.contains("ada\tbackup") && list.contains("never used"), "{list}");
    assert!(!list.contains(token.trim()), "the list tells the token");
    assert_eq!(run(&["token", "revoke", list.split('\t').next().unwrap()], "").0, Some(0), "{prefix}");
    assert_eq!(run(&["token", "list"], "").1, "");
}
