//! Signed messages as others make them, and every known way to make one that only looks signed.

use super::*;
use crate::encoding::{deflate, percent_decode, percent_encode};
use crate::judge::{attacker_key, curves, key, openssl_verifies, partner, partner_key, xmlsec1_signs};
use crate::key::SigningKey;
use crate::outbound::{Outbound, sign_redirect};
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
fn wrapping_shape_1_the_genuine_request_whole_inside_extensions() {
    refused_for(&request("_evil", EVIL, &extensions(&genuine())), "elsewhere than directly in the root");
}

#[test]
fn wrapping_shape_2_the_signature_moved_out_of_the_genuine_request() {
    let (signature, rest) = parted();
    refused_for(&request("_evil", EVIL, &format!("{signature}{}", extensions(&rest))), "not the root");
}

#[test]
fn wrapping_shape_3_the_genuine_request_inside_an_object_of_the_signature() {
    let (signature, rest) = parted();
    let wrapped = signature.replace("</ds:Signature>", &format!("<ds:Object>{rest}</ds:Object></ds:Signature>"));
    refused_for(&request("_evil", EVIL, &wrapped), "holds Object");
}

#[test]
fn wrapping_shape_4_the_genuine_request_inside_the_key_info() {
    let (signature, rest) = parted();
    let wrapped = signature.replace("</ds:KeyInfo>", &format!("{rest}</ds:KeyInfo>"));
    refused_for(&request("_evil", EVIL, &wrapped), "not the root");
}

#[test]
fn wrapping_shape_5_the_same_identifier_on_the_forged_root() {
    let (signature, rest) = parted();
    refused_for(&request("_genuine", EVIL, &format!("{signature}{}", extensions(&rest))), "twice");
    let other_spelling = rest.replace(" ID=", " Id=");
    refused_for(&request("_genuine", EVIL, &format!("{signature}{}", extensions(&other_spelling))), "twice");
    // And when only the root carries the identifier, the digest is over the forged root.
    let nameless = rest.replace(" ID=\"_genuine\"", "");
    refused_for(&request("_genuine", EVIL, &format!("{signature}{}", extensions(&nameless))), "digest does not match");
}

#[test]
fn wrapping_shape_6_the_forged_request_inside_the_genuine_one() {
    let forged = extensions(&request("_evil", EVIL, ""));
    refused_for(&genuine().replace("</samlp:AuthnRequest>", &format!("{forged}</samlp:AuthnRequest>")), "digest");
}

#[test]
fn wrapping_shape_7_two_signatures_of_which_one_is_genuine() {
    let (signature, _) = parted();
    let forged = signed_by(attacker_key(), &request("_evil", EVIL, ""), "_evil");
    refused_for(&forged.replace("<ds:Signature ", &format!("{signature}<ds:Signature ")), "more than one");
    refused_for(&forged.replace("</samlp:Auth", &format!("{}</samlp:Auth", extensions(&genuine()))), "elsewhere");
}

#[test]
fn wrapping_shape_8_a_genuine_signature_that_is_not_a_child_of_the_root() {
    let (signature, rest) = parted();
    let deep = rest.replace("</samlp:AuthnRequest>", &format!("{}</samlp:AuthnRequest>", extensions(&signature)));
    refused_for(&deep, "elsewhere than directly in the root");
}

#[test]
fn wrapping_shape_9_the_genuine_request_as_a_child_beside_the_signature() {
    let (signature, rest) = parted();
    refused_for(&request("_evil", EVIL, &format!("{signature}{rest}")), "not the root");
}

#[test]
fn wrapping_shape_10_a_second_reference_for_the_forged_root() {
    let (signature, rest) = parted();
    let (from, to) = (signature.find("<ds:Reference ").unwrap(), signature.find("</ds:SignedInfo>").unwrap());
    let second = signature[from..to].replace("#_genuine", "#_evil");
    let both = signature.replace("</ds:SignedInfo>", &format!("{second}</ds:SignedInfo>"));
    refused_for(&request("_evil", EVIL, &format!("{both}{}", extensions(&rest))), "one Reference");
}

