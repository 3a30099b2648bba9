//! Metadata of an identity provider, as an administrator of Identity Center uploads it.

use super::forge::{Pair, ours, swap};
use super::portal_forge::{Portal, SSO, US, draft, metadata};

const PREFIX: &str = "Unable to build attributes from provided metadata object";

fn upload(document: &str) -> Result<(), crate::Fault> {
    super::provisioner::Provisioner::new().sandbox.identity_center().set_identity_provider(document)
}

#[test]
fn an_address_that_is_none_fails_validation_in_the_words_of_aws() {
    let good = metadata(&[ours().base64()]);
    for bad in
        ["", "/sso", "idp.example/sso", "ftp://idp.example/", "http://idp.example/sso", "https://", "https://a b/"]
    {
        let fault = upload(&swap(&good, &format!("\"{SSO}\""), &format!("\"{bad}\""))).unwrap_err();
        assert_eq!(fault.message, format!("{PREFIX} as url validation failed"), "{bad}");
    }
    for near in ["http://localhost:8080/sso", "http://127.0.0.1/sso"] {
        upload(&swap(&good, &format!("\"{SSO}\""), &format!("\"{near}\""))).unwrap();
    }
}

#[test]
fn metadata_without_what_is_needed_is_refused() {
    let good = metadata(&[ours().base64()]);
    for (bad, why) in [
        (format!("{good}{}", " ".repeat(75_000)), "it has more than 75,000 characters"),
        ("{}".to_owned(), "it is not XML"),
        (format!("<a>{good}{good}</a>"), "it is not about one entity"),
        (swap(&good, &format!("entityID=\"{}\"", super::forge::ISSUER), ""), "there is no entityID"),
        (good.replace("IDPSSODescriptor", "SPSSODescriptor"), "it is not about an identity provider"),
        (metadata(&[]), "there is no X509Certificate"),
        (metadata(&["????".into()]), "a certificate is not base64"),
        (metadata(&["AAAA".into()]), "a certificate is not X.509"),
        (metadata(&[Pair::with_units(1_024, 20).base64()]), "a certificate has more than 2,500 characters"),
        (swap(&good, "use=\"signing\"", "use=\"encryption\""), "a key for encryption is not supported"),
        (
            good.replace("bindings:HTTP-", "bindings:OTHER-"),
            "there is no SingleSignOnService for HTTP-Redirect or HTTP-POST",
        ),
    ] {
        let fault = upload(&bad).unwrap_err();
        assert_eq!((fault.code, fault.message), ("InvalidInput", format!("{PREFIX}: {why}")));
    }
}

#[tokio::test]
async fn a_metadata_that_does_not_have_the_format_of_addresses_shows_at_sign_in() {
    let portal = Portal::new().await;
    let format =
        |name: &str| format!("<NameIDFormat>urn:oasis:names:tc:SAML:{name}</NameIDFormat><SingleSignOnService");
    let text = metadata(&[ours().base64()]);
    let center = portal.desk.sandbox.identity_center();
    center
        .set_identity_provider(&text.replacen("<SingleSignOnService", &format("2.0:nameid-format:persistent"), 1))
        .unwrap();
    assert_eq!(portal.unasked(&draft()).await.unwrap_err().page, US);
    center
        .set_identity_provider(&text.replacen("<SingleSignOnService", &format("1.1:nameid-format:emailAddress"), 1))
        .unwrap();
    portal.unasked(&draft()).await.unwrap();
}

#[tokio::test]
async fn without_an_identity_provider_nothing_begins() {
    let desk = super::provisioner::Provisioner::new();
    let center = desk.sandbox.identity_center();
    assert_eq!(center.start(None, 0).unwrap_err().message, "There is no external identity provider.");
    assert!(center.import_certificate(&ours().certificate).is_err());
    let refusal = center.sign_in(super::portal_forge::TENANT, "", None).await.unwrap_err();
    assert_eq!(refusal.event, "there is no external identity provider");
}
