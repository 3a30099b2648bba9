mod encrypted;

use super::*;
use crate::encryption::{ContentCipher, Encryption, KeyTransport, OaepDigest};
use crate::judge::{NOW, attacker_key, key, partner};
use crate::key::SigningKey;
use crate::response::{ResponseOptions, ResponseSpec, Sign, build, build_with};
use crate::status::{Status, StatusReason, StatusResponseSpec, build_status};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const ACS: &str = "https://sp.example/acs";

fn spec() -> ResponseSpec {
    ResponseSpec {
        response_id: "_r".into(),
        assertion_id: "_a".into(),
        in_response_to: None,
        issue_instant: NOW,
        destination: ACS.into(),
        issuer: "https://idp.example".into(),
        audience: "https://sp.example".into(),
        name_id: "ada".into(),
        name_id_format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".into(),
        sp_name_qualifier: None,
        session_index: "_s".into(),
        authn_instant: NOW - 10,
        not_before: NOW - 300,
        not_on_or_after: NOW + 300,
        session_not_on_or_after: NOW + 3600,
        authn_context: "urn:oasis:names:tc:SAML:2.0:ac:classes:Password".into(),
        attributes: vec![Attribute {
            name: "mail".into(),
            friendly_name: None,
            name_format: None,
            values: vec!["a & b".into()],
        }],
        sign: Sign::Assertion,
    }
}

fn judged(field: &str, change: impl FnOnce(&mut ServiceProvider<'_>)) -> Examined {
    let certificates = [("now".to_owned(), key().certificate().clone())];
    let (issuers, acs) = (["https://idp.example".to_owned()], [ACS.to_owned()]);
    let mut service = ServiceProvider {
        now: NOW,
        skew: 60,
        issuers: &issuers,
        certificates: &certificates,
        entity_id: "https://sp.example",
        acs: &acs,
        request: None,
        decryption_key: None,
    };
    change(&mut service);
    examine(field, &service)
}

fn failed(seen: &Examined) -> Vec<&'static str> {
    seen.verdicts.iter().filter(|v| v.level == Level::Failed).map(|v| v.rule).collect()
}

fn of(change: impl FnOnce(&mut ResponseSpec)) -> Examined {
    let mut spec = spec();
    change(&mut spec);
    judged(&build(&spec, key()).unwrap().base64(), |_| {})
}

#[test]
fn a_response_of_ours_is_taken_however_it_is_signed_and_says_what_was_put_in() {
    for sign in [Sign::Assertion, Sign::Response, Sign::Both] {
        let seen = of(|spec| spec.sign = sign);
        assert!(seen.accepted(), "{sign:?}: {:#?}", seen.verdicts);
        assert_eq!((seen.name_id.as_str(), seen.audience.as_str()), ("ada", "https://sp.example"));
        assert_eq!(seen.attributes, spec().attributes);
        assert_eq!((seen.issued, seen.session_end), (Some(NOW), Some(NOW + 3600)));
    }
}

#[test]
fn each_rule_that_is_broken_is_named() {
    assert_eq!(
        failed(&of(|s| s.destination = "https://evil.example/".into())),
        ["Destination", "Subject confirmation"]
    );
    assert_eq!(failed(&of(|s| s.audience = "https://other.example".into())), ["Audience"]);
    assert_eq!(
        failed(&of(|s| s.issuer = "https://evil.example".into())),
        ["Issuer of the response", "Issuer of the assertion"]
    );
    assert_eq!(failed(&of(|s| s.in_response_to = Some("_q".into()))), ["InResponseTo", "Subject confirmation"]);
    assert_eq!(failed(&of(|s| s.not_on_or_after = NOW - 61)), ["Subject confirmation", "Conditions"]);
    assert_eq!(failed(&of(|s| s.not_before = NOW + 61)), ["Conditions"]);
    assert_eq!(failed(&of(|s| s.issue_instant = NOW - 361)), ["Issue time"]);
    assert_eq!(failed(&of(|s| s.issue_instant = NOW + 61)), ["Issue time"]);
    assert_eq!(failed(&of(|s| s.session_not_on_or_after = NOW - 61)), ["Authentication"]);
}

