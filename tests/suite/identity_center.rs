use aws_sandbox::{IdentityCenterOptions, Partition, Sandbox};
use reqwest::Method;
use serde_json::json;
use tests::{Answer, Browser, World};

use crate::aws::sandbox_with;

pub const APPLICATION: &str = "center";

/// Rolecall with a provider made of Identity Center's own metadata, and Identity Center trusting it, with one user.
pub async fn connected(world: &World) -> (Sandbox, String) {
    connected_to(world, IdentityCenterOptions::default()).await
}

/// An Identity Center whose addresses are AWS's own, in this Region.
pub fn in_region(region: &str) -> IdentityCenterOptions {
    let host = format!("https://{region}.{}", Partition::of_region(region).host());
    IdentityCenterOptions { region: region.to_owned(), hosts: vec![host], ..IdentityCenterOptions::default() }
}

/// As [`connected`], with an Identity Center of these options.
pub async fn connected_to(world: &World, options: IdentityCenterOptions) -> (Sandbox, String) {
    let metadata = format!("/platform/saml/{}", options.identity_store);
    let (sandbox, url) = sandbox_with(world, options).await;
    let center = sandbox.identity_center();
    let metadata = world.browser().get(&format!("{url}{metadata}")).await.body;
    let indented: String = metadata.lines().map(|line| format!("        {line}\n")).collect();
    world
        .apply(&format!(
            "version: 1\nsaml_providers:\n  - name: identity-center\n    metadata: |\n{indented}\
             applications:\n  - {{ slug: {APPLICATION}, name: Identity Center, saml_provider: identity-center, bindings: [{{ group: engineers }}] }}\n"
        ))
        .await;
    let ours = world.browser().get(&format!("/application/saml/{APPLICATION}/metadata/")).await.body;
    center.set_identity_provider(&ours).unwrap();
    provision(&sandbox, "ada@example.com").await;
    (sandbox, url)
}

