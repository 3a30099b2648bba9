use super::*;
use crate::error::SamlError;
use crate::inbound::{Inbound, MessageKind};
use crate::judge::{NOW, SignedElement, attacker_key, curves, key, pair, xmllint_canonical, xmlsec1_verifies};
use crate::name_id::NameId;
use crate::status::{Status, StatusCode, StatusReason};
use crate::trust::Distrust;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

fn name_id() -> NameId {
    NameId {
        value: "a<&>\"d".into(),
        format: Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".into()),
        name_qualifier: Some("https://idp.example".into()),
        sp_name_qualifier: Some("https://sp.example".into()),
        sp_provided_id: Some("alias".into()),
    }
}

fn request() -> LogoutRequestSpec {
    LogoutRequestSpec {
        id: "_lo1".into(),
        issue_instant: NOW,
        not_on_or_after: NOW + 300,
        destination: "https://sp.example/slo?tenant=1".into(),
        issuer: "https://idp.example".into(),
        reason: Some("urn:oasis:names:tc:SAML:2.0:logout:user".into()),
        name_id: name_id(),
        session_indexes: vec!["_s1".into(), "_s2".into()],
    }
}

fn response(status: Status) -> LogoutResponseSpec {
    LogoutResponseSpec {
        id: "_lo2".into(),
        in_response_to: "_lo1".into(),
        issue_instant: NOW,
        destination: "https://sp.example/slo".into(),
        issuer: "https://idp.example".into(),
        status,
    }
}

fn read(xml: &str) -> Result<LogoutRequest, SamlError> {
    Inbound::post("SAMLRequest", &STANDARD.encode(xml), None)?.logout_request()
}

#[test]
fn a_request_comes_back_as_it_was_written_over_both_bindings() {
    let spec = request();
    let made = build_logout_request(&spec).unwrap();
    assert_eq!(xmllint_canonical(made.xml()), made.xml());
    let trusted = [key().certificate().clone()];
    let expected = LogoutRequest {
        id: spec.id,
        issuer: spec.issuer,
        destination: Some(spec.destination),
        issue_instant: NOW,
        not_on_or_after: Some(NOW + 300),
        reason: spec.reason,
        name_id: name_id(),
        session_indexes: spec.session_indexes,
    };

    let signed = made.post(key().default_algorithm(), key()).unwrap();
    assert!(xmlsec1_verifies(&signed.xml, SignedElement::Root, &pair().certificate_pem), "{}", signed.xml);
    let inbound = Inbound::post(made.parameter(), &signed.base64(), Some("state")).unwrap();
    assert_eq!((inbound.kind(), inbound.issuer()), (MessageKind::LogoutRequest, "https://idp.example"));
    inbound.verify(&trusted).unwrap();
    assert_eq!(inbound.logout_request().unwrap(), expected);
    assert!(inbound.authn_request().is_err() && inbound.logout_response().is_err());

    let url = made.redirect(Some("st&te"), key().default_algorithm(), key()).unwrap();
    let query = url.strip_prefix("https://sp.example/slo?tenant=1&").unwrap();
    let inbound = Inbound::redirect(query).unwrap();
    inbound.verify(&trusted).unwrap();
    assert!(inbound.verify(&[attacker_key().certificate().clone()]).is_err());
    assert_eq!((inbound.logout_request().unwrap(), inbound.relay_state()), (expected, Some("st&te")));
}

#[test]
fn a_response_says_whether_everybody_was_told_over_both_bindings() {
    let failed = Status::responder(StatusReason::RequestDenied, "no");
    for (status, success, partial) in
        [(Status::SUCCESS, true, false), (Status::PARTIAL_LOGOUT, true, true), (failed, false, false)]
    {
        let made = build_logout_response(&response(status)).unwrap();
        assert_eq!(xmllint_canonical(made.xml()), made.xml());
        for (pair, key) in curves() {
            let signed = made.post(key.default_algorithm(), key).unwrap();
            assert!(xmlsec1_verifies(&signed.xml, SignedElement::Root, &pair.certificate_pem), "{}", signed.xml);
            let url = made.redirect(None, key.default_algorithm(), key).unwrap();
            let query = url.strip_prefix("https://sp.example/slo?").unwrap();
            assert!(query.starts_with("SAMLResponse="));
            for inbound in
                [Inbound::redirect(query), Inbound::post("SAMLResponse", &signed.base64(), None)].map(Result::unwrap)
            {
                inbound.verify(&[key.certificate().clone()]).unwrap();
                let read = inbound.logout_response().unwrap();
                assert_eq!((read.success, read.partial), (success, partial));
                assert_eq!(read.in_response_to.as_deref(), Some("_lo1"));
                assert_eq!(read.codes.len(), if success && !partial { 1 } else { 2 });
            }
        }
    }
}

#[test]
fn a_request_without_sessions_means_all_of_them_and_may_lack_what_is_optional() {
    let spec = LogoutRequestSpec {
        session_indexes: vec![],
        reason: None,
        name_id: NameId { value: "ada".into(), ..NameId::default() },
        ..request()
    };
    let made = build_logout_request(&spec).unwrap();
    let xml = made.xml().replace(" NotOnOrAfter=\"2026-11-24T15:05:00Z\"", "");
    let read = read(&xml).unwrap();
    assert_eq!((read.not_on_or_after, read.reason, read.session_indexes), (None, None, vec![]));
    assert_eq!(read.name_id, NameId { value: "ada".into(), ..NameId::default() });
}

