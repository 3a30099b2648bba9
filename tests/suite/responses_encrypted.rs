//! Assertions that are encrypted, on the pages that judge responses: a test opens what it made for itself, and what only the
//! service can open is not said to be known.

use std::collections::HashSet;

use reqwest::StatusCode;
use saml::{Certificate, KeyKind, SigningKey};
use serde_json::{Value, json};
use tests::{Browser, World};

use crate::{
    responses::{broken, good, rows, set},
    sign_on::INIT,
};

async fn changed(root: &Browser, field: &str, value: Value) {
    let saved = set(root, field, value).await;
    assert_eq!(saved.status, StatusCode::OK, "{field}: {}", saved.body);
}

/// The certificate of a service whose key is longer than that of a test. The key itself is gone: nobody opens what is
/// encrypted to it.
fn service() -> Certificate {
    let pair = SigningKey::generate(KeyKind::Rsa(3072), "service", 30, 1_700_000_000).unwrap();
    Certificate::from_pem(&pair.certificate_pem).unwrap()
}

fn word<'a>(report: &'a Value, side: &str, rule: &str) -> &'a str {
    let mut rows = report[side].as_array().unwrap().iter();
    rows.find(|verdict| verdict["rule"] == rule).unwrap()["found"].as_str().unwrap()
}

