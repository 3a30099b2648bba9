use domain::declarative::{Apply, ApplyError, Plan};
use serde_json::json;
use tests::{PASSWORD, World};

async fn prune(world: &World, text: &str, dry_run: bool) -> Result<Plan, ApplyError> {
    let how = Apply { dry_run, prune: true, ..Apply::default() };
    world.services.apply_as("f.yaml", text, &|_| Err("not here".into()), "test", how).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_file_does_not_name_goes_and_the_plan_says_so_first() {
    let world = World::new().await;
    let ada = world.signed_in("ada").await;
    let file = "version: 1\ngroups: [{ name: engineers }]\n\
                users: [{ username: root, name: The Root, email: root@example.com, administrator: true }]";
    let plan = prune(&world, file, true).await.unwrap().to_string();
    for line in ["- application aws", "- SAML provider aws-iam", "- user ada", "- group aws-admins", "- policy always"]
    {
        assert!(plan.lines().any(|l| l == line), "{line} is not in\n{plan}");
    }
    assert!(!plan.contains("- key") && !plan.contains("default SAML") && !plan.contains("user root"), "{plan}");
    assert_eq!(ada.get("/").await.status, 200, "a dry run changed something");
    assert_eq!(prune(&world, file, false).await.unwrap().to_string(), plan);
    assert_eq!(ada.get("/").await.status, 303, "the session of somebody who is gone lives");
    let again = prune(&world, file, false).await.unwrap();
    assert_eq!(again.steps, [], "{again}");
    let root = world.api("root").await;
    assert_eq!(root.read("/users").await["total"], 1);
    assert_eq!(root.read("/applications").await["total"], 0);
    assert_eq!(root.read("/keys").await["rows"][0]["is_default"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrators_stay_without_the_groups_that_go() {
    let world = World::new().await;
    let file = format!(
        "version: 1\nusers: [{{ username: root, name: R, password: {PASSWORD}, administrator: true, groups: [engineers] }}]"
    );
    world.apply(&file).await;
    prune(&world, "version: 1", false).await.unwrap();
    let root = world.api("root").await;
    assert_eq!(root.read("/users/root").await["user"]["groups"], json!([]));
    assert_eq!((&root.read("/users").await["total"], &root.read("/groups").await["total"]), (&json!(1), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_names_what_it_would_remove_is_refused_whole() {
    let world = World::new().await;
    let before = world.services.export(true).await.unwrap();
    let file = "version: 1\napplications: [{ slug: aws, name: AWS, saml_provider: aws-iam, bindings: [{ group: engineers }] }]";
    let error = prune(&world, file, false).await.unwrap_err().to_string();
    assert!(error.contains("aws-iam") && error.contains("engineers"), "{error}");
    assert_eq!(world.services.export(true).await.unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_default_key_stays_unless_the_file_names_another() {
    let world = World::new().await;
    let file = "version: 1\nusers: [{ username: root, name: R, administrator: true }]\n\
                keys: [{ name: idp, default: true, generate: { algorithm: p-256, common_name: x, valid_days: 30 } }]";
    let plan = prune(&world, file, false).await.unwrap().to_string();
    for line in ["+ key idp", "- key rolecall", "~ setting default_key: idp"] {
        assert_eq!(plan.lines().filter(|l| *l == line).count(), 1, "{line} is not once in\n{plan}");
    }
    let keys = world.api("root").await.read("/keys").await;
    assert!(keys["total"] == 1 && keys["rows"][0]["is_default"] == true, "{keys}");
    let again = prune(&world, file, false).await.unwrap();
    assert_eq!(again.steps, [], "{again}");
}
