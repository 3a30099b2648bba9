use super::*;
use crate::judge::{NOW, SignedElement, curves, key, pair, xmllint_canonical, xmlsec1_verifies};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

const HOSTILE: &str =
    "x</saml:AttributeValue><saml:AttributeValue>arn:aws:iam::1:role/Admin,&lt;\"'<!--]]>\r\n\t\u{0}é🦀\u{2028}";

fn attribute(name: &str, values: &[&str]) -> Attribute {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Attribute { name: name.to_owned(), friendly_name: None, name_format: None, values }
}

/// An attribute whose names are all the same text.
fn named_by(text: &str) -> Attribute {
    let [friendly_name, name_format] = [(); 2].map(|()| Some(text.to_owned()));
    Attribute { friendly_name, name_format, ..attribute(text, &["x"]) }
}

fn spec(sign: Sign, attributes: Vec<Attribute>) -> ResponseSpec {
    ResponseSpec {
        response_id: "_aa01".into(),
        assertion_id: "_bb02".into(),
        in_response_to: None,
        issue_instant: NOW,
        destination: "https://signin.aws.amazon.com/saml".into(),
        issuer: "https://idp.example/saml/metadata?a=1&b=2".into(),
        audience: "urn:amazon:webservices".into(),
        name_id: "ada@example.com".into(),
        name_id_format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".into(),
        sp_name_qualifier: None,
        session_index: "_cc03".into(),
        authn_instant: NOW - 30,
        not_before: NOW - 60,
        not_on_or_after: NOW + 300,
        session_not_on_or_after: NOW + 3600,
        authn_context: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport".into(),
        attributes,
        sign,
    }
}

fn verifies(xml: &str, element: SignedElement) -> bool {
    xmlsec1_verifies(xml, element, &pair().certificate_pem)
}

fn elements(sign: Sign) -> &'static [SignedElement] {
    match sign {
        Sign::Assertion => &[SignedElement::Assertion],
        Sign::Response => &[SignedElement::Response],
        Sign::Both => &[SignedElement::Assertion, SignedElement::Response],
    }
}

const ALL: [Sign; 3] = [Sign::Assertion, Sign::Response, Sign::Both];

#[test]
fn every_response_verifies_with_xmlsec1_and_is_canonical_whatever_is_signed_and_said() {
    let many: Vec<String> = (0..60).map(|n| format!("https://example.com/{n}")).collect();
    let shapes = [
        vec![],
        vec![attribute("one", &["value"])],
        vec![attribute("empty", &[])],
        vec![attribute("mixed", &["", HOSTILE, "é", " spaces "]), attribute("none", &[]), named_by(HOSTILE)],
        many.iter().map(|name| attribute(name, &["a", "b", "c"])).collect(),
    ];
    for sign in ALL {
        for attributes in &shapes {
            let mut spec = spec(sign, attributes.clone());
            spec.name_id = format!("ada {HOSTILE}");
            spec.in_response_to = Some("aws_LDxL".into());
            spec.sp_name_qualifier = Some(HOSTILE.into());
            let xml = build(&spec, key()).unwrap().xml;
            assert_eq!(xmllint_canonical(&xml), xml);
            for element in elements(sign) {
                assert!(verifies(&xml, *element), "{element:?} {sign:?}: {xml}");
            }
            assert_eq!(xml.matches("<ds:Signature ").count(), elements(sign).len());
        }
    }
}

#[test]
fn every_algorithm_verifies_with_xmlsec1_for_the_keys_it_is_for_and_is_refused_for_others() {
    let keys = [(pair(), key()), (&curves()[0].0, &curves()[0].1), (&curves()[1].0, &curves()[1].1)];
    for algorithm in SignatureAlgorithm::ALL {
        for (pair, key) in keys {
            let options = ResponseOptions { algorithm: Some(algorithm), ..ResponseOptions::default() };
            let made = build_with(&spec(Sign::Both, vec![]), &options, key);
            if !key.kind().fits(algorithm) {
                assert!(matches!(made, Err(SamlError::Key(_))), "{algorithm:?} {:?}", key.kind());
                continue;
            }
            let xml = made.unwrap().xml;
            for element in elements(Sign::Both) {
                assert!(xmlsec1_verifies(&xml, *element, &pair.certificate_pem), "{algorithm:?} {element:?} {xml}");
            }
            assert_eq!(xml.matches(algorithm.uri()).count(), 2);
            assert_eq!(xml.matches(algorithm.digest().uri()).count(), 2);
        }
    }
}

