use aws_sandbox::{EncryptionChange, EncryptionMode, trust_policy};
use reqwest::StatusCode;
use saml::{KeyKind, SigningKey};
use serde_json::{Value, json};
use tests::{ACS, Browser, World};

use crate::{
    aws::{sandbox, trust},
    sign_on::INIT,
};

/// The provider's settings changed, as an administrator saves them.
async fn changed(root: &Browser, field: &str, value: Value) {
    let read = root.post_json("/fn/app/saml_providers/api/read_provider", &json!({ "name": "aws-iam" })).await;
    let mut detail: Value = serde_json::from_str(&read.body).unwrap();
    detail["provider"][field] = value;
    let body = json!({ "name": "aws-iam", "version": detail["version"], "provider": detail["provider"] });
    let saved = root.post_json("/fn/app/saml_providers/api/update_provider", &body).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn iam_that_requires_encryption_takes_what_is_encrypted_for_it_at_its_own_address_and_nothing_else() {
    let world = World::new().await;
    let (sandbox, url) = sandbox(&world).await;
    trust(&sandbox, &world).await;
    let (root, ada) = (world.signed_in("root").await, world.signed_in("ada").await);
    let pair = SigningKey::generate(KeyKind::Rsa(2048), "aws-assertions", 30, 1_700_000_000).unwrap();
    let iam = sandbox.iam();
    let provider = iam.providers().into_iter().next().unwrap();
    let own = format!("{url}/saml/acs/{}", provider.uuid);
    let required = EncryptionChange {
        mode: Some(EncryptionMode::Required),
        add_private_key: Some(&pair.private_key_pem),
        ..EncryptionChange::default()
    };
    iam.update_saml_provider_with(provider.arn.as_str(), None, required).unwrap();
    iam.update_trust_policy("Engineer", &trust_policy(&provider.arn, &[ACS, &own])).unwrap();
    changed(&root, "acs_url", json!(own)).await;
    let response = async || ada.get(INIT).await.form().field("SAMLResponse").unwrap().to_owned();
    let plain = world.browser().post(&own, &[("SAMLResponse", &response().await)]).await;
    assert!(plain.status.is_client_error(), "IAM took what was not encrypted: {}", plain.body);
    changed(&root, "encryption", json!({ "certificate": pair.certificate_pem })).await;
    let console = world.browser().post(&own, &[("SAMLResponse", &response().await)]).await;
    assert!(console.status == StatusCode::OK && console.body.contains("Engineer"), "{}", console.body);
    changed(&root, "acs_url", json!(format!("{url}/saml"))).await;
    let elsewhere = world.browser().post(&format!("{url}/saml"), &[("SAMLResponse", &response().await)]).await;
    assert!(elsewhere.status.is_client_error(), "IAM took it at the general address: {}", elsewhere.body);
}
