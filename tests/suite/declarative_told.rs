use domain::declarative::Apply;
use serde_json::{Value, json};
use tests::World;

/// The events of a target, newest first, that tell of a file.
async fn told(world: &World, target: &str) -> Vec<Value> {
    let events = world.api("root").await.read("/events").await;
    let of_it = |event: &&Value| event["target"] == target && event["detail"]["file"] == "f.yaml";
    events["rows"].as_array().unwrap().iter().filter(of_it).cloned().collect()
}

async fn apply(world: &World, text: &str, prune: bool) {
    let how = Apply { prune, ..Apply::default() };
    world.services.apply_as("f.yaml", text, &|_| Err("not here".into()), "operator", how).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_file_changes_is_told_thing_by_thing_with_what_was_before_and_after() {
    let world = World::new().await;
    let policy =
        |expression: &str| format!("version: 1\npolicies: [{{ name: late, expression: \"return {expression}\" }}]");
    apply(&world, &policy("True"), false).await;
    apply(&world, &policy("False"), false).await;
    apply(&world, &policy("False"), false).await;
    let root = "version: 1\nusers: [{ username: root, name: The Root, email: root@example.com, administrator: true }]";
    apply(&world, root, true).await;

    let events = told(&world, "policy late").await;
    let kinds: Vec<&str> = events.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["deleted", "updated", "created"], "{events:?}");
    let sides = |event: &Value| ["before", "after"].map(|side| event["detail"][side]["expression"].clone());
    assert_eq!(sides(&events[0]), [json!("return False"), Value::Null]);
    assert_eq!(sides(&events[1]), [json!("return True"), json!("return False")]);
    assert_eq!(sides(&events[2]), [Value::Null, json!("return True")]);
    assert_eq!(events[0]["actor"], "operator");

    let gone = told(&world, "user ada").await;
    assert_eq!((gone.len(), &gone[0]["detail"]["before"]["email"]), (1, &json!("ada@example.com")), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_whom_a_file_renames_is_told_of_once_and_under_the_new_name() {
    let world = World::new().await;
    let text = "version: 1\nusers: [{ username: countess, renamed_from: ada, name: Ada, email: ada@example.com }]";
    apply(&world, text, false).await;
    let events = told(&world, "user countess").await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["message"], "operator renamed the user ada to the user countess by f.yaml");
    assert_eq!(events[0]["detail"]["before"]["username"], "ada");
    assert!(told(&world, "user ada").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_of_a_file_is_in_its_events() {
    let world = World::new().await;
    let text = "version: 1\nusers: [{ username: eve, name: Eve, password: \"a-long-secret-of-eve\" }]\n\
        keys: [{ name: made, generate: { algorithm: p-256, common_name: x, valid_days: 30 } }]\n\
        scim_providers: [{ name: scim, url: \"https://scim.us-east-1.amazonaws.com/x/scim/v2/\", token: token-of-aws }]";
    apply(&world, text, false).await;
    let events = world.api("root").await.read("/events").await.to_string();
    for target in ["user eve", "key made", "SCIM provider scim"] {
        assert_eq!(told(&world, target).await.len(), 1, "{target}");
    }
    for secret in ["a-long-secret-of-eve", "argon2", "token-of-aws", "PRIVATE KEY", "sealed", "private_key"] {
        assert!(!events.contains(secret), "{secret}");
    }
}
