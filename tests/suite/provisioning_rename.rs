use aws_sandbox::{FaultPlan, FaultRule, Outcome, When};
use serde_json::{Value, json};
use tests::Provisioned;

use crate::provisioning::PEOPLE;

/// What the service knows a group or a user by.
fn id(provisioned: &Provisioned, kind: &str, attribute: &str, name: &str) -> Option<String> {
    let directory = provisioned.center().directory();
    let rows = directory[kind].as_array().unwrap();
    let row = rows.iter().find(|row| row[attribute] == name)?;
    row["id"].as_str().map(str::to_owned)
}

fn group_id(provisioned: &Provisioned, name: &str) -> Option<String> {
    id(provisioned, "groups", "displayName", name)
}

/// The operations of the only request that changed anything.
fn only_patch(provisioned: &Provisioned) -> Value {
    let mut writes = provisioned.sandbox.requests();
    writes.retain(|request| request.method != "GET" && !request.path.starts_with("/_"));
    let kinds: Vec<&str> = writes.iter().map(|request| request.kind.as_str()).collect();
    assert_eq!(kinds.len(), 1, "{kinds:?}");
    writes[0].body.as_ref().unwrap()["Operations"].clone()
}

fn renamed_to(name: &str) -> Value {
    json!([{ "op": "replace", "path": "displayName", "value": name }])
}

