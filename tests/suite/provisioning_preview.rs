use domain::Worker;
use serde_json::Value;
use tests::{OddService, Provisioned, World};

use crate::provisioning::PEOPLE;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_word_for_word_what_the_worker_sends() {
    let text =
        PEOPLE.replace("attributes: { department: Engines }", "attributes: { department: 'Eng;ines', nickname: '' }");
    let mut provisioned = Provisioned::quiet(&text).await;
    let root = provisioned.root().await;
    let auditor = root.auditor().unwrap();
    let ada = auditor.scim_user_preview("aws-scim", "ada").await.unwrap();
    let pilots = auditor.scim_group_preview("aws-scim", "pilots").await.unwrap();
    provisioned.start();
    provisioned.synced().await;
    let sent = |kind: &str, name: &str| {
        let mut bodies = provisioned.sandbox.requests().into_iter().filter(|r| r.kind == kind).filter_map(|r| r.body);
        bodies.find(|body| body["displayName"] == name).unwrap()
    };
    assert_eq!(json(&ada.json), sent("CreateUser", "Ada Lovelace"));
    assert!(ada.dropped.iter().any(|remark| remark.path.ends_with("department")), "{ada:?}");
    assert_eq!(json(&pilots.json), sent("CreateGroup", "pilots"));
}

const ELSEWHERE: &str = r#"
version: 1
groups: [{ name: crew }]
users:
  - { username: root, email: root@example.com, password: "analytical-engine-1843", administrator: true }
  - { username: ada, name: Ada Lovelace, groups: [crew] }
scim_providers: [{ name: odd, url: "{url}", token: secret, dialect: rfc7644, writes_per_second: 1000 }]
applications: [{ slug: app, name: App, backchannel_providers: [odd], bindings: [{ group: crew }] }]
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_has_its_users_and_groups_where_its_resource_types_say() {
    let (service, url) = OddService::elsewhere().await.unwrap();
    let world = World::empty().await;
    world.apply(&ELSEWHERE.replace("{url}", &url)).await;
    let mut worker = Worker::new(world.services.clone(), "odd");
    for _ in 0..5 {
        worker.round().await.unwrap();
    }
    assert_eq!((service.all("Users").len(), service.all("Groups").len()), (1, 1), "{:?}", service.log());
    let members = service.all("Groups")[0]["members"].as_array().cloned().unwrap_or_default();
    assert_eq!(members.len(), 1);
    service.forget_log();
    world.apply("version: 1\nusers: [{ username: ada, name: Ada King, groups: [crew] }]\n").await;
    for _ in 0..5 {
        worker.round().await.unwrap();
    }
    let paths: Vec<String> = service.log().into_iter().map(|(_, path, _)| path).collect();
    assert!(
        !paths.is_empty() && paths.iter().all(|path| !path.starts_with("Users") && !path.starts_with("Groups")),
        "{paths:?}"
    );
}
