use super::*;
use crate::judge::{NOW, SignedElement, curves, key, pair, xmllint_canonical, xmlsec1_verifies};

fn spec(status: Status) -> StatusResponseSpec {
    StatusResponseSpec {
        response_id: "_aa01".into(),
        in_response_to: Some("_req".into()),
        issue_instant: NOW,
        destination: "https://sp.example/acs".into(),
        issuer: "https://idp.example".into(),
        status,
    }
}

const REASONS: [StatusReason; 11] = [
    StatusReason::AuthnFailed,
    StatusReason::InvalidNameIdPolicy,
    StatusReason::NoAuthnContext,
    StatusReason::NoPassive,
    StatusReason::PartialLogout,
    StatusReason::RequestDenied,
    StatusReason::RequestUnsupported,
    StatusReason::RequestVersionTooHigh,
    StatusReason::RequestVersionTooLow,
    StatusReason::UnknownPrincipal,
    StatusReason::UnsupportedBinding,
];

#[test]
fn every_refusal_verifies_with_xmlsec1_and_holds_two_codes_a_message_and_no_assertion() {
    for reason in REASONS {
        let status = Status::requester(reason, "because <of> & \u{0}this");
        let xml = build_status(&spec(status), key().default_algorithm(), key()).unwrap().xml;
        assert!(xmlsec1_verifies(&xml, SignedElement::Response, &pair().certificate_pem), "{xml}");
        assert_eq!(xmllint_canonical(&xml), xml);
        let inner = format!("<samlp:StatusCode Value=\"{}\"></samlp:StatusCode></samlp:StatusCode>", reason.uri());
        assert!(xml.contains(&inner) && xml.contains("<samlp:StatusMessage>because &lt;of&gt; &amp; this<"), "{xml}");
        assert!(!xml.contains("Assertion") && xml.contains(" InResponseTo=\"_req\""));
        let issuer = xml.find("</saml:Issuer>").unwrap() + "</saml:Issuer>".len();
        assert!(xml[issuer..].starts_with("<ds:Signature "), "the signature follows the issuer");
    }
}

#[test]
fn a_refusal_is_read_by_another_library_and_signed_by_elliptic_keys_too() {
    for (made, key) in curves() {
        let status = Status::responder(StatusReason::NoPassive, "x");
        let xml = build_status(&spec(status), key.default_algorithm(), key).unwrap().xml;
        assert!(xmlsec1_verifies(&xml, SignedElement::Response, &made.certificate_pem), "{xml}");
        let read: samael::schema::Response = xml.parse().unwrap();
        assert_eq!(read.status.unwrap().status_code.value.as_deref(), Some(StatusCode::Responder.uri()));
        assert!(read.assertion.is_none());
    }
}

#[test]
fn success_without_an_assertion_and_broken_identifiers_are_refused() {
    let refused = |spec: StatusResponseSpec| build_status(&spec, key().default_algorithm(), key()).is_err();
    let good = || spec(Status::requester(StatusReason::RequestDenied, "x"));
    assert!(refused(spec(Status::SUCCESS)));
    assert!(refused(StatusResponseSpec { response_id: "1".into(), ..good() }));
    assert!(refused(StatusResponseSpec { in_response_to: Some("a b".into()), ..good() }));
    assert!(refused(StatusResponseSpec { destination: String::new(), ..good() }));
    assert!(build_status(&good(), SignatureAlgorithm::EcdsaSha256, key()).is_err(), "the key is RSA");
}
