use domain::Worker;
use serde_json::json;
use tests::{Provisioned, settle, soak};

use crate::provisioning::many;

/// Many people in `crew`, who are pushed, and in `sea`.
fn crew(count: usize) -> String {
    let mut text = many(count, "").replace("groups: [{ name: sea }]", "groups: [{ name: crew }, { name: sea }]");
    text = text.replace("groups: [sea]", "groups: [crew, sea]");
    text.replace("bindings: [{ group: sea }]", "bindings: [{ group: crew }]")
}

fn person(n: usize, rest: &str) -> String {
    format!("version: 1\nusers: [{{ username: u{n:04}, email: u{n:04}@example.com, {rest} }}]\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_250_members_is_removed_in_one_request_that_names_nobody_else() {
    let provisioned = Provisioned::new(&crew(250)).await;
    provisioned.synced().await;
    provisioned.sandbox.forget_requests();
    provisioned.world.apply(&person(7, "groups: [crew]")).await;
    provisioned.synced().await;
    assert_eq!(provisioned.writes(), ["PatchGroup"]);
    let requests = provisioned.sandbox.requests();
    assert_eq!(requests.len(), 1, "nothing is read for it");
    let operations = requests[0].body.as_ref().unwrap()["Operations"].as_array().unwrap();
    assert_eq!(
        (operations.len(), &operations[0]["op"], &operations[0]["path"]),
        (1, &json!("remove"), &json!("members"))
    );
    assert_eq!(operations[0]["value"].as_array().unwrap().len(), 1);
    let sizes: Vec<usize> = provisioned.groups().iter().map(|(_, members)| members.len()).collect();
    assert_eq!(sizes, [250, 249]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_department_is_one_request_of_one_operation_and_who_leaves_is_switched_off_before_anything_else() {
    let provisioned = Provisioned::new(&crew(20)).await;
    provisioned.synced().await;
    provisioned.sandbox.forget_requests();
    provisioned.world.apply(&person(3, "groups: [crew, sea], attributes: { department: Air }")).await;
    provisioned.synced().await;
    let requests = provisioned.sandbox.requests();
    assert_eq!(provisioned.writes(), ["PatchUser"]);
    assert_eq!(requests[0].body.as_ref().unwrap()["Operations"].as_array().unwrap().len(), 1);

    provisioned.sandbox.forget_requests();
    provisioned.world.apply(&person(3, "groups: []")).await;
    provisioned.until("u0003 is switched off", |p| p.users().contains(&("u0003@example.com".to_owned(), false))).await;
    provisioned.synced().await;
    let first = provisioned.sandbox.requests().into_iter().next().unwrap();
    assert_eq!(first.kind, "PatchUser", "access goes first");
    assert_eq!(first.body.unwrap()["Operations"], json!([{ "op": "replace", "path": "active", "value": false }]));
    assert_eq!(provisioned.writes().len(), 3, "the person and the two groups");
}

/// People in five groups each, with everybody in scope.
fn crowd(people: usize, groups: usize) -> String {
    let mut text = String::from("version: 1\ngroups:\n");
    (0..groups).for_each(|group| text.push_str(&format!("  - {{ name: g{group:04} }}\n")));
    text.push_str("users:\n  - { username: root, password: \"analytical-engine-1843\", administrator: true }\n");
    for n in 0..people {
        let groups: Vec<String> = (0..5).map(|k| format!("g{:04}", (n * 5 + k) % groups)).collect();
        let groups = groups.join(", ");
        text.push_str(&format!("  - {{ username: u{n:05}, email: u{n:05}@example.com, groups: [{groups}] }}\n"));
    }
    text.push_str("scim_providers: [{ name: aws-scim, {scim}, writes_per_second: 10000 }]\n");
    text.push_str("policies: [{ name: crew, expression: 'return user.username != \"root\"' }]\n");
    text + "applications: [{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ policy: crew }] }]\n"
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_brought_in_one_request_for_each_object_and_each_hundred_members_and_then_nothing_is_sent() {
    let (people, groups) = soak((300, 7), (10_000, 500));
    let provisioned = Provisioned::quiet(&crowd(people, groups)).await;
    let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
    settle(&mut worker).await;
    let sizes: Vec<usize> = provisioned.groups().iter().map(|(_, members)| members.len()).collect();
    assert_eq!((provisioned.users().len(), sizes.len(), sizes.iter().sum()), (people, groups, people * 5));
    let floor = people + groups + sizes.iter().map(|size| size.div_ceil(100)).sum::<usize>();
    assert_eq!(provisioned.writes().len(), floor);

    provisioned.sandbox.forget_requests();
    provisioned.world.apply("version: 1\nusers: [{ username: root, name: Root, administrator: true }]\n").await;
    settle(&mut worker).await;
    assert_eq!(provisioned.sandbox.requests().len(), 0, "nothing of that is at AWS");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_binding_emptied_by_mistake_takes_nothing_from_anybody_however_many_they_are() {
    let people = soak(400, 5_000);
    let provisioned = Provisioned::quiet(&crew(people)).await;
    // Without the jobs, so that each round is one that the test has seen.
    let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
    settle(&mut worker).await;
    let before = provisioned.center().directory();
    assert_eq!(provisioned.users().len(), people);
    provisioned.sandbox.forget_requests();
    let nobody = "version: 1\ngroups: [{ name: nobody }]\napplications: [{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: nobody }] }]\n";
    provisioned.world.apply(nobody).await;
    for _ in 0..3 {
        settle(&mut worker).await;
        let health = provisioned.health().await;
        assert_eq!(health.status, model::ScimStatus::WaitsForApproval);
        assert!(health.pending.unwrap().why.contains(&format!("{people} of {people} users")));
    }
    assert_eq!(provisioned.sandbox.requests().len(), 0, "the plan did not wait");
    assert_eq!(provisioned.center().directory(), before);

    // The mistake is mended: nothing was done, so nothing is to do.
    provisioned.world.apply("version: 1\napplications: [{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: crew }] }]\n").await;
    settle(&mut worker).await;
    assert_eq!(provisioned.health().await.status, model::ScimStatus::Synced);
    assert_eq!(provisioned.writes(), ["CreateGroup"], "`nobody` is a group like any other");
}