#[test]
fn a_response_that_answers_the_request_is_taken_for_that_request_only() {
    let field = build(&ResponseSpec { in_response_to: Some("_q".into()), ..spec() }, key()).unwrap().base64();
    assert!(judged(&field, |service| service.request = Some("_q")).accepted());
    assert!(!judged(&field, |service| service.request = Some("_other")).accepted());
}

#[test]
fn a_stranger_s_signature_and_a_changed_byte_are_noticed() {
    let forged = build(&spec(), attacker_key()).unwrap().base64();
    assert_eq!(failed(&judged(&forged, |_| {})), ["Signature of the assertion"]);
    for sign in [Sign::Assertion, Sign::Response, Sign::Both] {
        let xml = build(&ResponseSpec { sign, ..spec() }, key()).unwrap().xml.replacen(">ada<", ">eve<", 1);
        let rules = failed(&judged(&STANDARD.encode(xml), |_| {}));
        assert!(rules.iter().any(|rule| rule.starts_with("Signature")), "{sign:?}: {rules:?}");
    }
    let xml = build(&spec(), key()).unwrap().xml;
    let (start, end) = (xml.find("<ds:Signature").unwrap(), xml.find("</ds:Signature>").unwrap());
    let bare = format!("{}{}", &xml[..start], &xml[end + "</ds:Signature>".len()..]);
    assert_eq!(failed(&judged(&STANDARD.encode(bare), |_| {})), ["Signature of the assertion"]);
}

#[test]
fn the_certificate_that_verifies_is_named_among_several() {
    let made = SigningKey::from_pem(&partner().certificate_pem, &partner().private_key_pem).unwrap();
    let certificates =
        [("next".to_owned(), made.certificate().clone()), ("now".to_owned(), key().certificate().clone())];
    let field = build(&spec(), key()).unwrap().base64();
    let issuers = ["https://idp.example".to_owned()];
    let acs = [ACS.to_owned()];
    let service = ServiceProvider {
        now: NOW,
        skew: 60,
        issuers: &issuers,
        certificates: &certificates,
        entity_id: "https://sp.example",
        acs: &acs,
        request: None,
        decryption_key: None,
    };
    let seen = examine(&field, &service);
    let word = seen.verdicts.iter().find(|v| v.rule == "Signature of the assertion").unwrap();
    assert!(word.found.contains("of now"), "{}", word.found);
}

#[test]
fn a_status_says_why_there_is_no_assertion_and_what_is_no_response_is_said_to_be_none() {
    let status = StatusResponseSpec {
        response_id: "_r".into(),
        in_response_to: None,
        issue_instant: NOW,
        destination: ACS.into(),
        issuer: "https://idp.example".into(),
        status: Status::responder(StatusReason::NoPassive, "nobody is signed in"),
    };
    let field = build_status(&status, key().default_algorithm(), key()).unwrap().base64();
    let seen = judged(&field, |_| {});
    assert_eq!(failed(&seen), ["Status", "One assertion"]);
    assert!(seen.verdicts.iter().any(|v| v.found.contains("NoPassive") && v.found.contains("nobody")));
    for field in ["", "%%%", "aGVsbG8=", &STANDARD.encode("<a/>"), &STANDARD.encode("<!DOCTYPE a><a/>")] {
        let seen = judged(field, |_| {});
        assert_eq!(failed(&seen), ["Encoding"], "{field}");
    }
}

#[test]
fn an_encrypted_assertion_is_said_to_be_out_of_sight() {
    let certificate = Certificate::from_pem(&partner().certificate_pem).unwrap();
    let (content_key, iv) = ([7; 32], [9; 12]);
    let encrypt = Encryption {
        certificate: &certificate,
        cipher: ContentCipher::Aes256Gcm,
        transport: KeyTransport::RsaOaepMgf1p(OaepDigest::Sha1),
        key: &content_key,
        iv: &iv,
    };
    let options = ResponseOptions { encrypt: Some(encrypt), ..ResponseOptions::default() };
    let field = build_with(&ResponseSpec { sign: Sign::Both, ..spec() }, &options, key()).unwrap().base64();
    let seen = judged(&field, |_| {});
    assert!(seen.encrypted && seen.accepted() && seen.name_id.is_empty(), "{:#?}", seen.verdicts);
}
