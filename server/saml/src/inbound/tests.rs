//! Signed messages as others make them, and every known way to make one that only looks signed.

mod forms;
mod query;
mod wrapping;

use super::*;
use crate::encoding::{deflate, percent_encode};
use crate::judge::{attacker_key, curves, key, partner, partner_key, xmlsec1_signs};
use crate::key::SigningKey;
use crate::outbound::Outbound;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::LazyLock;

const PARTNER: &str = "https://sp.example/metadata";
const GOOD: &str = "https://sp.example/acs";
const EVIL: &str = "https://evil.example/acs";

/// A request in canonical form, with `inside` after the issuer.
fn request(id: &str, acs: &str, inside: &str) -> String {
    format!(
        r#"<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" AssertionConsumerServiceURL="{acs}" Destination="https://idp.example/sso" ID="{id}" IssueInstant="2026-11-24T15:00:00Z" Version="2.0"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{PARTNER}</saml:Issuer>{inside}</samlp:AuthnRequest>"#
    )
}

fn extensions(inside: &str) -> String {
    format!("<samlp:Extensions>{inside}</samlp:Extensions>")
}

fn signed_by(key: &SigningKey, xml: &str, id: &str) -> String {
    let end = "</saml:Issuer>";
    let place = xml.find(end).unwrap() + end.len();
    let message =
        Outbound { parameter: "SAMLRequest", id: id.into(), xml: xml.into(), place, destination: String::new() };
    message.post(key.default_algorithm(), key).unwrap().xml
}

static GENUINE: LazyLock<String> =
    LazyLock::new(|| signed_by(&partner_key(), &request("_genuine", GOOD, ""), "_genuine"));

/// A genuine request of the partner.
fn genuine() -> String {
    GENUINE.clone()
}

/// The `ds:Signature` of a genuine request, and the request without it.
fn parted() -> (String, String) {
    let xml = genuine();
    let (from, to) = (xml.find("<ds:Signature ").unwrap(), xml.find("</ds:Signature>").unwrap() + 15);
    (xml[from..to].to_owned(), format!("{}{}", &xml[..from], &xml[to..]))
}

fn trusted() -> [Certificate; 1] {
    [Certificate::from_pem(&partner().certificate_pem).unwrap()]
}

fn verified(xml: &str) -> Result<AuthnRequest, SamlError> {
    let inbound = Inbound::post("SAMLRequest", &STANDARD.encode(xml), None)?;
    inbound.verify(&trusted())?;
    inbound.authn_request()
}

fn refusal(xml: &str) -> String {
    verified(xml).expect_err(xml).to_string()
}

#[track_caller]
fn refused_for(xml: &str, reason: &str) {
    let found = refusal(xml);
    assert!(found.contains(reason), "`{found}` does not say `{reason}`\n{xml}");
}

/// A `ds:Signature` for xmlsec1 to fill in.
struct Template<'a> {
    canonicalization: &'a str,
    method: &'a str,
    uri: &'a str,
    transforms: &'a str,
    digest: &'a str,
    after: &'a str,
}

const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const STANDARD_TRANSFORMS: &str = r#"<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>"#;

impl Default for Template<'_> {
    fn default() -> Self {
        Self {
            canonicalization: EXCLUSIVE,
            method: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            uri: "#_genuine",
            transforms: STANDARD_TRANSFORMS,
            digest: "http://www.w3.org/2001/04/xmlenc#sha256",
            after: "",
        }
    }
}

impl Template<'_> {
    fn text(&self) -> String {
        let Self { canonicalization, method, uri, transforms, digest, after } = self;
        format!(
            r#"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{canonicalization}"/><ds:SignatureMethod Algorithm="{method}"/><ds:Reference URI="{uri}"><ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/>{after}</ds:Signature>"#
        )
    }

    fn document(&self) -> String {
        request("_genuine", GOOD, &self.text())
    }

    fn signed(&self) -> String {
        xmlsec1_signs(&self.document(), "--privkey-pem", partner().private_key_pem.as_bytes())
    }
}

