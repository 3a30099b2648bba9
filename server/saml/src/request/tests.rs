use super::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write;

const MAX_BYTES: usize = Limits::MESSAGE.bytes;

const ATTRIBUTES: &str = r#"ID="aws_LDxL" Version="2.0" IssueInstant="2026-11-24T15:00:00Z" Destination="https://idp.example/sso" AssertionConsumerServiceURL="https://eu-central-1.signin.aws.amazon.com/platform/saml/acs/2d737f96" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST""#;
const ISSUER: &str = "https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672f8278";

fn message(attributes: &str, issuer: &str, rest: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><saml2p:AuthnRequest xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" {attributes}><saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">{issuer}</saml2:Issuer>{rest}</saml2p:AuthnRequest>"#
    )
}

fn good() -> String {
    let policy = r#"<saml2p:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"/>"#;
    message(ATTRIBUTES, ISSUER, policy)
}

fn post(xml: &str) -> Result<AuthnRequest, SamlError> {
    parse_post(&STANDARD.encode(xml))
}

fn deflated(bytes: &[u8]) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    STANDARD.encode(encoder.finish().unwrap())
}

fn refusal(xml: &str) -> String {
    post(xml).expect_err(xml).to_string()
}

#[test]
fn a_request_of_identity_center_is_read_alike_from_both_bindings() {
    let expected = AuthnRequest {
        version: "2.0".into(),
        id: "aws_LDxL".into(),
        issuer: ISSUER.into(),
        destination: Some("https://idp.example/sso".into()),
        issue_instant: crate::judge::NOW,
        acs_url: Some("https://eu-central-1.signin.aws.amazon.com/platform/saml/acs/2d737f96".into()),
        acs_index: None,
        protocol_binding: Some("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST".into()),
        name_id_format: Some("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress".into()),
        sp_name_qualifier: None,
        allow_create: false,
        authn_context: None,
        subject: None,
        other_subject: false,
        confirmations: vec![],
        attribute_index: None,
        force_authn: false,
        is_passive: false,
        signed: false,
    };
    assert_eq!(post(&good()).unwrap(), expected);
    assert_eq!(parse_redirect(&deflated(good().as_bytes())).unwrap(), expected);
    assert_eq!(parse_redirect(deflated(good().as_bytes()).trim_end_matches('=')).unwrap(), expected);
    let mut lines = STANDARD.encode(good());
    lines.insert_str(76, "\r\n");
    assert_eq!(parse_post(&lines).unwrap(), expected);
}

#[test]
fn flags_index_and_escaped_characters_are_read() {
    let attributes = r#"ID="_1" Version="2.0" IssueInstant="2026-11-24T15:00:00Z" ForceAuthn="1" IsPassive="true" AssertionConsumerServiceIndex="3""#;
    let read = post(&message(attributes, "\n https://sp.example/?a=1&amp;b=2 \n", "")).unwrap();
    assert!(read.force_authn && read.is_passive);
    assert_eq!((read.acs_index, read.acs_url), (Some(3), None));
    assert_eq!(read.issuer, "https://sp.example/?a=1&b=2");
}

#[test]
fn a_doctype_and_an_entity_bomb_are_refused() {
    let bomb = format!("<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>{}", message(ATTRIBUTES, "&b;", ""));
    assert!(post(&bomb.replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "")).is_err());
    assert!(refusal(&good().replace("<saml2p:AuthnRequest", "<!DOCTYPE x><saml2p:AuthnRequest")).contains("DOCTYPE"));
    refusal(&message(ATTRIBUTES, "&b;", ""));
}

#[test]
fn a_deflate_bomb_is_refused_without_being_inflated_whole() {
    let bomb = deflated(&vec![b' '; 64 * 1024 * 1024]);
    assert!(matches!(parse_redirect(&bomb), Err(SamlError::TooLarge { limit: MAX_BYTES, .. })));
    let nested = message(ATTRIBUTES, ISSUER, &format!("<!--{}-->", "x".repeat(MAX_BYTES)));
    assert!(matches!(post(&nested), Err(SamlError::TooLarge { .. })));
    assert!(matches!(parse_post(&"A".repeat(1024 * 1024)), Err(SamlError::TooLarge { .. })));
}

#[test]
fn deep_nesting_is_refused() {
    let extensions = format!("<saml2p:Extensions>{}{}</saml2p:Extensions>", "<x>".repeat(500), "</x>".repeat(500));
    assert!(matches!(post(&message(ATTRIBUTES, ISSUER, &extensions)), Err(SamlError::TooLarge { .. })));
}

