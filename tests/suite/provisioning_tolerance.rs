use domain::{Next, Worker};
use model::ScimStatus;
use serde_json::{Value, json};
use tests::{OddService, World};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const WORLD: &str = r#"
version: 1
groups: [{ name: crew }, { name: "17" }]
users:
  - { username: "4711", uid: "100", name: Ada Lovelace, groups: [crew, "17"], attributes: { department: "7" } }
  - { username: grace, uid: "200", name: Grace Hopper, groups: [crew, "17"] }
  - { username: eve, uid: u-300, name: Eve, groups: [crew] }
scim_providers: [{ name: odd, url: "{url}", token: secret, dialect: rfc7644, writes_per_second: 1000 }]
applications: [{ slug: app, name: App, backchannel_providers: [odd], bindings: [{ group: crew }] }]
"#;

/// Name, department, and whether active.
type Person = (Value, Value, Value);
/// Name, and the names of the members.
type Team = (Value, Vec<Value>);

/// Everything at the service.
fn held(service: &OddService) -> (Vec<Person>, Vec<Team>) {
    let users = service.all("Users");
    let name = |id: &Value| users.iter().find(|user| user["id"] == *id).unwrap()["userName"].clone();
    let department = |user: &Value| user.get(ENTERPRISE).and_then(|e| e.get("department")).cloned().unwrap_or_default();
    let user = |user: &Value| (user["userName"].clone(), department(user), user["active"].clone());
    let group = |group: &Value| {
        let members = group["members"].as_array().cloned().unwrap_or_default();
        (group["displayName"].clone(), members.iter().map(|member| name(&member["value"])).collect())
    };
    (users.iter().map(user).collect(), service.all("Groups").iter().map(group).collect())
}

async fn settle(worker: &mut Worker) {
    for _ in 0..20 {
        match worker.round().await.unwrap() {
            Next::After(millis) => tokio::time::sleep(std::time::Duration::from_millis(millis)).await,
            _ => return,
        }
    }
    panic!("the worker finds no end");
}

async fn status(world: &World) -> (ScimStatus, String) {
    let health = world.services.sync_scim("odd").await.unwrap();
    (health.status, health.words)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_the_oddities_of_the_wild_is_made_exact_all_the_same() {
    let (service, url) = OddService::start().await.unwrap();
    let world = World::empty().await;
    let text = WORLD.replace("{url}", &url);
    world.apply(&text).await;
    let mut worker = Worker::new(world.services.clone(), "odd");
    settle(&mut worker).await;
    let (yes, no) = (json!("True"), json!("False"));
    let user = |name: Value, department: Value, active: &Value| (name, department, active.clone());
    let everybody = vec![json!(4711), json!("eve"), json!("grace")];
    let sorted = |mut groups: Vec<Team>| {
        groups.iter_mut().for_each(|(_, members)| members.sort_by_key(Value::to_string));
        groups.sort_by_key(|(name, _)| name.to_string());
        groups
    };
    let (mut users, groups) = held(&service);
    users.sort_by_key(|(name, ..)| name.to_string());
    assert_eq!(
        users,
        [
            user(json!("eve"), Value::Null, &yes),
            user(json!("grace"), Value::Null, &yes),
            user(json!(4711), json!(7), &yes)
        ]
    );
    let sorted_groups = sorted(groups);
    let mut all = everybody.clone();
    all.sort_by_key(Value::to_string);
    assert_eq!(sorted_groups, [(json!("crew"), all.clone()), (json!(17), vec![json!("grace"), json!(4711)])]);

    // PATCH was announced and is not there: it is tried, and whole resources are sent from then on.
    service.forget_log();
    let change = "version: 1\nusers:\n  - { username: \"4711\", name: Ada Lovelace, groups: [crew], attributes: { department: \"8\" } }\n";
    world.apply(change).await;
    world.apply("version: 1\nusers: [{ username: grace, name: Grace Hopper, groups: [crew], active: false }]\n").await;
    settle(&mut worker).await;
    let (mut users, groups) = held(&service);
    users.sort_by_key(|(name, ..)| name.to_string());
    assert_eq!(
        users,
        [
            user(json!("eve"), Value::Null, &yes),
            user(json!("grace"), Value::Null, &no),
            user(json!(4711), json!(8), &yes)
        ]
    );
    assert_eq!(sorted(groups), [(json!("crew"), all), (json!(17), vec![])]);
    let log = service.log();
    assert!(log.iter().all(|(_, _, status)| matches!(status, 200 | 501)), "{log:?}");

    // Nothing known but the same people: all are recognised, nothing is sent.
    drop(worker);
    service.forget_log();
    let other = World::empty().await;
    let text = text.replace("department: \"7\"", "department: \"8\"").replace("[crew, \"17\"]", "[crew]");
    other.apply(&text.replace("Grace Hopper, groups: [crew]", "Grace Hopper, groups: [crew], active: false")).await;
    assert_eq!(status(&other).await, (ScimStatus::Synced, "everything is there".to_owned()));
    let written: Vec<_> = service.log().into_iter().filter(|(method, ..)| method != "GET").collect();
    assert_eq!(written, []);
    assert_eq!(service.all("Users").len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repair_that_finds_out_that_there_is_no_patch_goes_on_at_once_though_nothing_has_changed_here() {
    let (service, url) = OddService::start().await.unwrap();
    let world = World::empty().await;
    let text = WORLD.replace("writes_per_second", "drift: repair, verify_every: 1h, writes_per_second");
    world.apply(&text.replace("{url}", &url)).await;
    settle(&mut Worker::new(world.services.clone(), "odd")).await;
    // It believes what the server says of itself.
    let mut worker = Worker::new(world.services.clone(), "odd");
    settle(&mut worker).await;
    let ada = || service.all("Users").into_iter().find(|user| user["userName"] == json!(4711)).unwrap();
    let mut other = ada();
    other[ENTERPRISE]["department"] = json!("9");
    let address = format!("{url}/Users/{}", other["id"]);
    other.as_object_mut().unwrap().remove("id");
    assert!(reqwest::Client::new().put(address).json(&other).send().await.unwrap().status().is_success());
    assert_eq!(ada()[ENTERPRISE]["department"], json!(9));

    service.forget_log();
    world.clock.advance(3_601);
    settle(&mut worker).await;
    let log = service.log();
    assert!(log.iter().any(|(method, _, status)| method == "PATCH" && *status == 501), "{log:?}");
    assert_eq!(ada()[ENTERPRISE]["department"], json!(7), "{log:?}");
}
