use std::sync::Arc;

use aws_sandbox::{IdentityCenterOptions, NewRole, Sandbox, SandboxOptions, trust_policy};
use domain::port::Clock;
use tests::{ACS, Answer, Browser, World, forms};

use crate::sign_on::{INIT, role_table};

/// A sandbox on its own address that goes by the world's clock.
pub async fn sandbox(world: &World) -> (Sandbox, String) {
    sandbox_with(world, IdentityCenterOptions::default()).await
}

/// The same with this Identity Center.
pub async fn sandbox_with(world: &World, identity_center: IdentityCenterOptions) -> (Sandbox, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let clock = Arc::clone(&world.clock);
    let now = Arc::new(move || clock.now());
    let options = SandboxOptions { base_url: url.clone(), now, identity_center, ..SandboxOptions::default() };
    let sandbox = Sandbox::new(options);
    tokio::spawn(sandbox.clone().serve(listener));
    (sandbox, url)
}

/// The sandbox trusts the metadata of a world and has its roles.
pub async fn trust(sandbox: &Sandbox, world: &World) {
    let metadata = world.browser().get("/application/saml/aws/metadata/").await.body;
    let provider = sandbox.iam().create_saml_provider("authentik", &metadata).unwrap();
    for role in ["Admin", "Engineer", "Reader"] {
        sandbox.iam().create_role(NewRole::new(role, &trust_policy(&provider.arn, &[ACS]))).unwrap();
    }
}

pub fn response(page: &Answer) -> String {
    page.form().field("SAMLResponse").unwrap_or_else(|| panic!("{}", page.body)).to_owned()
}

pub async fn present(browser: &Browser, url: &str, saml_response: &str) -> Answer {
    browser.post(&format!("{url}/saml"), &[("SAMLResponse", saml_response)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn ada_reaches_the_console_and_gets_credentials_for_the_role_of_her_group() {
    let world = World::new().await;
    let (sandbox, url) = sandbox(&world).await;
    trust(&sandbox, &world).await;
    let browser = world.signed_in("ada").await;
    let saml_response = response(&browser.get(INIT).await);
    let console = present(&browser, &url, &saml_response).await;
    assert_eq!(console.status, 200, "{}", console.body);
    for part in ["Engineer", "ada", "123412341234"] {
        assert!(console.body.contains(part), "{part} is not in {}", console.body);
    }
    let (role, provider) =
        ("arn:aws:iam::123412341234:role/Engineer", "arn:aws:iam::123412341234:saml-provider/authentik");
    sandbox.assume_role_with_saml(role, provider, &saml_response, None).await.unwrap();
    let other = role.replace("Engineer", "Admin");
    assert!(
        sandbox.assume_role_with_saml(&other, provider, &saml_response, None).await.is_err(),
        "a role that was not given"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn several_roles_lead_to_the_role_chooser() {
    let world = World::new().await;
    let (sandbox, url) = sandbox(&world).await;
    trust(&sandbox, &world).await;
    world.apply(&role_table()).await;
    let browser = world.signed_in("ada").await;
    let chooser = present(&browser, &url, &response(&browser.get(INIT).await)).await;
    assert!(chooser.body.contains("saml-account") && !forms(&chooser.body).is_empty(), "{}", chooser.body);
    for role in ["role/Engineer", "role/Admin"] {
        assert!(chooser.body.contains(role), "{role} is not in {}", chooser.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_refuses_another_identity_provider_and_a_stale_response() {
    let (world, stranger) = (World::new().await, World::new().await);
    let (sandbox, url) = sandbox(&world).await;
    trust(&sandbox, &world).await;
    let forged = response(&stranger.signed_in("ada").await.get(INIT).await);
    let refused = present(&world.browser(), &url, &forged).await;
    assert!(refused.body.contains("Response signature invalid"), "{}", refused.body);
    let stale = response(&world.signed_in("ada").await.get(INIT).await);
    world.clock.advance(301);
    let refused = present(&world.browser(), &url, &stale).await;
    assert!(refused.status.is_client_error(), "{}", refused.body);
}