#[test]
fn a_signed_request_of_the_partner_is_verified_and_read() {
    let read = verified(&genuine()).unwrap();
    assert_eq!((read.acs_url.as_deref(), read.issuer.as_str(), read.signed), (Some(GOOD), PARTNER, true));
}

#[test]
fn what_xmlsec1_signs_verifies_with_every_accepted_algorithm_and_digest() {
    for (method, digest) in [
        ("rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"),
        ("rsa-sha384", "http://www.w3.org/2001/04/xmldsig-more#sha384"),
        ("rsa-sha512", "http://www.w3.org/2001/04/xmlenc#sha512"),
    ] {
        let method = format!("http://www.w3.org/2001/04/xmldsig-more#{method}");
        let xml = Template { method: &method, digest, ..Template::default() }.signed();
        verified(&xml).unwrap();
        refused_for(&xml.replace(GOOD, EVIL), "digest does not match");
    }
    for (made, key) in curves() {
        let algorithm = key.default_algorithm();
        let template = Template { method: algorithm.uri(), digest: algorithm.digest().uri(), ..Template::default() };
        let xml = xmlsec1_signs(&template.document(), "--privkey-pem", made.private_key_pem.as_bytes());
        let inbound = Inbound::post("SAMLRequest", &STANDARD.encode(xml), None).unwrap();
        assert_eq!(inbound.verify(std::slice::from_ref(key.certificate())).unwrap(), algorithm);
        assert!(inbound.verify(&trusted()).is_err());
    }
}

#[test]
fn what_xmlsec1_signs_over_a_document_full_of_odd_spelling_verifies() {
    let list = |prefixes: &str| {
        format!(
            r#"<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="{EXCLUSIVE}"><ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="{prefixes}"/></ds:Transform>"#
        )
    };
    let odd = "<samlp:Extensions xmlns='urn:d' xmlns:z='urn:z' xmlns:y='urn:y'>\r\n\t&#13;&lt;&gt;é&#x1F980;<z:a  b = 'x&#10;y\t&quot;'  y:b=\"'\"><c xmlns=''/><c/></z:a></samlp:Extensions>";
    for transforms in [STANDARD_TRANSFORMS.to_owned(), list("xs y #default"), list("samlp saml ds z")] {
        let template = Template { transforms: &transforms, ..Template::default() };
        let document = request("_genuine", GOOD, &format!("\n  {}\n {odd}", template.text()))
            .replace("<samlp:AuthnRequest ", "<samlp:AuthnRequest xmlns:xs='urn:xs' xmlns='urn:e' ");
        let xml = xmlsec1_signs(&document, "--privkey-pem", partner().private_key_pem.as_bytes());
        verified(&xml).unwrap();
        refused_for(&xml.replace("<c xmlns=\"\"/>", "<c xmlns=\"urn:x\"/>"), "digest does not match");
    }
}

