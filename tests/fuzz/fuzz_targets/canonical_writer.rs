#![no_main]
//! Whatever people and settings say, a response is one well-formed document of the same elements, in which every value
//! reads as it was given.

use libfuzzer_sys::{arbitrary, fuzz_target};
use quick_xml::{Reader, escape::unescape, events::Event};
use saml::{Attribute, ResponseOptions, ResponseSpec, Sign, SigningKey, build_with};
use std::sync::LazyLock;

static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    let made = SigningKey::generate_self_signed(2048, "fuzz", 30, 1_795_532_400).expect("a key can be made");
    SigningKey::from_pem(&made.certificate_pem, &made.private_key_pem).expect("and read")
});

#[derive(arbitrary::Arbitrary, Debug)]
struct Said {
    name_id: String,
    format: String,
    issuer: String,
    audience: String,
    destination: String,
    session: String,
    request: Option<String>,
    attribute: String,
    friendly: Option<String>,
    values: Vec<String>,
}

/// What XML 1.0 can hold (§2.2), with line ends as a reader gives them.
fn legal(text: &str) -> String {
    let legal = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(legal).collect()
}

fuzz_target!(|said: Said| {
    let spec = ResponseSpec {
        response_id: "_r".into(),
        assertion_id: "_a".into(),
        in_response_to: said.request.clone(),
        issue_instant: 1_795_532_400,
        destination: said.destination.clone(),
        issuer: said.issuer.clone(),
        audience: said.audience.clone(),
        name_id: said.name_id.clone(),
        name_id_format: said.format.clone(),
        sp_name_qualifier: None,
        session_index: said.session.clone(),
        authn_instant: 1_795_532_400,
        not_before: 1_795_532_100,
        not_on_or_after: 1_795_532_700,
        session_not_on_or_after: 1_795_532_700,
        authn_context: "urn:x".into(),
        attributes: vec![Attribute { name: said.attribute.clone(), friendly_name: said.friendly.clone(), name_format: said.friendly.clone(), values: said.values.clone() }],
        sign: Sign::Assertion,
    };
    let Ok(made) = build_with(&spec, &ResponseOptions::default(), &KEY) else { return };
    let (mut reader, mut depth, mut open) = (Reader::from_str(&made.xml), 0_i32, String::new());
    let (mut values, mut text, mut attributes) = (Vec::new(), String::new(), 0);
    loop {
        match reader.read_event().expect("it is well formed") {
            Event::Start(start) => {
                depth += 1;
                open = String::from_utf8_lossy(start.name().as_ref()).into_owned();
                attributes += usize::from(open == "saml:Attribute");
                for attribute in start.attributes() {
                    let value = attribute.expect("attributes are well formed").value;
                    unescape(std::str::from_utf8(&value).expect("UTF-8")).expect("and escaped");
                }
                text.clear();
            }
            Event::Text(part) => text.push_str(std::str::from_utf8(&part).expect("UTF-8")),
            Event::GeneralRef(reference) => {
                let name = std::str::from_utf8(&reference).expect("UTF-8");
                text.push_str(&unescape(&format!("&{name};")).expect("an entity of XML"));
            }
            Event::End(end) => {
                depth -= 1;
                if end.name().as_ref() == b"saml:AttributeValue" && open == "saml:AttributeValue" {
                    values.push(std::mem::take(&mut text));
                }
                if end.name().as_ref() == b"saml:NameID" {
                    assert_eq!(text, legal(&said.name_id));
                }
            }
            Event::Eof => break,
            other => panic!("{other:?} is never written"),
        }
    }
    assert_eq!(depth, 0);
    assert!(attributes <= 1, "{}", made.xml);
    if attributes == 1 {
        assert_eq!(values, said.values.iter().map(|value| legal(value)).collect::<Vec<_>>(), "{}", made.xml);
    }
});
