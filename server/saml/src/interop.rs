//! What other libraries wrote and signed is read and verified here (the files in `fixtures`).

use crate::binding::{ARTIFACT, POST};
use crate::judge::attacker_key;
use crate::{
    AuthnRequest, Certificate, Comparison, Inbound, Limits, MessageKind, SignatureAlgorithm, parse_signed_sp_metadata,
    parse_sp_metadata, verify_metadata_signature,
};

const ENTITY: &str = "https://sp.example/metadata";

fn partner() -> Certificate {
    Certificate::from_pem(include_str!("../fixtures/partner.pem")).unwrap()
}

/// Verifies with the partner's certificate and with no other, and tells the algorithm.
fn verified(inbound: &Inbound) -> SignatureAlgorithm {
    assert_eq!(inbound.issuer(), ENTITY);
    assert!(inbound.verify(&[attacker_key().certificate().clone()]).is_err());
    inbound.verify(&[attacker_key().certificate().clone(), partner()]).unwrap()
}

fn authn_request(inbound: &Inbound) -> AuthnRequest {
    let request = inbound.authn_request().unwrap();
    assert_eq!(request.acs_url.as_deref(), Some("https://sp.example/acs"));
    assert_eq!(request.destination.as_deref(), Some("https://idp.example/sso"));
    assert!(request.signed);
    request
}

#[test]
fn a_sign_in_by_redirect_from_python3_saml_is_read() {
    let inbound = Inbound::redirect(include_str!("../fixtures/python3-saml-login.query")).unwrap();
    assert_eq!(verified(&inbound), SignatureAlgorithm::RsaSha256);
    assert_eq!(inbound.relay_state(), Some("https://sp.example/deep?a=1&b=ü"));
    let request = authn_request(&inbound);
    let context = request.authn_context.unwrap();
    assert_eq!((context.comparison, context.classes.len()), (Comparison::Exact, 1));
    assert!(request.allow_create);
}

#[test]
fn a_sign_in_by_redirect_and_by_post_from_pysaml2_is_read() {
    let redirect = Inbound::redirect(include_str!("../fixtures/pysaml2-request.query")).unwrap();
    assert_eq!(redirect.relay_state(), Some("r s/+="));
    verified(&redirect);
    authn_request(&redirect);
    let post = Inbound::post("SAMLRequest", include_str!("../fixtures/pysaml2-request.base64"), Some("rs")).unwrap();
    assert_eq!(verified(&post), SignatureAlgorithm::RsaSha512);
    authn_request(&post);
}

#[test]
fn a_logout_by_redirect_from_python3_saml_and_by_post_from_pysaml2_is_read() {
    let redirect = Inbound::redirect(include_str!("../fixtures/python3-saml-logout.query")).unwrap();
    let post = Inbound::post("SAMLRequest", include_str!("../fixtures/pysaml2-logout.base64"), None).unwrap();
    for (inbound, user, sessions) in [(redirect, "ada@example.com", 1), (post, "abc", 2)] {
        assert_eq!(inbound.kind(), MessageKind::LogoutRequest);
        verified(&inbound);
        let request = inbound.logout_request().unwrap();
        assert_eq!((request.name_id.value.as_str(), request.session_indexes.len()), (user, sessions));
        assert_eq!(request.name_id.name_qualifier.as_deref(), Some("https://idp.example"));
        assert!(request.name_id.format.is_some());
    }
}

#[test]
fn the_signed_metadata_of_python3_saml_is_read() {
    let xml = include_bytes!("../fixtures/python3-saml-metadata.xml");
    verify_metadata_signature(xml, &partner()).unwrap();
    assert!(verify_metadata_signature(xml, attacker_key().certificate()).is_err());
    let read = parse_signed_sp_metadata(xml, &Limits::METADATA, &[partner()]).unwrap();
    let [sp] = read.as_slice() else { panic!("{read:?}") };
    assert_eq!((sp.entity_id.as_str(), sp.cache_duration), (ENTITY, Some(604_800)));
    assert_eq!((sp.signing.as_slice(), sp.encryption.as_slice()), ([partner()].as_slice(), [partner()].as_slice()));
    assert_eq!(sp.acs.len(), 1);
    assert_eq!(sp.logout.len(), 1);
    assert!(sp.authn_requests_signed && sp.signed && sp.requested_attributes[0].required);
    assert!(sp.unsupported.is_empty(), "{:?}", sp.unsupported);
}

#[test]
fn the_metadata_of_pysaml2_is_read_and_its_artifact_address_noted() {
    let read = parse_sp_metadata(include_bytes!("../fixtures/pysaml2-metadata.xml"), &Limits::METADATA).unwrap();
    let [sp] = read.as_slice() else { panic!("{read:?}") };
    assert_eq!(sp.acs.iter().map(|acs| acs.binding.as_str()).collect::<Vec<_>>(), [POST, ARTIFACT]);
    assert!(sp.unsupported.iter().any(|note| note.what.contains("HTTP-Artifact")), "{:?}", sp.unsupported);
    assert_eq!((sp.signing.len(), sp.encryption.len()), (1, 1));
    assert!(sp.authn_requests_signed && !sp.signed);
    assert_eq!(sp.requested_attributes.iter().filter(|attribute| attribute.required).count(), 1);
}