/// The certificate that an assertion was encrypted to.
fn recipient(xml: &str) -> &str {
    let (_, key) = xml.split_once("<xenc:EncryptedKey>").unwrap();
    let (_, certificate) = key.split_once("<ds:X509Certificate>").unwrap();
    certificate.split('<').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn where_assertions_are_encrypted_a_test_opens_its_response_with_a_key_of_its_own_and_judges_what_was_inside() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let service = service();
    let asked = json!({ "name": "aws-iam", "slug": "aws", "username": "ada" });
    let mut recipients = HashSet::from([service.base64().to_owned()]);
    for (sign, cipher, uri) in [
        ("response", "aes-256-gcm", "http://www.w3.org/2009/xmlenc11#aes256-gcm"),
        ("assertion", "aes-128-gcm", "http://www.w3.org/2009/xmlenc11#aes128-gcm"),
        ("both", "aes-256-cbc", "http://www.w3.org/2001/04/xmlenc#aes256-cbc"),
    ] {
        changed(&root, "encryption", json!({ "certificate": service.pem(), "cipher": cipher })).await;
        changed(&root, "sign", json!(sign)).await;
        let found = good(&root, "test_sign_on", asked.clone()).await;
        assert!(broken(&found, "service").is_empty() && broken(&found, "aws").is_empty(), "{sign}: {found}");
        assert_eq!((found["encrypted"].as_bool(), found["content"].as_str()), (Some(true), Some("decrypted")));
        // What was received is encrypted, as the provider says and to a key of this test alone; what is shown came out of it.
        let (xml, inside) = (found["xml"].as_str().unwrap(), found["assertion"].as_str().unwrap());
        assert!(xml.contains(uri) && !xml.contains("<saml:Assertion ") && !xml.contains("role/Engineer"), "{xml}");
        assert!(recipients.insert(recipient(xml).to_owned()), "{sign}: the key was seen before");
        assert!(inside.starts_with("<saml:Assertion ") && inside.contains("role/Engineer"), "{inside}");
        let role = found["attributes"].as_array().unwrap().iter().find(|a| a["friendly_name"] == "Role").unwrap();
        assert_eq!(role["source"], "AWS role by group", "{role}");
        // Signed, encrypted, signed: one signature holds for what came out, the other for what was received.
        let holds = |rule: &str| word(&found, "service", rule).starts_with("It verifies with the certificate of ");
        assert_eq!(holds("Signature of the assertion"), sign != "response", "{sign}: {found}");
        assert_eq!(holds("Signature of the response"), sign != "assertion", "{sign}: {found}");
        // AWS measures what it gets, and that is encrypted to the service. The index of a session has its own length.
        let page = world.signed_in("ada").await.get(INIT).await;
        let sent = page.form().field("SAMLResponse").unwrap_or_else(|| panic!("{}", page.body)).to_owned();
        let size: usize = word(&found, "aws", "Response size").split(' ').next().unwrap().parse().unwrap();
        assert!(size.abs_diff(sent.len()) <= 16, "{sign}: {} and {size}", sent.len());
        assert!(size > xml.len().div_ceil(3) * 4, "{sign}: the length of the test's own key was measured");
    }
    world
        .apply(
            "version: 1\nproperty_mappings: [{ name: AWS session name, kind: saml, saml_name: 'https://aws.amazon.com/SAML/Attributes/RoleSessionName', expression: 'return \"has spaces\"' }]",
        )
        .await;
    let refused = good(&root, "test_sign_on", asked).await;
    assert_eq!(broken(&refused, "aws"), ["Role session name"], "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_response_that_is_encrypted_stays_closed_and_a_kept_one_is_shown_as_it_was_before() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    changed(&root, "encryption", json!({ "certificate": service().pem() })).await;
    changed(&root, "keep_responses", json!(1)).await;
    let page = world.signed_in("ada").await.get(INIT).await;
    let sent = page.form().field("SAMLResponse").unwrap_or_else(|| panic!("{}", page.body)).to_owned();
    let closed = good(&root, "judge_response", json!({ "name": "aws-iam", "saml_response": sent })).await;
    assert!(broken(&closed, "service").is_empty(), "{closed}");
    assert_eq!((closed["encrypted"].as_bool(), closed["content"].as_str()), (Some(true), Some("closed")));
    let one = word(&closed, "service", "One assertion");
    assert!(one.contains("only the service's own key opens it"), "{one}");
    assert_eq!((closed["name_id"].as_str(), closed["assertion"].as_str()), (Some(""), Some("")), "{closed}");
    assert_eq!((&closed["attributes"], &closed["aws"]), (&json!([]), &json!([])), "what nobody read is judged");
    let id = rows(&root).await[0]["id"].clone();
    let kept = good(&root, "read_response", json!({ "name": "aws-iam", "id": id })).await;
    assert_eq!((kept["encrypted"].as_bool(), kept["content"].as_str()), (Some(true), Some("kept")));
    assert!(kept["xml"].as_str().unwrap().contains("<saml:Assertion ") && kept["assertion"] == "", "{kept}");
    let page = root.get(&format!("/admin/saml-providers/aws-iam/responses/{}", id.as_str().unwrap())).await;
    assert!(page.body.contains("a copy of the response from before that"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_a_response_is_encrypted_and_how_long_it_is_it_says_itself_and_not_the_settings_of_today() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    changed(&root, "keep_responses", json!(2)).await;
    let ada = world.signed_in("ada").await;
    let sent = async || {
        let page = ada.get(INIT).await;
        page.form().field("SAMLResponse").unwrap_or_else(|| panic!("{}", page.body)).to_owned()
    };
    let plain = sent().await;
    world.clock.advance(1);
    changed(&root, "encryption", json!({ "certificate": service().pem() })).await;
    let encrypted = sent().await;
    assert!(encrypted.len() > plain.len());
    let ids: Vec<Value> = rows(&root).await.iter().map(|row| row["id"].clone()).collect();
    for encryption in [json!({ "certificate": service().pem() }), Value::Null] {
        changed(&root, "encryption", encryption).await;
        for (id, field, told) in [(&ids[0], &encrypted, "It is encrypted;"), (&ids[1], &plain, "It is not encrypted.")]
        {
            let kept = good(&root, "read_response", json!({ "name": "aws-iam", "id": id })).await;
            let said = word(&kept, "aws", "Assertion encryption");
            assert!(said.starts_with(told), "{said}");
            let said = word(&kept, "aws", "Response size");
            assert!(said.starts_with(&format!("{} characters of base64", field.len())), "{said}");
        }
        let pasted = good(&root, "judge_response", json!({ "name": "aws-iam", "saml_response": plain })).await;
        assert_eq!(word(&pasted, "aws", "Assertion encryption"), "It is not encrypted.");
    }
}
