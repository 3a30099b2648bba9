use super::*;
use crate::judge::{NOW, SignedElement, key, pair, xmllint_canonical, xmlsec1_verifies};

fn spec() -> MetadataSpec {
    MetadataSpec {
        id: "_dd04".into(),
        entity_id: "https://idp.example/saml/metadata?a=1&b=<2>".into(),
        sso_redirect_url: "https://idp.example/saml/sso/redirect".into(),
        sso_post_url: "https://idp.example/saml/sso/post".into(),
        slo_redirect_url: Some("https://idp.example/saml/slo/redirect".into()),
        slo_post_url: None,
        valid_until: NOW + 86_400,
        name_id_formats: vec!["urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress".into()],
        want_requests_signed: false,
        certificates: vec![key().certificate_base64().into(), "TkVYVA==".into()],
        encryption_certificate: None,
    }
}

fn verifies(xml: &str) -> bool {
    xmlsec1_verifies(xml, SignedElement::Metadata, &pair().certificate_pem)
}

#[test]
fn the_metadata_verifies_with_xmlsec1_is_canonical_and_long_enough_for_aws() {
    let xml = build_metadata(&spec(), key()).unwrap();
    assert!(verifies(&xml), "{xml}");
    assert_eq!(xmllint_canonical(&xml), xml);
    assert!(xml.len() >= 1000 && xml.starts_with("<md:EntityDescriptor "));
    assert!(xml.contains(r#" validUntil="2026-11-25T15:00:00Z""#));
}

#[test]
fn changed_metadata_is_refused() {
    let xml = build_metadata(&spec(), key()).unwrap();
    for (from, to) in [("/sso/post", "/sso/past"), ("validUntil=\"2026", "validUntil=\"2036"), ("TkVYVA==", "T1RIRVI=")]
    {
        let tampered = xml.replacen(from, to, 1);
        assert_ne!(tampered, xml);
        assert!(!verifies(&tampered), "{to}");
    }
}

#[test]
fn the_parts_stand_in_the_order_of_the_schema() {
    let xml = build_metadata(&spec(), key()).unwrap();
    let parts = [
        "<ds:Signature ",
        "<md:IDPSSODescriptor ",
        "<md:KeyDescriptor ",
        "<md:SingleLogoutService ",
        "<md:NameIDFormat>",
        "HTTP-Redirect\" Location=\"https://idp.example/saml/sso",
        "HTTP-POST\" Location=\"https://idp.example/saml/sso",
    ];
    let places: Vec<usize> = parts.iter().map(|part| xml.find(part).expect(part)).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert_eq!(xml.matches("<md:KeyDescriptor ").count(), 2);
    assert_eq!(xml.matches("<md:SingleLogoutService ").count(), 1);
}

#[test]
fn a_key_to_encrypt_to_follows_those_that_sign_and_without_one_nothing_changes() {
    let without = build_metadata(&spec(), key()).unwrap();
    let with = MetadataSpec { encryption_certificate: Some("T1BFTg==".into()), ..spec() };
    let with = build_metadata(&with, key()).unwrap();
    assert!(verifies(&with), "{with}");
    assert_eq!(xmllint_canonical(&with), with);
    let (from, to) = (with.find("<md:KeyDescriptor use=\"encryption\">").unwrap(), with.find("<md:Single").unwrap());
    let told = &with[from..to];
    assert!(told.contains("T1BFTg==") && told.ends_with("</md:EncryptionMethod></md:KeyDescriptor>"), "{told}");
    let methods: Vec<&str> = told.split("Algorithm=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let names: Vec<&str> = methods.iter().map(|uri| uri.rsplit('#').next().unwrap()).collect();
    assert_eq!(names, ["aes256-gcm", "aes128-gcm", "aes256-cbc", "aes128-cbc", "rsa-oaep-mgf1p", "rsa-oaep"]);
    // But for the signature, which covers it.
    let unsigned = |xml: &str| {
        let (from, to) = (xml.find("<ds:Signature ").unwrap(), xml.find("</ds:Signature>").unwrap() + 15);
        format!("{}{}", &xml[..from], &xml[to..])
    };
    assert_eq!(unsigned(&with).replace(told, ""), unsigned(&without));
}

#[test]
fn metadata_without_a_certificate_an_identifier_or_a_name_is_refused() {
    let cases: [fn(&mut MetadataSpec); 4] = [
        |spec| spec.certificates.clear(),
        |spec| spec.id = "1".into(),
        |spec| spec.entity_id = String::new(),
        |spec| spec.entity_id = "x".repeat(1025),
    ];
    for case in cases {
        let mut bad = spec();
        case(&mut bad);
        assert!(matches!(build_metadata(&bad, key()), Err(SamlError::Malformed { .. })));
    }
}