#[test]
fn a_signed_info_whose_prefixes_are_declared_outside_it_verifies() {
    let text = Template::default().text().replace(" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"", "");
    let document = request("_genuine", GOOD, &text)
        .replace("<samlp:AuthnRequest ", "<samlp:AuthnRequest xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" ");
    verified(&xmlsec1_signs(&document, "--privkey-pem", partner().private_key_pem.as_bytes())).unwrap();
}

#[test]
fn doctypes_external_entities_and_entity_bombs_are_refused_in_every_message() {
    let (rest, root) = (request("_genuine", "&x;", ""), "<samlp:AuthnRequest");
    for doctype in [
        "<!DOCTYPE x>",
        "<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>",
        "<!DOCTYPE x SYSTEM 'http://127.0.0.1/x.dtd'>",
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'><!ENTITY x '&b;&b;&b;&b;&b;'>]>",
    ] {
        refused_for(&rest.replacen(root, &format!("{doctype}{root}"), 1), "DOCTYPE");
    }
    refused_for(&rest, "forbids");
}

#[test]
fn ten_thousand_levels_are_refused_and_a_bomb_is_not_inflated() {
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    assert!(matches!(verified(&request("_1", GOOD, &extensions(&deep))), Err(SamlError::TooLarge { .. })));
    let bomb = percent_encode(&deflate(&" ".repeat(64 * 1024 * 1024)).unwrap());
    assert!(bomb.len() < 100_000);
    let refused = Inbound::redirect(&format!("SAMLRequest={bomb}"));
    assert!(matches!(refused, Err(SamlError::TooLarge { what: "XML in bytes", .. })));
}

#[test]
fn a_comment_cannot_cut_the_issuer_short() {
    let cut = request("_1", GOOD, "").replace(PARTNER, &format!("{PARTNER}<!-- -->.evil.example"));
    refused_for(&cut, "comment");
}

#[test]
fn a_signature_may_be_absent_where_it_is_not_required_but_never_wrong() {
    let post = |xml: &str| Inbound::post("SAMLRequest", &STANDARD.encode(xml), None).unwrap();
    let (genuine, unsigned) = (post(&genuine()), post(&request("_1", GOOD, "")));
    let forged = post(&signed_by(attacker_key(), &request("_1", EVIL, ""), "_1"));
    let algorithm = Some(SignatureAlgorithm::RsaSha256);
    assert_eq!(genuine.authenticate(&trusted(), true).unwrap(), algorithm);
    assert_eq!(genuine.authenticate(&trusted(), false).unwrap(), algorithm);
    assert_eq!(genuine.authenticate(&[], false).unwrap(), None);
    assert!(genuine.authenticate(&[], true).is_err());
    assert_eq!(unsigned.authenticate(&trusted(), false).unwrap(), None);
    assert!(unsigned.authenticate(&trusted(), true).is_err());
    assert!(forged.authenticate(&trusted(), false).is_err(), "a wrong signature is worse than none");
}

#[test]
fn the_kind_of_a_message_decides_which_parameter_it_may_come_in() {
    let field = STANDARD.encode(genuine());
    assert!(Inbound::post("SAMLResponse", &field, None).is_err());
    assert_eq!(Inbound::post("SAMLRequest", &field, Some("r")).unwrap().relay_state(), Some("r"));
    assert!(Inbound::post("SAMLRequest", &STANDARD.encode("<a/>"), None).is_err());
}

/// What an attacker would put in.
const PIECES: [&str; 20] = [
    "",
    "<",
    ">",
    "&",
    "&#x41;",
    "&lt;",
    "<!-- -->",
    "<![CDATA[x]]>",
    "<?x?>",
    "'",
    "\"",
    "/",
    "xmlns=\"\"",
    " ID=\"_evil\"",
    "\r\n",
    " xmlns:saml=\"urn:x\"",
    "ds:",
    "evil",
    "é",
    "<samlp:Extensions/>",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_change_leaves_a_verified_message_that_says_something_else(
        changes in proptest::collection::vec((0usize..4000, 0usize..60, 0usize..PIECES.len(), 0usize..4), 1..4)
    ) {
        let mut bytes = genuine().into_bytes();
        for (place, length, piece, kind) in changes {
            let from = place % bytes.len();
            let to = (from + length).min(bytes.len());
            let piece = PIECES[piece].bytes();
            match kind {
                0 => drop(bytes.splice(from..from, piece)),
                1 => drop(bytes.splice(from..to, piece)),
                2 => bytes[from] = u8::try_from(length).unwrap() + b' ',
                _ => {
                    let copied = bytes[from..to].to_vec();
                    let there = (place / 7) % bytes.len();
                    bytes.splice(there..there, copied);
                }
            }
        }
        if let Ok(read) = String::from_utf8(bytes).map_err(drop).and_then(|xml| verified(&xml).map_err(drop)) {
            proptest::prop_assert_eq!(read, verified(&genuine()).unwrap());
        }
    }

    #[test]
    fn no_query_and_no_field_makes_the_reader_panic(text in ".{0,200}", bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        drop(Inbound::redirect(&text));
        drop(Inbound::redirect(&format!("SAMLRequest={text}&SigAlg={text}&Signature={text}")));
        drop(Inbound::post("SAMLRequest", &text, None));
        drop(Inbound::post("SAMLRequest", &STANDARD.encode(&bytes), None));
        let mixed = request("_1", GOOD, &String::from_utf8_lossy(&bytes));
        drop(verified(&mixed));
    }
}