#[test]
fn a_reference_that_is_empty_or_a_pointer_or_points_outside_is_refused_and_never_followed() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    for uri in
        ["", "#xpointer(/)", "#xpointer(id('_genuine'))", "file:///etc/hostname", "/etc/hostname", &url, "_genuine"]
    {
        let text = Template { uri, ..Template::default() }.document();
        refused_for(&text.replace("<ds:DigestValue/>", "<ds:DigestValue>AAAA</ds:DigestValue>"), "not the root");
    }
    assert!(listener.accept().is_err(), "something was fetched");
    // An empty reference is what others accept as the whole document.
    refused_for(&Template { uri: "", ..Template::default() }.signed(), "not the root");
}

#[test]
fn foreign_transforms_and_canonicalisations_are_refused_even_when_the_signature_is_genuine() {
    let enveloped = r#"<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>"#;
    let transform = |uri: &str| format!(r#"{enveloped}<ds:Transform Algorithm="{uri}"/>"#);
    let xpath = r#"<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform>"#;
    let genuine = [
        transform(INCLUSIVE),
        transform("http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
        enveloped.to_owned(),
        format!("{xpath}{enveloped}"),
        format!("{enveloped}{xpath}"),
        format!("{STANDARD_TRANSFORMS}{xpath}"),
    ];
    for transforms in &genuine {
        let refused = refusal(&Template { transforms, ..Template::default() }.signed());
        assert!(refused.contains("transform") || refused.contains("canonicalisation"), "{refused}");
    }
    for uri in ["http://www.w3.org/TR/1999/REC-xslt-19991116", "http://www.w3.org/2000/09/xmldsig#base64"] {
        refused_for(&Template { transforms: &transform(uri), ..Template::default() }.document(), "canonicalisation");
    }
    refused_for(&Template { canonicalization: INCLUSIVE, ..Template::default() }.signed(), "canonicalisation");
}

#[test]
fn objects_manifests_and_keys_by_address_are_refused() {
    let address = |name: &str| format!(r#"<ds:KeyInfo><ds:{name} URI="http://127.0.0.1/key"/></ds:KeyInfo>"#);
    for (after, reason) in [
        ("<ds:Object/>".to_owned(), "Object"),
        ("<ds:Object><ds:Manifest/></ds:Object>".to_owned(), "Object"),
        ("<ds:KeyInfo><ds:Manifest/></ds:KeyInfo>".to_owned(), "Manifest"),
        (address("RetrievalMethod"), "RetrievalMethod"),
        ("<ds:Foreign/>".to_owned(), "does not consist of"),
    ] {
        refused_for(&Template { after: &after, ..Template::default() }.document(), reason);
    }
    let typed = Template::default()
        .document()
        .replace("<ds:Reference ", "<ds:Reference Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\" ");
    refused_for(&typed, "Type");
}

#[test]
fn the_attackers_certificate_in_key_info_is_not_looked_at() {
    let forged = signed_by(attacker_key(), &request("_evil", EVIL, ""), "_evil");
    assert!(forged.contains(attacker_key().certificate_base64()));
    assert!(matches!(verified(&forged), Err(SamlError::Signature(SignatureFault::Value(1)))));
    // Nor does the partner's certificate there make a forged signature genuine.
    let borrowed = forged.replace(attacker_key().certificate_base64(), partner_key().certificate_base64());
    assert!(matches!(verified(&borrowed), Err(SamlError::Signature(SignatureFault::Value(1)))));
}

#[test]
fn a_message_whose_signature_was_taken_away_is_not_verified() {
    let (_, rest) = parted();
    assert!(matches!(verified(&rest), Err(SamlError::Signature(SignatureFault::Missing))));
    let emptied = genuine().replace("ds:Signature ", "ds:Sign ").replace("</ds:Signature>", "</ds:Sign>");
    assert!(verified(&emptied).is_err());
}

#[test]
fn without_a_registered_certificate_nothing_verifies() {
    let inbound = Inbound::post("SAMLRequest", &STANDARD.encode(genuine()), None).unwrap();
    assert!(matches!(inbound.verify(&[]), Err(SamlError::Signature(SignatureFault::Value(0)))));
    let several = [key().certificate().clone(), trusted()[0].clone()];
    assert!(inbound.verify(&several).is_ok(), "during a rotation there are two");
}

#[test]
fn weaker_algorithms_are_refused_even_when_the_signature_is_genuine() {
    let sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";
    let rsa_sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    let hmac = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";
    let by_public_key = xmlsec1_signs(
        &Template { method: hmac, ..Template::default() }.document(),
        "--hmackey",
        partner().certificate_pem.as_bytes(),
    );
    for xml in [
        Template { digest: sha1, ..Template::default() }.signed(),
        Template { method: rsa_sha1, ..Template::default() }.signed(),
        by_public_key,
        Template { method: "none", ..Template::default() }.document(),
        Template { method: "", ..Template::default() }.document(),
    ] {
        let refused = verified(&xml);
        assert!(matches!(refused, Err(SamlError::Signature(SignatureFault::Algorithm(_)))), "{refused:?}");
    }
    let truncated = Template::default()
        .document()
        .replace("#rsa-sha256\"/>", "#rsa-sha256\"><ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>");
    refused_for(&truncated, "parameters");
    // An elliptic algorithm over an RSA key, and the other way round, verify nothing.
    let crossed = genuine().replace("#rsa-sha256", "#ecdsa-sha256");
    assert!(matches!(verified(&crossed), Err(SamlError::Signature(SignatureFault::Value(_)))));
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
fn the_kind_of_a_message_decides_which_parameter_it_may_come_in() {
    let field = STANDARD.encode(genuine());
    assert!(Inbound::post("SAMLResponse", &field, None).is_err());
    assert_eq!(Inbound::post("SAMLRequest", &field, Some("r")).unwrap().relay_state(), Some("r"));
    assert!(Inbound::post("SAMLRequest", &STANDARD.encode("<a/>"), None).is_err());
}

fn query(relay_state: Option<&str>) -> String {
    let key = partner_key();
    sign_redirect("SAMLRequest", &request("_1", GOOD, ""), relay_state, key.default_algorithm(), &key).unwrap()
}

fn redirected(query: &str) -> Result<AuthnRequest, SamlError> {
    let inbound = Inbound::redirect(query)?;
    inbound.verify(&trusted())?;
    inbound.authn_request()
}

#[test]
fn a_signed_query_verifies_here_and_with_openssl() {
    for relay_state in [None, Some(""), Some("a b&c=d/é")] {
        let query = query(relay_state);
        let inbound = Inbound::redirect(&query).unwrap();
        assert_eq!(inbound.relay_state(), relay_state);
        assert!(redirected(&query).unwrap().signed);
        let (signed, signature) = query.split_once("&Signature=").unwrap();
        let signature = STANDARD.decode(percent_decode(signature).unwrap()).unwrap();
        assert!(openssl_verifies("-sha256", &partner().certificate_pem, signed.as_bytes(), &signature));
    }
}

#[test]
fn a_query_verifies_with_elliptic_keys_in_the_raw_form_and_in_der() {
    for (_, key) in curves() {
        let xml = request("_1", GOOD, "");
        let query = sign_redirect("SAMLRequest", &xml, None, key.default_algorithm(), key).unwrap();
        let verifies =
            |query: &str| Inbound::redirect(query).unwrap().verify(std::slice::from_ref(key.certificate())).is_ok();
        assert!(verifies(&query));
        let (signed, signature) = query.split_once("&Signature=").unwrap();
        let raw = STANDARD.decode(percent_decode(signature).unwrap()).unwrap();
        let (r, s) = raw.split_at(raw.len() / 2);
        let number = |part| openssl::bn::BigNum::from_slice(part).unwrap();
        let der = openssl::ecdsa::EcdsaSig::from_private_components(number(r), number(s)).unwrap().to_der().unwrap();
        assert!(verifies(&format!("{signed}&Signature={}", percent_encode(&STANDARD.encode(der)))));
        assert!(!verifies(&format!("{signed}&Signature={}", percent_encode(&STANDARD.encode(&raw[1..])))));
    }
}

#[test]
fn the_order_of_the_query_does_not_matter_but_what_was_signed_does() {
    let query = query(Some("state"));
    let mut parts: Vec<&str> = query.split('&').collect();
    parts.reverse();
    assert!(redirected(&parts.join("&")).is_ok());
    assert!(redirected(&format!("other=1&{query}&x")).is_ok(), "parameters that mean nothing are passed over");
    assert!(redirected(&query.replace("RelayState=state", "RelayState=other")).is_err());
    assert!(redirected(&query.replace("&RelayState=state", "")).is_err());
}

#[test]
fn a_query_is_verified_in_the_encoding_it_was_signed_in_and_in_no_other() {
    let key = partner_key();
    let again = |signed: &str| {
        let signature = STANDARD.encode(key.sign_sha256(signed.as_bytes()).unwrap());
        format!("{signed}&Signature={}", percent_encode(&signature))
    };
    let query = query(Some("a b"));
    let (signed, _) = query.split_once("&Signature=").unwrap();
    let lower = signed.replace("%2F", "%2f").replace("%3A", "%3a").replace("%20", "+");
    assert_ne!(lower, signed);
    assert!(redirected(&again(&lower)).is_ok(), "lower-case digits and `+`, as some senders write");
    // The same values in another spelling than the signed one.
    for (from, to) in [("%2F", "%2f"), ("a%20b", "a+b"), ("a%20b", "%61%20b")] {
        let respelled = query.replacen(from, to, 1);
        assert_ne!(respelled, query);
        assert!(matches!(redirected(&respelled), Err(SamlError::Signature(SignatureFault::Value(1)))), "{from}");
    }
}

#[test]
fn a_parameter_twice_or_in_disguise_is_refused() {
    let query = query(Some("state"));
    let forged = percent_encode(&deflate(&request("_1", EVIL, "")).unwrap());
    for polluted in [
        format!("SAMLRequest={forged}&{query}"),
        format!("{query}&SAMLRequest={forged}"),
        format!("{query}&RelayState=other"),
        format!("{query}&SigAlg=x"),
        format!("{query}&Signature=x"),
    ] {
        assert!(redirected(&polluted).unwrap_err().to_string().contains("twice"), "{polluted}");
    }
    let disguised = format!("%53AMLRequest={forged}&{query}");
    assert!(redirected(&disguised).unwrap_err().to_string().contains("percent-encoding"));
    let both = format!("{query}&SAMLResponse={forged}");
    assert!(redirected(&both).unwrap_err().to_string().contains("both"));
    assert!(redirected("RelayState=x").is_err() && redirected("").is_err());
}

#[test]
fn weaker_algorithms_and_missing_parts_are_refused_in_a_query() {
    let query = query(None);
    let (message, rest) = query.split_once("&SigAlg=").unwrap();
    let (_, signature) = rest.split_once("&Signature=").unwrap();
    for uri in
        ["http://www.w3.org/2000/09/xmldsig#rsa-sha1", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", "none", ""]
    {
        let weak = format!("{message}&SigAlg={}&Signature={signature}", percent_encode(uri));
        assert!(matches!(redirected(&weak), Err(SamlError::Signature(SignatureFault::Algorithm(_)))), "{uri}");
    }
    let unsigned = Inbound::redirect(message).unwrap();
    assert!(!unsigned.is_signed());
    assert!(matches!(unsigned.verify(&trusted()), Err(SamlError::Signature(SignatureFault::Missing))));
    for half in [format!("{message}&Signature={signature}"), format!("{message}&SigAlg=x")] {
        assert!(Inbound::redirect(&half).unwrap_err().to_string().contains("only together"));
    }
    let encoded = format!("{query}&SAMLEncoding=urn%3Aother");
    assert!(matches!(Inbound::redirect(&encoded), Err(SamlError::Unsupported { .. })));
}

#[test]
fn a_signature_inside_a_redirected_message_is_refused() {
    let query = format!("SAMLRequest={}", percent_encode(&deflate(&genuine()).unwrap()));
    assert!(Inbound::redirect(&query).unwrap_err().to_string().contains("Redirect binding"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_change_of_a_byte_leaves_a_verified_message_that_says_something_else(place in 0usize..4000, byte in 0x20u8..0x7f) {
        let mut bytes = genuine().into_bytes();
        let place = place % bytes.len();
        bytes[place] = byte;
        if let Ok(read) = verified(&String::from_utf8(bytes).unwrap()) {
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