#[test]
fn another_root_or_namespace_or_version_is_refused() {
    assert!(refusal(&good().replace("SAML:2.0:protocol", "SAML:1.1:protocol")).contains("root"));
    assert!(refusal(&good().replace("saml2p:AuthnRequest", "saml2p:LogoutRequest")).contains("root"));
    assert!(refusal(&good().replace("SAML:2.0:assertion", "SAML:9.9:assertion")).contains("foreign namespace"));
    assert!(refusal(&good().replace("Version=\"2.0\"", "Version=\"1.1\"")).contains("not 2.0"));
    assert!(refusal("<AuthnRequest/>").contains("root"));
}

#[test]
fn an_issuer_that_two_parsers_could_cut_differently_is_refused() {
    assert!(refusal(&message(ATTRIBUTES, "https://good.example<!-- -->.evil.example", "")).contains("comment"));
    assert!(refusal(&message(ATTRIBUTES, "https://good.example<![CDATA[.evil]]>", "")).contains("CDATA"));
    assert!(refusal(&message(ATTRIBUTES, "https://good.example<x/>.evil", "")).contains("inside Issuer"));
    let twice = r#"<saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">evil</saml2:Issuer>"#;
    refusal(&message(ATTRIBUTES, ISSUER, twice));
}

#[test]
fn an_issuer_must_be_there_and_of_bounded_length() {
    for issuer in ["", "  ", "x".repeat(1025).as_str()] {
        assert!(refusal(&message(ATTRIBUTES, issuer, "")).contains("Issuer"), "{issuer}");
    }
    assert!(post(&message(ATTRIBUTES, &"é".repeat(1024), "")).is_ok());
}

#[test]
fn an_identifier_must_be_there_and_be_an_ncname() {
    refusal(&good().replace("ID=\"aws_LDxL\"", ""));
    let long = "a".repeat(257);
    for id in ["", "1a", "a b", "a&quot;", long.as_str()] {
        refusal(&good().replace("aws_LDxL", id));
    }
}

#[test]
fn a_prefixed_attribute_or_an_unknown_child_cannot_pose_as_one_of_saml() {
    let posing = format!(r#"xmlns:e="urn:evil" e:AssertionConsumerServiceURL="https://evil.example" {ATTRIBUTES}"#);
    assert!(refusal(&message(&posing, ISSUER, "")).contains("prefix"));
    assert!(refusal(&message(ATTRIBUTES, ISSUER, "<Issuer>evil</Issuer>")).contains("foreign namespace"));
    assert!(refusal(&message(ATTRIBUTES, ISSUER, "<saml2p:Response/>")).contains("unknown element"));
    let wrapped = good().replace(
        "</saml2p:AuthnRequest>",
        "<saml2p:Extensions><i ID=\"aws_LDxL\"/></saml2p:Extensions></saml2p:AuthnRequest>",
    );
    assert!(refusal(&wrapped).contains("twice"));
}

#[test]
fn an_index_beside_an_address_is_refused() {
    let both = format!("{ATTRIBUTES} AssertionConsumerServiceIndex=\"0\"");
    assert!(refusal(&message(&both, ISSUER, "")).contains("both"));
}

#[test]
fn what_is_not_base64_or_not_deflate_is_refused() {
    for text in ["", "%%%", "é", "AAAA"] {
        assert!(parse_post(text).is_err() && parse_redirect(text).is_err(), "{text}");
    }
    assert!(parse_redirect(&STANDARD.encode(good())).is_err(), "not deflated");
}

#[test]
fn a_signature_in_the_document_is_noticed() {
    let signature = r##"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI="#aws_LDxL"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>"##;
    assert!(post(&message(ATTRIBUTES, ISSUER, signature)).unwrap().signed);
}

#[test]
fn where_the_second_reader_understands_another_request_the_request_is_refused() {
    let request = post(&good()).unwrap();
    assert!(second_opinion(good().as_bytes(), &request).is_ok());
    for (from, to) in [("acs/2d737f96", "acs/evil"), ("aws_LDxL", "aws_evil"), ("https://idp.example", "https://evil")]
    {
        let other = good().replace(from, to);
        assert_ne!(other, good());
        assert!(second_opinion(other.as_bytes(), &request).unwrap_err().to_string().contains("two readers"), "{to}");
    }
    let other = good().replace(ISSUER, "https://evil.example");
    assert!(second_opinion(other.as_bytes(), &request).is_err());
}