async fn provision(sandbox: &Sandbox, username: &str) {
    let center = sandbox.identity_center();
    let token = format!("Bearer {}", center.create_token().unwrap().secret);
    let user = json!({
        "userName": username, "displayName": "Somebody", "active": true,
        "name": { "givenName": "Some", "familyName": "Body" },
        "emails": [{ "value": username, "type": "work", "primary": true }],
    });
    let headers = [("authorization", token.as_str())];
    let body = Some(("application/scim+json", user.to_string()));
    let url = format!("{}/Users", center.scim_endpoint());
    let answer = Browser::new("").send(Method::POST, &url, &headers, body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
}

/// What a browser does with the page that posts by itself.
pub async fn post_on(browser: &Browser, page: &Answer) -> Answer {
    let form = page.form();
    let fields: Vec<(&str, &str)> = form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(&form.action, &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_on_that_identity_center_starts_ends_in_its_portal_by_either_binding_and_at_each_of_its_hosts() {
    let world = World::new().await;
    let (sandbox, url) = connected(&world).await;
    for (binding, host) in [("redirect", 0), ("post", 0), ("redirect", 1), ("redirect", 2)] {
        let browser = world.browser();
        let started = browser.get(&format!("{url}/start?binding={binding}&host={host}")).await;
        let arrived =
            if binding == "post" { post_on(&browser, &started).await } else { browser.get(started.location()).await };
        assert_eq!(arrived.status, 303, "{binding} {host}: {}", arrived.body);
        let form = browser.get(arrived.location()).await.form();
        let signed_in = browser.post(&form.action, &[("username", "ada"), ("password", tests::PASSWORD)]).await;
        let page = browser.get(signed_in.location()).await;
        let portal = post_on(&browser, &page).await;
        assert!(portal.status.is_success() || portal.status.is_redirection(), "{binding} {host}: {}", portal.body);
    }
    assert_eq!(sandbox.identity_center().sessions().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_on_from_the_tile_ends_in_the_portal_too() {
    let world = World::new().await;
    let (sandbox, _url) = connected(&world).await;
    let browser = world.signed_in("ada").await;
    let page = browser.get(&format!("/application/saml/{APPLICATION}/sso/binding/init/")).await;
    let portal = post_on(&browser, &page).await;
    assert!(portal.status.is_success() || portal.status.is_redirection(), "{}", portal.body);
    assert_eq!(sandbox.identity_center().sessions().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_without_an_email_address_is_told_before_identity_center_refuses() {
    let world = World::new().await;
    let _kept = connected(&world).await;
    world.apply("version: 1\nusers: [{ username: ada, name: Ada, groups: [aws-admins] }]").await;
    let browser = world.signed_in("ada").await;
    let page = browser.get(&format!("/application/saml/{APPLICATION}/sso/binding/init/")).await;
    assert_eq!(page.status, 422, "{}", page.body);
    assert!(page.body.contains("NameID") && !page.body.contains("SAMLResponse"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_identity_center_cannot_take_is_refused_before_it_is_saved() {
    let world = World::new().await;
    let (sandbox, _url) = connected(&world).await;
    let root = world.signed_in("root").await;
    let metadata = world.browser().get(&sandbox.identity_center().entity_id()).await.body;
    let call = |path: &'static str, body: serde_json::Value| {
        let root = &root;
        async move { root.post_json(&format!("/fn/app/saml_providers/api/{path}"), &body).await }
    };
    let read = call("read_sp_metadata", json!({ "metadata": metadata, "certificate": null, "existing": null })).await;
    let facts: serde_json::Value = serde_json::from_str(&read.body).unwrap();
    let mut provider = facts[0]["provider"].clone();
    assert_eq!(provider["acs"].as_array().unwrap().len(), 2, "{}", read.body);
    provider["name"] = json!("second");
    provider["name_id"]["format"] = json!("persistent");
    let refused = call("create_provider", json!({ "provider": provider })).await;
    assert!(refused.status == 422 && refused.body.contains("email_address"), "{}", refused.body);
    provider["name_id"]["format"] = json!("email_address");
    let made = call("create_provider", json!({ "provider": provider })).await;
    assert_eq!(made.status, 200, "{}", made.body);

    // Read again onto the existing provider: what was set by hand stays.
    provider["session_not_on_or_after"] = json!("1h");
    let changed = call("update_provider", json!({ "name": "second", "version": 1, "provider": provider })).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let moved = metadata.replace("/platform/saml/acs/", "/platform/saml/acs/new-");
    let again = call("read_sp_metadata", json!({ "metadata": moved, "certificate": null, "existing": "second" })).await;
    let again: serde_json::Value = serde_json::from_str(&again.body).unwrap();
    let renewed = &again[0]["provider"];
    assert_eq!(renewed["session_not_on_or_after"], "1h");
    assert!(renewed["acs_url"].as_str().unwrap().contains("/acs/new-"), "{renewed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_that_cannot_be_used_is_refused_with_the_element_and_the_reason() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let sp = |inner: &str| {
        format!(
            "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://sp.example\"><md:SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{inner}</md:SPSSODescriptor></md:EntityDescriptor>"
        )
    };
    let artifact = "<md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact\" Location=\"https://sp.example/acs\" index=\"0\"/>";
    for (what, metadata, told) in [
        ("nothing", String::new(), "metadata"),
        ("a DOCTYPE", format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{}", sp(artifact)), "DOCTYPE"),
        ("only the artifact binding", sp(artifact), "HTTP-POST"),
        ("an identity provider", sp("").replace("SPSSODescriptor", "IDPSSODescriptor"), "SPSSODescriptor"),
    ] {
        let body = json!({ "metadata": metadata, "certificate": null, "existing": null });
        let answer = root.post_json("/fn/app/saml_providers/api/read_sp_metadata", &body).await;
        assert_eq!(answer.status, 422, "{what}: {}", answer.body);
        assert!(answer.body.contains(told), "{what}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metadata_offers_identity_center_no_name_id_but_the_email_address() {
    let world = World::new().await;
    let (_sandbox, _url) = connected(&world).await;
    let metadata = world.browser().get(&format!("/application/saml/{APPLICATION}/metadata/")).await.body;
    let offered: Vec<&str> = metadata.split("<md:NameIDFormat>").skip(1).collect();
    assert!(offered.len() == 1 && offered[0].contains("nameid-format:emailAddress<"), "{metadata}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_identity_center_takes_from_nobody_cannot_be_set_for_it() {
    let world = World::new().await;
    let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
    for (setting, told) in [
        ("sign: response", "wants the assertion signed"),
        ("decryption_key: nobody", "encrypts nothing"),
        ("encryption: { key: nobody }", "does not decrypt assertions"),
        ("name_id: { format: persistent }", "takes the format email_address only"),
    ] {
        let text = format!(
            "version: 1\nsaml_providers:\n  - name: center\n    acs_url: https://eu-central-1.signin.aws/platform/saml/acs/1\n    \
             audience: https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672f8278\n    {setting}\n"
        );
        let refused = world.services.apply("f.yaml", &text, &none, "test", false).await;
        let refused = refused.err().unwrap_or_else(|| panic!("{setting} was taken")).to_string();
        assert!(refused.contains(told), "{setting}: {refused}");
    }
}
