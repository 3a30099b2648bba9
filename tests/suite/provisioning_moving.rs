use aws_sandbox::{IdentityCenterOptions, Sandbox, SandboxOptions};
use domain::Error;
use model::{EventKind, ScimStatus};
use tests::Provisioned;
use tokio::net::TcpListener;

use crate::provisioning::PEOPLE;

/// Another tenant: its address and a token of it.
async fn tenant() -> (Sandbox, String, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let identity_center = IdentityCenterOptions { rates: None, ..IdentityCenterOptions::default() };
    let sandbox = Sandbox::new(SandboxOptions { base_url, identity_center, ..SandboxOptions::default() });
    tokio::spawn(sandbox.clone().serve(listener));
    let center = sandbox.identity_center();
    let token = center.create_token().unwrap().secret;
    (sandbox.clone(), center.scim_endpoint(), token)
}

fn count(sandbox: &Sandbox, kind: &str) -> usize {
    sandbox.identity_center().directory()[kind].as_array().unwrap().len()
}

fn told(event: &model::Event) -> bool {
    event.message.contains("is at another address now")
}

async fn moved(provisioned: &Provisioned) -> usize {
    provisioned.events(EventKind::Updated).await.iter().filter(|event| told(event)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_address_is_another_service_whose_first_plan_waits_and_no_identifier_of_the_old_one_is_used_there() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let (other, url, token) = tenant().await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let detail = admin.scim_provider("aws-scim").await.unwrap();
    let there = model::ScimProvider { url: url.clone(), ..detail.provider.clone() };

    // What it means is said before it is saved.
    let refused = admin.update_scim_provider("aws-scim", detail.version, there.clone(), false).await;
    let Err(Error::Invalid(faults)) = refused else { panic!("{refused:?}") };
    assert_eq!(faults[0].field, "url");
    assert!(faults[0].message.contains("2 users and 2 groups"), "{faults:?}");

    provisioned.sandbox.forget_requests();
    admin.update_scim_provider("aws-scim", detail.version, there, true).await.unwrap();
    let detail = admin.scim_provider("aws-scim").await.unwrap();
    assert_eq!(detail.tokens, [], "the token of the former host goes to a host that somebody has typed");
    provisioned.status(ScimStatus::NotConnected).await;
    assert_eq!(other.requests().len(), 0);
    admin.set_scim_token("aws-scim", detail.version, 1, &token, None).await.unwrap();
    provisioned.status(ScimStatus::WaitsForApproval).await;
    let writes = other.requests().into_iter().filter(|r| r.method != "GET" && !r.path.starts_with("/_")).count();
    assert_eq!(writes, 0, "the first plan for another address did not wait");
    let waiting = provisioned.health().await.pending.unwrap();
    assert!(waiting.why.contains(&url) && waiting.counts.users_created == 2, "{waiting:?}");
    assert_eq!(moved(&provisioned).await, 1);
    // Nor does one object by itself go there before.
    admin.sync_scim_object("aws-scim", "group", "engineers").await.unwrap();
    provisioned.status(ScimStatus::WaitsForApproval).await;
    let log = admin.scim_object_log("aws-scim", "group", "engineers").await.unwrap().unwrap();
    assert!(!log.good && log.outcome.contains("its plan waits for approval: the first plan for another"), "{log:?}");
    assert_eq!((count(&other, "users"), count(&other, "groups")), (0, 0));

    admin.approve_scim_plan("aws-scim", &waiting.id).await.unwrap();
    provisioned.synced().await;
    assert_eq!((count(&other, "users"), count(&other, "groups")), (2, 2));
    // Whatever is written there bears an identifier that was given there.
    assert!(other.requests().iter().all(|r| r.status.is_none_or(|status| status < 400)), "{:?}", other.requests());
    assert_eq!(provisioned.writes(), [""; 0], "the old service is left as it is");
    assert_eq!(provisioned.users().len(), 2);
    // What was approved once is not asked about again.
    let ada = "version: 1\nusers: [{ username: ada, name: Ada King, email: ada@example.com, groups: [engineers] }]\n";
    provisioned.world.apply(ada).await;
    provisioned.synced().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_at_the_other_address_already_with_our_identifier_is_ours_there_too() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let (_other, url, token) = tenant().await;
    let uids = |p: &Provisioned| {
        let directory = p.center().directory();
        let rows = directory["users"].as_array().unwrap().clone();
        rows.into_iter().find(|row| row["userName"] == "ada@example.com").unwrap()["externalId"].clone()
    };
    let body = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada@example.com", "active": true,
        "externalId": uids(&provisioned), "displayName": "Ada Lovelace",
        "name": { "givenName": "Ada", "familyName": "Lovelace" }, "emails": [{ "value": "ada@example.com", "primary": true }],
    });
    let made =
        reqwest::Client::new().post(format!("{url}/Users")).bearer_auth(&token).json(&body).send().await.unwrap();
    assert_eq!(made.status(), 201);
    let text = format!(
        "version: 1\nscim_providers: [{{ name: aws-scim, url: \"{url}\", token: \"{token}\", writes_per_second: 1000 }}]\n"
    );
    let plan = provisioned.world.apply(&text).await;
    assert!(plan.to_string().contains("! SCIM provider aws-scim: this is another service"), "{plan}");
    provisioned.status(ScimStatus::WaitsForApproval).await;
    let waiting = provisioned.health().await.pending.unwrap();
    assert_eq!((waiting.counts.users_created, waiting.counts.groups_created), (1, 2), "{waiting:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_spelling_of_the_address_or_one_typed_wrong_and_put_right_again_loses_nothing() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let right = admin.scim_provider("aws-scim").await.unwrap().provider;
    provisioned.sandbox.forget_requests();
    let change = async |url: String, another| {
        let version = admin.scim_provider("aws-scim").await.unwrap().version;
        let provider = model::ScimProvider { url, ..right.clone() };
        admin.update_scim_provider("aws-scim", version, provider, another).await.unwrap();
    };
    change(right.url.replace("http://", "HTTP://"), false).await;
    provisioned.synced().await;
    assert_eq!(provisioned.sandbox.requests().len(), 0, "the same service is read anew");
    change(format!("{}x", right.url), true).await;
    provisioned.world.apply("version: 1\ngroups: [{ name: later }]\n").await;
    provisioned.status(ScimStatus::Stopped).await;
    change(right.url.clone(), false).await;
    provisioned.synced().await;
    assert_eq!(
        provisioned.writes().iter().filter(|kind| kind.starts_with("Create")).collect::<Vec<_>>(),
        ["CreateGroup"]
    );
    assert_eq!(moved(&provisioned).await, 0, "nothing was dropped");
    assert!(provisioned.health().await.pending.is_none());
}