/// Everything that can name a group names `engineers`.
fn everywhere() -> String {
    let text = PEOPLE.replace("writes_per_second: 1000", "writes_per_second: 1000, groups: [engineers, pilots]");
    let roles = "aws_roles: [{ role: 'arn:aws:iam::123412341234:role/Admin', provider: 'arn:aws:iam::123412341234:saml-provider/rolecall', groups: [engineers] }]";
    text.replace("bindings: [{ group: engineers }]", &format!("bindings: [{{ group: engineers }}], {roles}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_group_is_one_request_there_and_keeps_its_id_and_all_that_names_it_here() {
    let provisioned = Provisioned::new(&everywhere()).await;
    provisioned.synced().await;
    let before = (group_id(&provisioned, "engineers").unwrap(), provisioned.users());
    provisioned.sandbox.forget_requests();
    let root = provisioned.world.api("root").await;
    let answer = root.post("/groups/engineers/rename", &json!({ "name": "Engine Room" })).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["name"]), (200, &json!("Engine Room")), "{}", answer.body);
    provisioned.synced().await;
    assert_eq!(only_patch(&provisioned), renamed_to("Engine Room"));
    assert_eq!((group_id(&provisioned, "Engine Room").unwrap(), provisioned.users()), before);
    assert_eq!(provisioned.groups()[0].1, ["ada@example.com", "grace@example.com"]);

    let application = &root.read("/applications/aws").await["application"];
    assert_eq!(application["bindings"][0]["group"], "Engine Room");
    assert_eq!(application["aws_roles"][0]["groups"], json!(["Engine Room"]));
    assert_eq!(root.read("/groups/pilots").await["group"]["parents"], json!(["Engine Room"]));
    assert_eq!(root.read("/users/ada").await["user"]["groups"], json!(["Engine Room"]));
    let provider = root.read("/scim-providers/aws-scim").await;
    assert_eq!(provider["provider"]["groups"], json!(["Engine Room", "pilots"]));
    assert_eq!(root.get("/groups/engineers").await.status.as_u16(), 404);

    // The name that was left behind is anybody's, and whoever takes it is somebody else.
    provisioned.sandbox.forget_requests();
    let all = format!("url: \"{}\", writes_per_second: 1000", provisioned.endpoint);
    let file = format!("version: 1\ngroups: [{{ name: engineers }}]\nscim_providers: [{{ name: aws-scim, {all} }}]\n");
    provisioned.world.apply(&file).await;
    provisioned.synced().await;
    assert_eq!(provisioned.writes(), ["CreateGroup"]);
    assert_eq!(group_id(&provisioned, "Engine Room"), Some(before.0.clone()));
    assert_ne!(group_id(&provisioned, "engineers"), Some(before.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_renames_once_and_says_so_first_and_applied_again_changes_nothing() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let before = group_id(&provisioned, "engineers").unwrap();
    provisioned.sandbox.forget_requests();
    let file = "version: 1\ngroups:\n  - { name: crew, renamed_from: engineers }\n  - { name: engineers }\nusers:\n  - { username: countess, renamed_from: ada, name: Ada Lovelace, email: ada@example.com, groups: [crew], attributes: { department: Engines } }\n";
    let plan = provisioned.world.apply(file).await.to_string();
    for line in
        ["> group engineers → crew", "> user ada → countess", "~ application aws", "~ user grace", "~ group pilots"]
    {
        let is_there = plan.lines().any(|found| found == line);
        assert_eq!(is_there, line != "~ user grace", "{line}\n{plan}");
    }
    provisioned.synced().await;
    assert_eq!(group_id(&provisioned, "crew"), Some(before));
    assert_eq!(provisioned.writes(), ["PatchGroup", "CreateGroup"], "the user name is not what the service knows");
    assert!(provisioned.groups().contains(&("engineers".to_owned(), Vec::new())));
    let again = provisioned.world.apply(file).await;
    assert_eq!(again.steps, [], "{again}");
    // What services know the group by moves along to another installation.
    let text = provisioned.world.services.export(true).await.unwrap();
    assert!(text.contains("renamed_from: engineers"), "{text}");
    let other = tests::World::empty().await;
    other.apply(&text).await;
    assert_eq!(other.services.export(true).await.unwrap(), text);

    let two = "version: 1\ngroups:\n  - { name: x, renamed_from: crew }\n  - { name: y, renamed_from: crew }\n";
    let refused = provisioned.world.services.apply("f.yaml", two, &|_| Err(String::new()), "test", false).await;
    assert!(refused.unwrap_err().to_string().contains("another group was `crew` too"));
    let dangling =
        "version: 1\ngroups: [{ name: x, renamed_from: crew }]\nusers:\n  - { username: z, groups: [crew] }\n";
    let refused = provisioned.world.services.apply("f.yaml", dangling, &|_| Err(String::new()), "test", false).await;
    assert!(refused.unwrap_err().to_string().contains("there is no group `crew`"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_whose_answer_is_lost_across_a_restart_is_found_out_and_nothing_is_made_twice() {
    let mut provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let before = group_id(&provisioned, "engineers").unwrap();
    for (applied, name) in [(true, "crew"), (false, "company")] {
        let when = When { kind: Some("PatchGroup".to_owned()), nth: vec![1], ..When::default() };
        let then =
            Outcome::Status { status: 500, detail: None, body: None, content_type: None, retry_after: None, applied };
        provisioned.sandbox.set_faults(FaultPlan { seed: 1, rules: vec![FaultRule { when, then }] }).unwrap();
        provisioned.sandbox.forget_requests();
        let former = if applied { "engineers" } else { "crew" };
        let root = provisioned.root().await;
        root.admin().unwrap().rename_group(former, None, name).await.unwrap();
        provisioned.until("the first request", |p| !p.writes().is_empty()).await;
        provisioned.restart().await;
        provisioned.synced().await;
        assert_eq!(group_id(&provisioned, name), Some(before.clone()));
        assert!(provisioned.writes().iter().all(|kind| kind == "PatchGroup"), "{:?}", provisioned.writes());
        assert_eq!(provisioned.groups().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_user_is_the_same_person_here_and_one_request_there() {
    let mapping = "property_mappings:\n  - { name: by name, kind: scim_user, expression: \"return {'userName': user.username, 'title': 'x' if user.username == 'ada' else 'y'}\" }\nscim_providers:";
    let text = PEOPLE.replace("scim_providers:", mapping);
    let text =
        text.replace("writes_per_second", "user_mappings: ['rolecall default SCIM: user', z], writes_per_second");
    let text = text.replace("by name", "z").replace("{ group: engineers }]", "{ group: engineers }, { user: ADA }]");
    let provisioned = Provisioned::new(&text).await;
    provisioned.synced().await;
    let before = id(&provisioned, "users", "userName", "ada").unwrap();
    let root = provisioned.world.api("root").await;
    let uid = root.read("/users/ada").await["user"]["uid"].clone();
    let token = provisioned.world.api("ada").await;
    provisioned.sandbox.forget_requests();
    let answer = root.post("/users/ADA/rename", &json!({ "name": "countess" })).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    assert_eq!(answer.json()["mentioned_in"], json!(["property mapping z"]));
    provisioned.synced().await;
    let operations = only_patch(&provisioned);
    let name = json!({ "op": "replace", "path": "userName", "value": "countess" });
    assert!(operations.as_array().unwrap().contains(&name), "{operations}");
    assert_eq!(id(&provisioned, "users", "userName", "countess"), Some(before));
    assert_eq!(root.read("/users/countess").await["user"]["uid"], uid);
    assert_eq!(root.get("/users/ada").await.status.as_u16(), 404);
    assert_eq!(root.read("/applications/aws").await["application"]["bindings"][1]["user"], "countess");
    assert_eq!(token.read("/me").await["username"], "countess", "a token goes on");

    // In case alone: the same key, and nobody is lost.
    root.post("/users/countess/rename", &json!({ "name": "Countess" })).await;
    assert_eq!(root.read("/users/countess").await["user"]["username"], "Countess");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_is_refused_where_the_name_is_taken_or_bad_or_the_thing_has_changed() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    let root = provisioned.world.api("root").await;
    for (path, body, status) in [
        ("/groups/engineers/rename", json!({ "name": "pilots" }), 422),
        ("/groups/engineers/rename", json!({ "name": "" }), 422),
        ("/groups/engineers/rename", json!({ "name": "crew", "version": 99 }), 409),
        ("/groups/nobody/rename", json!({ "name": "crew" }), 404),
        ("/users/ada/rename", json!({ "name": "GRACE" }), 422),
        ("/users/ada/rename", json!({ "name": "a b" }), 422),
        ("/users/ada/rename", json!({ "name": "countess", "version": 99 }), 409),
        ("/users/nobody/rename", json!({ "name": "countess" }), 404),
    ] {
        let answer = root.post(path, &body).await;
        assert_eq!(answer.status.as_u16(), status, "{path} {body}: {}", answer.body);
    }
    assert_eq!(root.read("/groups").await["total"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_joins_a_group_while_it_is_renamed_is_in_it_afterwards() {
    let world = tests::World::new().await;
    for round in 0..8 {
        let (from, to) = (format!("g{round}"), format!("g{}", round + 1));
        let first = if round == 0 { "groups: [{ name: g0 }]\n" } else { "" };
        world.apply(&format!("version: 1\n{first}users: []\n")).await;
        let joins = async {
            let name = format!("late{round}");
            let text = format!("version: 1\nusers: [{{ username: {name}, groups: [{from}] }}]\n");
            let applied = world.services.apply("f.yaml", &text, &|_| Err(String::new()), "test", false).await;
            applied.is_ok().then_some(name)
        };
        let api = world.api("root").await;
        let (path, body) = (format!("/groups/{from}/rename"), json!({ "name": to }));
        let (answer, joined) = tokio::join!(api.post(&path, &body), joins);
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
        if let Some(name) = joined {
            let groups = &api.read(&format!("/users/{name}")).await["user"]["groups"];
            assert_eq!(*groups, json!([to]), "{name} was acknowledged as a member and is none");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_prunes_and_renames_keeps_the_memberships_of_those_whom_it_keeps() {
    let world = tests::World::new().await;
    world.apply("version: 1\nusers: [{ username: root, administrator: true, groups: [engineers] }]\n").await;
    let file = "version: 1\ngroups: [{ name: crew, renamed_from: engineers }]\n";
    let how = domain::declarative::Apply { prune: true, ..domain::declarative::Apply::default() };
    world.services.apply_as("f.yaml", file, &|_| Err(String::new()), "test", how).await.unwrap();
    let root = world.api("root").await;
    assert_eq!(root.read("/users/root").await["user"]["groups"], json!(["crew"]));
    let names: Vec<_> =
        root.read("/groups").await["rows"].as_array().unwrap().iter().map(|r| r["name"].clone()).collect();
    assert_eq!(names, ["crew"]);
}