#[test]
fn a_comment_or_an_element_cannot_cut_the_name_identifier_short() {
    let good = build_logout_request(&request()).unwrap().xml().replace("a&lt;&amp;&gt;\"d", "admin@sp.example");
    assert!(read(&good).is_ok());
    for (cut, reason) in [
        ("admin@sp.example<!-- -->.evil.example", "comment"),
        ("admin@sp.example<![CDATA[.evil]]>", "CDATA"),
        ("admin@sp.example<?x?>.evil", "instruction"),
        ("admin@sp.example<x/>.evil", "elements inside NameID"),
        ("", "1 to 1024"),
    ] {
        let refused = read(&good.replace("admin@sp.example", cut)).unwrap_err().to_string();
        assert!(refused.contains(reason), "{cut}: {refused}");
    }
    let twice = good.replace(
        "<samlp:SessionIndex>_s1",
        "<saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">x</saml:NameID><samlp:SessionIndex>_s1",
    );
    assert!(read(&twice).unwrap_err().to_string().contains("twice"));
}

#[test]
fn other_identifiers_other_versions_and_endless_sessions_are_refused() {
    let good = build_logout_request(&request()).unwrap().xml().to_owned();
    for other in ["saml:EncryptedID", "saml:BaseID"] {
        assert!(matches!(read(&good.replace("saml:NameID", other)), Err(SamlError::Unsupported { .. })), "{other}");
    }
    assert!(matches!(read(&good.replace("\"2.0\"", "\"1.1\"")), Err(SamlError::Unsupported { .. })));
    let many = "<samlp:SessionIndex>x</samlp:SessionIndex>".repeat(300);
    let endless = good.replace("</samlp:LogoutRequest>", &format!("{many}</samlp:LogoutRequest>"));
    assert!(matches!(read(&endless), Err(SamlError::TooLarge { .. })));
}

#[test]
fn a_response_without_a_status_is_refused_and_an_unknown_code_is_no_success() {
    let good = build_logout_response(&response(Status::SUCCESS)).unwrap().xml().to_owned();
    let read = |xml: &str| Inbound::post("SAMLResponse", &STANDARD.encode(xml), None).unwrap().logout_response();
    let (from, to) = (good.find("<samlp:Status>").unwrap(), good.find("</samlp:LogoutResponse>").unwrap());
    assert!(read(&format!("{}{}", &good[..from], &good[to..])).is_err());
    assert!(read(&good.replace("samlp:StatusCode", "samlp:Code")).is_err());
    assert!(!read(&good.replace(StatusCode::Success.uri(), "urn:own")).unwrap().success);
}

#[test]
fn messages_that_lack_a_required_value_are_not_written() {
    assert!(build_logout_request(&LogoutRequestSpec { id: "1".into(), ..request() }).is_err());
    assert!(build_logout_request(&LogoutRequestSpec { name_id: NameId::default(), ..request() }).is_err());
    assert!(build_logout_request(&LogoutRequestSpec { destination: String::new(), ..request() }).is_err());
    assert!(
        build_logout_response(&LogoutResponseSpec { in_response_to: "a b".into(), ..response(Status::SUCCESS) })
            .is_err()
    );
    assert!(build_logout_response(&LogoutResponseSpec { issuer: String::new(), ..response(Status::SUCCESS) }).is_err());
}

#[test]
fn a_message_meant_for_somebody_else_or_out_of_time_is_not_acted_upon() {
    let destinations = ["https://sp.example/slo?tenant=1".to_owned(), "https://sp.example/slo".to_owned()];
    let at = |now| Occasion { now, skew: 60, lifetime: 600, destinations: &destinations };
    let good = read(build_logout_request(&request()).unwrap().xml()).unwrap();
    assert_eq!(good.check(&at(NOW + 359)), Ok(()));
    assert_eq!(good.check(&at(NOW + 360)), Err(Distrust::Expired(0)), "not on or after");
    assert_eq!(good.check(&at(NOW - 61)), Err(Distrust::Early(61)));
    let endless = LogoutRequest { not_on_or_after: None, ..good.clone() };
    assert_eq!(endless.check(&at(NOW + 660)), Ok(()));
    assert_eq!(endless.check(&at(NOW + 661)), Err(Distrust::Stale(661)));
    let astray = LogoutRequest { destination: Some("https://sp.example/".into()), ..good.clone() };
    assert!(matches!(astray.check(&at(NOW)), Err(Distrust::Destination(_))));
    assert_eq!(LogoutRequest { destination: None, ..good }.check(&at(NOW)), Err(Distrust::NoDestination));

    let xml = build_logout_response(&response(Status::SUCCESS)).unwrap().xml().to_owned();
    let answer = Inbound::post("SAMLResponse", &STANDARD.encode(xml), None).unwrap().logout_response().unwrap();
    assert_eq!(answer.check(&at(NOW)), Ok(()));
    assert!(matches!(answer.check(&at(NOW + 700)), Err(Distrust::Stale(_))));
    assert_eq!(LogoutResponse { destination: None, ..answer }.check(&at(NOW)), Err(Distrust::NoDestination));
}