#[test]
fn the_name_identifier_carries_both_qualifiers_when_they_are_asked_for() {
    let options = ResponseOptions { name_qualifier: Some("https://idp.example"), ..ResponseOptions::default() };
    let mut spec = spec(Sign::Assertion, vec![]);
    spec.sp_name_qualifier = Some("https://sp.example".into());
    let xml = build_with(&spec, &options, key()).unwrap().xml;
    assert!(verifies(&xml, SignedElement::Assertion));
    assert!(xml.contains(r#" NameQualifier="https://idp.example" SPNameQualifier="https://sp.example">ada"#), "{xml}");
}

#[test]
fn a_change_of_one_character_anywhere_under_a_signature_is_noticed() {
    for sign in ALL {
        let xml = build(&spec(sign, vec![attribute("role", &["reader"])]), key()).unwrap().xml;
        for (from, to) in [
            (">reader<", ">writer<"),
            ("ada@example.com", "eve@example.com"),
            ("Recipient=\"https://signin", "Recipient=\"https://sigmin"),
            ("<saml:Conditions NotBefore=\"2026", "<saml:Conditions NotBefore=\"2025"),
            ("<saml:AttributeValue>", "<saml:AttributeValue>x</saml:AttributeValue><saml:AttributeValue>"),
        ] {
            let tampered = xml.replacen(from, to, 1);
            assert_ne!(tampered, xml, "{from}");
            for element in elements(sign) {
                assert!(!verifies(&tampered, *element), "{element:?} accepts {to}");
            }
        }
        let other = SigningKey::generate_self_signed(2048, "Other", 30, NOW).unwrap().certificate_pem;
        for element in elements(sign) {
            assert!(!xmlsec1_verifies(&xml, *element, &other), "another certificate");
        }
    }
}

#[test]
fn a_change_outside_the_assertion_is_noticed_only_when_the_response_is_signed() {
    for (sign, noticed) in [(Sign::Assertion, false), (Sign::Response, true), (Sign::Both, true)] {
        let xml = build(&spec(sign, vec![]), key()).unwrap().xml;
        let tampered = xml.replacen("Destination=\"https", "Destination=\"http", 1);
        let held = elements(sign).iter().all(|element| verifies(&tampered, *element));
        assert_eq!(!held, noticed, "{sign:?}");
    }
}

#[test]
fn the_signature_stands_right_after_the_issuer() {
    let xml = build(&spec(Sign::Both, vec![]), key()).unwrap().xml;
    assert_eq!(xml.matches("</saml:Issuer><ds:Signature ").count(), 2);
}

#[test]
fn samael_reads_the_same_fields_from_the_response() {
    let mut spec = spec(Sign::Both, vec![attribute("role", &["a", "b"]), attribute("name", &["A & B <c> \"d\""])]);
    spec.in_response_to = Some("_request".into());
    let xml = build(&spec, key()).unwrap().xml;
    let read: samael::schema::Response = xml.parse().unwrap();
    assert_eq!(read.id, spec.response_id);
    assert_eq!(read.in_response_to, spec.in_response_to);
    assert_eq!(read.destination.as_deref(), Some(spec.destination.as_str()));
    assert_eq!(read.issue_instant.timestamp(), NOW);
    assert_eq!(read.issuer.unwrap().value.as_deref(), Some(spec.issuer.as_str()));
    assert_eq!(read.status.unwrap().status_code.value.as_deref(), Some("urn:oasis:names:tc:SAML:2.0:status:Success"));
    let assertion = read.assertion.unwrap();
    assert_eq!((assertion.id.as_str(), assertion.version.as_str()), ("_bb02", "2.0"));
    let subject = assertion.subject.unwrap();
    assert_eq!(subject.name_id.as_ref().unwrap().value, spec.name_id);
    let confirmations = subject.subject_confirmations.unwrap();
    let [confirmation] = confirmations.as_slice() else { panic!("one confirmation") };
    assert_eq!(confirmation.method.as_deref(), Some("urn:oasis:names:tc:SAML:2.0:cm:bearer"));
    let data = confirmation.subject_confirmation_data.as_ref().unwrap();
    assert_eq!(data.recipient.as_deref(), Some(spec.destination.as_str()));
    assert_eq!(data.in_response_to.as_deref(), Some("_request"));
    assert_eq!(data.not_on_or_after.unwrap().timestamp(), spec.not_on_or_after);
    assert!(data.not_before.is_none(), "profiles §4.1.4.2 forbids it");
    let conditions = assertion.conditions.unwrap();
    assert_eq!(conditions.not_before.unwrap().timestamp(), spec.not_before);
    assert_eq!(conditions.not_on_or_after.unwrap().timestamp(), spec.not_on_or_after);
    let statements = assertion.authn_statements.unwrap();
    assert_eq!(statements[0].session_index.as_deref(), Some("_cc03"));
    assert_eq!(statements[0].session_not_on_or_after.unwrap().timestamp(), spec.session_not_on_or_after);
    let attributes = &assertion.attribute_statements.unwrap()[0].attributes;
    let values = |n: usize| attributes[n].values.iter().map(|v| v.value.clone().unwrap()).collect::<Vec<_>>();
    assert_eq!(values(0), ["a", "b"]);
    assert_eq!(values(1), ["A & B <c> \"d\""]);
}

#[test]
fn a_response_with_fixed_times_and_identifiers_reads_as_it_always_has() {
    let xml =
        build(&spec(Sign::Response, vec![attribute("Role", &["a", "b"]), attribute("none", &[])]), key()).unwrap().xml;
    let (before, rest) = xml.split_once("<ds:Signature ").unwrap();
    let (_, after) = rest.split_once("</ds:Signature>").unwrap();
    assert_eq!(
        format!("{before}{after}"),
        concat!(
            r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Destination="https://signin.aws.amazon.com/saml" ID="_aa01" IssueInstant="2026-11-24T15:00:00Z" Version="2.0">"#,
            r#"<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example/saml/metadata?a=1&amp;b=2</saml:Issuer>"#,
            r#"<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>"#,
            r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_bb02" IssueInstant="2026-11-24T15:00:00Z" Version="2.0">"#,
            r#"<saml:Issuer>https://idp.example/saml/metadata?a=1&amp;b=2</saml:Issuer>"#,
            r#"<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">ada@example.com</saml:NameID>"#,
            r#"<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="2026-11-24T15:05:00Z" Recipient="https://signin.aws.amazon.com/saml"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>"#,
            r#"<saml:Conditions NotBefore="2026-11-24T14:59:00Z" NotOnOrAfter="2026-11-24T15:05:00Z"><saml:AudienceRestriction><saml:Audience>urn:amazon:webservices</saml:Audience></saml:AudienceRestriction></saml:Conditions>"#,
            r#"<saml:AuthnStatement AuthnInstant="2026-11-24T14:59:30Z" SessionIndex="_cc03" SessionNotOnOrAfter="2026-11-24T16:00:00Z"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"#,
            r#"<saml:AttributeStatement><saml:Attribute Name="Role"><saml:AttributeValue>a</saml:AttributeValue><saml:AttributeValue>b</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>"#,
            r#"</saml:Assertion></samlp:Response>"#
        )
    );
}

#[test]
fn the_form_field_is_plain_base64_on_one_line() {
    let response = build(&spec(Sign::Assertion, vec![attribute("n", &["é"])]), key()).unwrap();
    let field = response.base64();
    assert!(field.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')));
    assert_eq!(STANDARD.decode(field).unwrap(), response.xml.as_bytes());
}

#[test]
fn identifiers_that_could_break_out_and_empty_required_values_are_refused() {
    let good = spec(Sign::Assertion, vec![]);
    let cases: [fn(&mut ResponseSpec); 6] = [
        |spec| spec.response_id = "_\" x=\"".into(),
        |spec| spec.assertion_id = String::new(),
        |spec| spec.assertion_id = spec.response_id.clone(),
        |spec| spec.in_response_to = Some("a b".into()),
        |spec| spec.name_id = String::new(),
        |spec| spec.audience = String::new(),
    ];
    for case in cases {
        let mut bad = good.clone();
        case(&mut bad);
        assert!(matches!(build(&bad, key()), Err(SamlError::Malformed { .. })), "{bad:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_display_name_can_never_add_an_element_or_an_attribute(
        name in r#"(</saml:AttributeValue>|<saml:AttributeValue>|<!--|-->|<!\[CDATA\[|\]\]>|&amp;|&#60;|" x="|'|<|>|&|.){0,12}"#,
    ) {
        let plain = build(&spec(Sign::Assertion, vec![attribute("name", &["plain"])]), key()).unwrap().xml;
        let mut hostile = spec(Sign::Assertion, vec![attribute("name", &[name.as_str()])]);
        hostile.attributes[0].friendly_name = Some("f".into());
        let xml = build(&hostile, key()).unwrap().xml;
        prop_assert_eq!(xml.matches('<').count(), plain.matches('<').count());
        let read: samael::schema::Response = xml.parse().unwrap();
        let statements = read.assertion.unwrap().attribute_statements.unwrap();
        prop_assert_eq!(statements[0].attributes.len(), 1);
        prop_assert_eq!(statements[0].attributes[0].values.len(), 1);
        prop_assert_eq!(xmllint_canonical(&xml), xml);
    }
}

/// Not a check but a measurement: `cargo test --release -p saml -- --ignored --nocapture what_a_response_costs`.
#[test]
#[ignore = "a measurement, for an idle machine"]
fn what_a_response_costs_beside_a_bare_signature() {
    const ROUNDS: u32 = 300;
    let spec = spec(Sign::Assertion, vec![attribute("Role", &["a,b", "c,d", "e,f"]), attribute("name", &["Ada é"])]);
    let (mut bare, mut whole) = (std::time::Duration::ZERO, std::time::Duration::ZERO);
    // The key is made at its first use, which must not be counted as signing.
    build(&spec, key()).unwrap();
    // In turns, so that a change of the machine's load meets both alike.
    for _ in 0..10 {
        let start = std::time::Instant::now();
        (0..ROUNDS).for_each(|_| drop(key().sign_sha256(&[7; 700]).unwrap()));
        bare += start.elapsed();
        let start = std::time::Instant::now();
        (0..ROUNDS).for_each(|_| drop(build(&spec, key()).unwrap().base64()));
        whole += start.elapsed();
    }
    let (bare, whole) = (bare / (10 * ROUNDS), whole / (10 * ROUNDS));
    println!("bare {bare:?}, response {whole:?}, ratio {:.3}", whole.as_secs_f64() / bare.as_secs_f64());
}
