//! Users and groups at a service, one by one: which there are, what they are called, and what nobody knows.

use domain::{Error, Worker};
use model::ListQuery;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{OddService, Provisioned, World};

use crate::provisioning::PEOPLE;

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_there_or_in_scope_can_be_synchronised_by_itself() {
    let text = PEOPLE.replace("writes_per_second: 1000", "writes_per_second: 1000, groups: [engineers]");
    let provisioned = Provisioned::quiet(&text).await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let uid = async |username: &str| admin.user(username).await.unwrap().user.uid;
    let (ada, robot) = (uid("ada").await, uid("robot").await);
    let asked = admin.events(&ListQuery { filter: "updated".to_owned(), ..ListQuery::default() }).await.unwrap().total;
    for (kind, local) in
        [("user", "nobody"), ("group", "no-such-group"), ("group", &*ada), ("user", "engineers"), ("group", "pilots")]
    {
        let refused = admin.sync_scim_object("aws-scim", kind, local).await;
        let is_missing = matches!(&refused, Err(Error::NotFound { kind: "object", .. }));
        assert!(is_missing, "{kind} {local}: {refused:?}");
    }
    // A service account is left out of the scope.
    assert!(matches!(admin.sync_scim_object("aws-scim", "user", &robot).await, Err(Error::NotFound { .. })));
    let unknown = admin.sync_scim_object("no-such-provider", "user", &ada).await.unwrap_err();
    assert!(matches!(&unknown, Error::NotFound { kind: "SCIM provider", .. }), "{unknown:?}");
    let now = admin.events(&ListQuery { filter: "updated".to_owned(), ..ListQuery::default() }).await.unwrap().total;
    assert_eq!(now, asked, "what was refused left an event");

    // Nothing is there yet, and these are wanted.
    admin.sync_scim_object("aws-scim", "user", &ada).await.unwrap();
    admin.sync_scim_object("aws-scim", "group", "engineers").await.unwrap();

    let api = provisioned.world.api("root").await;
    let sync = async |path: &str| api.send(Method::POST, &format!("/scim-providers/{path}/sync"), None).await;
    let missing = sync("aws-scim/objects/user/nobody").await;
    assert_eq!((missing.status.as_u16(), &missing.json()["code"]), (404, &json!("not_found")), "{}", missing.body);
    assert_eq!(sync(&format!("aws-scim/objects/user/{ada}")).await.status, 202);
    let unknown = sync(&format!("none/objects/user/{ada}")).await;
    assert!(unknown.status == 404 && unknown.body.contains("SCIM provider"), "{}", unknown.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_and_here_no_more_can_still_be_synchronised_by_itself() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let grace = admin.user("grace").await.unwrap();
    admin.delete_user("grace", grace.version).await.unwrap();
    admin.sync_scim_object("aws-scim", "user", &grace.user.uid).await.unwrap();
    provisioned.synced().await;
    let log = admin.scim_object_log("aws-scim", "user", &grace.user.uid).await.unwrap();
    assert!(log.is_some(), "it was not followed");
}

async fn rows(provisioned: &Provisioned, q: &str) -> Value {
    provisioned.world.api("root").await.read(&format!("/scim-providers/aws-scim/objects?q={q}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_group_is_listed_by_the_name_that_it_has_and_found_by_either() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let before = &rows(&provisioned, "engineers").await["rows"][0];
    assert_eq!((&before["local"], &before["here"]), (&json!("engineers"), &json!("engineers")), "{before}");
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    admin.rename_group("engineers", None, "Engine Room").await.unwrap();
    provisioned.synced().await;
    for q in ["engine+room", "engineers"] {
        let page = rows(&provisioned, q).await;
        let row = &page["rows"][0];
        assert_eq!((&page["total"], &row["local"]), (&json!(1), &json!("engineers")), "{q}: {page}");
        assert_eq!((&row["here"], &row["name"]), (&json!("Engine Room"), &json!("Engine Room")), "{row}");
    }
    // Whoever bears the name that was left behind is somebody else, also in the list.
    provisioned.world.apply("version: 1\ngroups: [{ name: engineers }]\n").await;
    provisioned.synced().await;
    let page = rows(&provisioned, "engineers").await;
    let here: Vec<_> = page["rows"].as_array().unwrap().iter().map(|row| row["here"].as_str().unwrap()).collect();
    assert_eq!((here.len(), here.contains(&"Engine Room"), here.contains(&"engineers")), (2, true, true), "{page}");
    let users = rows(&provisioned, "ada").await;
    assert_eq!(users["rows"][0]["here"], "", "{users}");

    let browser = provisioned.world.signed_in("root").await;
    let page = browser.get("/admin/scim-providers/aws-scim/objects/group/engineers").await;
    assert!(page.body.contains("Engine Room"), "{}", page.body);
    let known = provisioned.world.api("root").await.read("/groups/Engine%20Room").await["known_as"].clone();
    assert_eq!(known, "engineers", "a program cannot tell which object the group is");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_looked_at_again_is_as_new_as_what_the_worker_wrote_last() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    for n in 0..3 {
        let total = rows(&provisioned, "").await["total"].as_u64().unwrap();
        assert_eq!(rows(&provisioned, "").await["total"], total);
        let one = format!(
            "version: 1\nusers: [{{ username: new{n}, name: New, email: new{n}@example.com, groups: [engineers] }}]\n"
        );
        provisioned.world.apply(&one).await;
        provisioned.synced().await;
        assert_eq!(rows(&provisioned, "").await["total"], total + 1, "an old list is shown");
    }
}

const ELSEWHERE: &str = r#"
version: 1
users:
  - { username: root, email: root@example.com, password: "analytical-engine-1843", administrator: true }
  - { username: ada, name: Ada Lovelace }
scim_providers: [{ name: odd, url: "{url}", token: "{token}", dialect: {dialect}, writes_per_second: 1000 }]
applications: [{ slug: app, name: App, backchannel_providers: [odd] }]
"#;

#[tokio::test(flavor = "multi_thread")]
async fn one_preview_after_another_reads_what_a_server_says_of_itself_once_a_minute_and_anew_for_another() {
    let (service, url) = OddService::elsewhere().await.unwrap();
    let world = World::empty().await;
    let file = |url: &str, token: &str, dialect: &str| {
        ELSEWHERE.replace("{url}", url).replace("{token}", token).replace("{dialect}", dialect)
    };
    world.apply(&file(&url, "one", "rfc7644")).await;
    let api = world.api("root").await;
    let reads = async |what: &str| {
        service.forget_log();
        let preview = api.read("/scim-providers/odd/preview/users/ada").await;
        assert!(preview["json"].as_str().unwrap().contains("Lovelace"), "{what}: {preview}");
        service.log().len()
    };
    assert_eq!((reads("first").await, reads("again").await), (3, 0));
    world.clock.advance(59);
    assert_eq!(reads("within the minute").await, 0);
    world.clock.advance(1);
    assert_eq!(reads("after a minute").await, 3);
    world.apply(&file(&url, "two", "rfc7644")).await;
    assert_eq!((reads("another token").await, reads("again").await), (3, 0));
    world.apply(&file(&url, "two", "aws")).await;
    assert_eq!(reads("a dialect that is known").await, 0);
    world.apply(&file(&url, "two", "rfc7644")).await;
    let (other, address) = OddService::elsewhere().await.unwrap();
    world.apply(&file(&address, "two", "rfc7644")).await;
    assert_eq!((reads("another address").await, other.log().len()), (0, 3));
    // The worker asks for itself.
    other.forget_log();
    Worker::new(world.services.clone(), "odd").round().await.unwrap();
    assert!(other.log().iter().any(|(_, path, _)| path == "ServiceProviderConfig"), "{:?}", other.log());
}
