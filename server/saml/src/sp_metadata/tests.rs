use super::*;
use crate::binding::{ARTIFACT, PAOS, POST, REDIRECT, SOAP};
use crate::error::SignatureFault;
use crate::judge::{NOW, attacker_key, curves, key, partner, partner_key, xmlsec1_signs};

const MD: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";

fn role(inside: &str) -> String {
    format!(r#"<md:SPSSODescriptor protocolSupportEnumeration="{PROTOCOL}">{inside}</md:SPSSODescriptor>"#)
}

fn entity(attributes: &str, inside: &str) -> String {
    format!(r#"<md:EntityDescriptor xmlns:md="{MD}" {attributes}>{inside}</md:EntityDescriptor>"#)
}

fn sp(inside: &str) -> String {
    entity("entityID=\"https://sp.example\"", &role(inside))
}

fn acs(rest: &str) -> String {
    format!("<md:AssertionConsumerService Location=\"https://sp.example/acs\" {rest}/>")
}

fn key_descriptor(attributes: &str, certificate: &str) -> String {
    format!(
        r#"<md:KeyDescriptor {attributes}><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>
{certificate}
</ds:X509Certificate></ds:X509Data></ds:KeyInfo><md:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/></md:KeyDescriptor>"#
    )
}

fn all(xml: &str) -> Vec<SpMetadata> {
    parse_sp_metadata(xml.as_bytes(), &Limits::METADATA).unwrap_or_else(|error| panic!("{error}\n{xml}"))
}

fn one(xml: &str) -> SpMetadata {
    let mut all = all(xml);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn refusal(xml: &str) -> String {
    parse_sp_metadata(xml.as_bytes(), &Limits::METADATA).expect_err(xml).to_string()
}

#[test]
fn the_metadata_of_identity_center_is_read() {
    let xml = r#"<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://ap-northeast-1.signin.aws.amazon.com/platform/saml/d-9567b34c60">
 <md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
  <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>
  <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://ap-northeast-1.signin.aws.amazon.com/platform/saml/acs/4e52" index="0" isDefault="true"/>
 </md:SPSSODescriptor></md:EntityDescriptor>"#;
    let read = one(xml);
    assert_eq!(read.entity_id, "https://ap-northeast-1.signin.aws.amazon.com/platform/saml/d-9567b34c60");
    assert_eq!(read.acs, [Acs::post("https://ap-northeast-1.signin.aws.amazon.com/platform/saml/acs/4e52", 0, true)]);
    assert_eq!(read.name_id_formats, ["urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"]);
    assert!(read.want_assertions_signed && !read.authn_requests_signed && !read.signed);
    assert_eq!((read.valid_until, read.cache_duration), (None, None));
    assert!(read.unsupported.is_empty(), "{:?}", read.unsupported);
}

#[test]
fn everything_a_service_provider_can_say_is_kept_also_when_elements_are_interleaved() {
    let rsa = key().certificate_base64();
    let (post, redirect) = (format!("Binding=\"{POST}\""), format!("Binding=\"{REDIRECT}\""));
    let xml = entity(
        r#"entityID="urn:sp" validUntil="2026-11-25T15:00:00Z" cacheDuration="P1D""#,
        &format!(
            r#"<!-- written by hand --><md:SPSSODescriptor validUntil="2026-11-24T16:00:00Z" cacheDuration="PT1H" AuthnRequestsSigned="1" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol {PROTOCOL}">{}{}<md:SingleLogoutService {redirect} Location="https://sp.example/slo" ResponseLocation="https://sp.example/done"/>{}<md:NameIDFormat> urn:a </md:NameIDFormat>{}<md:NameIDFormat>urn:b</md:NameIDFormat><md:SingleLogoutService {post} Location="https://sp.example/slo2"/>
<md:AttributeConsumingService index="0"><md:ServiceName xml:lang="en">x</md:ServiceName><md:RequestedAttribute Name="other"/></md:AttributeConsumingService>
<md:AttributeConsumingService index="1" isDefault="true"><md:RequestedAttribute Name="urn:mail" NameFormat="urn:uri" FriendlyName="mail" isRequired="true"/><md:RequestedAttribute Name="cn"/></md:AttributeConsumingService></md:SPSSODescriptor>"#,
            key_descriptor("", rsa),
            acs(&format!("{post} index=\"7\"")),
            key_descriptor("use=\"encryption\"", attacker_key().certificate_base64()),
            acs(&format!("{redirect} index=\"8\" isDefault=\"false\"")),
        ),
    );
    let read = one(&xml);
    assert_eq!((read.valid_until, read.cache_duration), (Some(NOW + 3600), Some(3600)), "the shorter of the two");
    assert_eq!(
        read.acs.iter().map(|acs| (acs.index, acs.is_default)).collect::<Vec<_>>(),
        [(7, None), (8, Some(false))]
    );
    assert_eq!(read.name_id_formats, ["urn:a", "urn:b"]);
    assert_eq!(read.signing, [key().certificate().clone()], "a key without a use is for both");
    assert_eq!(read.encryption, [key().certificate().clone(), attacker_key().certificate().clone()]);
    assert_eq!(read.encryption_methods.len(), 2);
    assert_eq!(read.logout[0].for_responses(), "https://sp.example/done");
    assert_eq!((read.logout[1].for_responses(), read.logout[1].binding.as_str()), ("https://sp.example/slo2", POST));
    assert!(read.authn_requests_signed && read.want_assertions_signed);
    let mail = RequestedAttribute {
        name: "urn:mail".into(),
        name_format: Some("urn:uri".into()),
        friendly_name: Some("mail".into()),
        required: true,
    };
    assert_eq!(read.requested_attributes[0], mail);
    assert_eq!(read.requested_attributes[1].name, "cn");
}

#[test]
fn nested_entities_are_found_others_passed_over_and_outer_dates_apply() {
    let plain = |id: &str, inside: &str| entity(&format!("entityID=\"{id}\""), inside);
    let good = role(&acs(&format!("Binding=\"{POST}\" index=\"0\"")));
    let idp = format!("<md:IDPSSODescriptor protocolSupportEnumeration=\"{PROTOCOL}\"/>");
    let old = good.replace("SAML:2.0:protocol", "SAML:1.1:protocol");
    let xml = format!(
        r#"<md:EntitiesDescriptor xmlns:md="{MD}" validUntil="2026-11-24T15:00:00Z">{}{}<md:EntitiesDescriptor cacheDuration="PT5M">{}</md:EntitiesDescriptor>{}</md:EntitiesDescriptor>"#,
        plain("urn:1", &good),
        plain("urn:idp", &idp),
        entity("entityID=\"urn:2\" validUntil=\"2027-01-01T00:00:00Z\"", &good),
        plain("urn:old", &old),
    );
    let read = all(&xml);
    assert_eq!(read.iter().map(|sp| sp.entity_id.as_str()).collect::<Vec<_>>(), ["urn:1", "urn:2"]);
    assert_eq!(read[0].cache_duration, None);
    assert_eq!((read[1].valid_until, read[1].cache_duration), (Some(NOW), Some(300)));
    assert!(refusal(&plain("urn:idp", &idp)).contains("none of the 1 entities"));
    let limits = Limits { entities: 3, ..Limits::METADATA };
    assert!(matches!(parse_sp_metadata(xml.as_bytes(), &limits), Err(SamlError::TooLarge { limit: 3, .. })));
}

#[test]
fn a_date_without_a_zone_is_utc() {
    let with = |until: &str| entity(&format!("entityID=\"x\" validUntil=\"{until}\""), &role(""));
    assert_eq!(one(&with("2026-11-24T15:00:00")).valid_until, Some(NOW));
    assert_eq!(one(&with("2026-11-24T16:00:00.5+01:00")).valid_until, Some(NOW));
}

#[test]
fn what_cannot_be_used_is_noted_with_the_reason() {
    let no_certificate = r#"<md:KeyDescriptor><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:KeyName>x</ds:KeyName></ds:KeyInfo></md:KeyDescriptor>"#;
    let inside = [
        acs(&format!("Binding=\"{ARTIFACT}\" index=\"0\"")),
        acs(&format!("Binding=\"{PAOS}\" index=\"0\"")),
        acs("Binding=\"urn:own\""),
        format!("<md:SingleLogoutService Binding=\"{SOAP}\" Location=\"https://sp.example/soap\"/>"),
        format!("<md:ArtifactResolutionService Binding=\"{SOAP}\" Location=\"https://sp.example/x\" index=\"0\"/>"),
        no_certificate.to_owned(),
        key_descriptor("use=\"signing\"", "TkVYVA=="),
        key_descriptor("use=\"encryption\"", curves()[0].1.certificate_base64()),
    ];
    let read = one(&sp(&inside.concat()));
    let notes: Vec<String> = read.unsupported.iter().map(|note| format!("{}: {}", note.what, note.why)).collect();
    for expected in [
        "HTTP-Artifact",
        "PAOS",
        "urn:own",
        "SOAP",
        "ArtifactResolutionService",
        "no X509Certificate",
        "not readable DER",
        "RSA keys only",
        "none of the HTTP-POST",
        "used twice",
        "index: it is absent",
    ] {
        assert!(notes.iter().any(|note| note.contains(expected)), "{expected}: {notes:#?}");
    }
    assert_eq!((read.acs.len(), read.logout.len()), (3, 1), "what is noted is still listed");
    assert!(read.signing.is_empty() && read.encryption.is_empty());
}

#[test]
fn a_boolean_as_python_prints_it_is_read_and_noted() {
    let xml = sp(&acs(&format!("Binding=\"{POST}\" index=\"0\" isDefault=\"True\""))).replace(
        "<md:SPSSODescriptor ",
        "<md:SPSSODescriptor AuthnRequestsSigned=\"FALSE\" WantAssertionsSigned=\"True\" ",
    );
    let read = one(&xml);
    assert!(!read.authn_requests_signed && read.want_assertions_signed);
    assert_eq!(read.acs[0].is_default, Some(true));
    assert_eq!(read.unsupported.len(), 3, "{:?}", read.unsupported);
    assert!(refusal(&xml.replace("\"FALSE\"", "\"no\"")).contains("AuthnRequestsSigned is `no`"));
}

#[test]
fn errors_name_the_element_the_reason_and_the_entity() {
    let post = format!("Binding=\"{POST}\"");
    for (inside, expected) in [
        (acs("index=\"0\""), "AssertionConsumerService is malformed: Binding is absent"),
        (acs(&format!("{post} index=\"x\"")), "index is `x`"),
        (acs(&format!("{post} index=\"70000\"")), "index is `70000`"),
        (acs(&format!("{post} index=\"0\" isDefault=\"yes\"")), "isDefault is `yes`"),
        (format!("<md:AssertionConsumerService {post} index=\"0\"/>"), "Location is absent"),
        ("<md:KeyDescriptor use=\"both\"/>".to_owned(), "use is `both`"),
        ("<md:KeyDescriptor/>".to_owned(), "KeyDescriptor is malformed: KeyInfo is absent"),
        (
            "<md:AttributeConsumingService index=\"0\"><md:RequestedAttribute/></md:AttributeConsumingService>"
                .to_owned(),
            "RequestedAttribute is malformed: Name",
        ),
    ] {
        let refused = refusal(&sp(&inside));
        assert!(refused.contains(expected) && refused.contains("https://sp.example"), "{refused}");
    }
    for (xml, expected) in [
        (entity("", &role("")), "entityID"),
        (entity("entityID=\"x\" cacheDuration=\"3600\"", &role("")), "cacheDuration is `3600`"),
        (entity("entityID=\"x\" validUntil=\"tomorrow\"", &role("")), "validUntil is `tomorrow`"),
        ("<EntityDescriptor entityID=\"x\"/>".to_owned(), "the root is {}EntityDescriptor"),
    ] {
        assert!(refusal(&xml).contains(expected), "{}", refusal(&xml));
    }
}

#[test]
fn an_entity_that_breaks_the_standard_takes_no_other_with_it() {
    let good = sp(&acs(&format!("Binding=\"{POST}\" index=\"0\"")));
    let bad = sp(&acs("index=\"0\"")).replace("https://sp.example\"", "https://bad.example\"");
    let read = all(&format!("<md:EntitiesDescriptor xmlns:md=\"{MD}\">{bad}{good}</md:EntitiesDescriptor>"));
    let names: Vec<&str> = read.iter().map(|sp| sp.entity_id.as_str()).collect();
    assert_eq!(names, ["https://bad.example", "https://sp.example"]);
    assert!(read[0].broken.as_ref().unwrap().contains("Binding is absent") && read[0].acs.is_empty());
    assert!(read[1].broken.is_none() && read[1].acs.len() == 1);
    assert!(
        refusal(&format!("<md:EntitiesDescriptor xmlns:md=\"{MD}\">{bad}</md:EntitiesDescriptor>")).contains("bad")
    );
}

#[test]
fn an_address_that_is_not_one_of_the_web_is_refused() {
    for url in [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a b",
        "//sp.example",
        "/acs",
        "https:sp",
        "",
        "HTTPS://x&quot;y",
    ] {
        let xml = sp(&acs(&format!("Binding=\"{POST}\" index=\"0\"")).replace("https://sp.example/acs", url));
        assert!(refusal(&xml).contains("not an http or https address"), "{url}");
    }
}

#[test]
fn elements_in_a_foreign_namespace_count_for_nothing() {
    let foreign =
        acs(&format!("Binding=\"{POST}\" index=\"0\"")).replace("md:", "x:").replace("/>", " xmlns:x=\"urn:x\"/>");
    assert!(one(&sp(&foreign)).acs.is_empty());
}

#[test]
fn a_doctype_an_entity_bomb_and_deep_nesting_are_refused_in_metadata() {
    let good = sp(&acs(&format!("Binding=\"{POST}\" index=\"0\"")));
    assert!(refusal(&format!("<!DOCTYPE x [<!ENTITY a 'b'>]>{good}")).contains("DOCTYPE"));
    let deep = format!("{}{}", "<x>".repeat(10_000), "</x>".repeat(10_000));
    assert!(refusal(&sp(&format!("<md:Extensions>{deep}</md:Extensions>"))).contains("larger"));
    let limits = Limits { bytes: good.len() - 1, ..Limits::METADATA };
    assert!(matches!(parse_sp_metadata(good.as_bytes(), &limits), Err(SamlError::TooLarge { .. })));
}

/// A file of one entity, signed by `xmlsec1` with the partner's key.
fn signed() -> String {
    const SIGNATURE: &str = r##"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI="#_md"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>"##;
    let inside = sp(&acs(&format!("Binding=\"{POST}\" index=\"0\"")));
    let xml = format!(
        "<EntitiesDescriptor xmlns=\"{MD}\" ID=\"_md\">{SIGNATURE}<!-- kept apart -->\n{inside}</EntitiesDescriptor>"
    );
    xmlsec1_signs(&xml, "--privkey-pem", partner().private_key_pem.as_bytes())
}

#[test]
fn the_signature_of_a_file_is_verified_with_the_certificate_given_and_no_other() {
    let xml = signed();
    let partner = partner_key();
    assert!(one(&xml).signed);
    verify_metadata_signature(xml.as_bytes(), partner.certificate()).unwrap();
    let read = parse_signed_sp_metadata(xml.as_bytes(), &Limits::METADATA, &[partner.certificate().clone()]).unwrap();
    assert_eq!(read, all(&xml));
    let fault = |xml: &str, certificate| match verify_metadata_signature(xml.as_bytes(), certificate) {
        Err(SamlError::Signature(fault)) => fault,
        other => panic!("{other:?}"),
    };
    assert_eq!(fault(&xml, attacker_key().certificate()), SignatureFault::Value(1));
    assert_eq!(fault(&xml.replace("/acs", "/evil"), partner.certificate()), SignatureFault::Digest);
    assert_eq!(fault(&sp(""), partner.certificate()), SignatureFault::Missing);
    // A signature over one entity inside says nothing about the file.
    let outer = format!(
        "<EntitiesDescriptor xmlns=\"{MD}\" ID=\"_out\">{}</EntitiesDescriptor>",
        xml.split_once("?>").unwrap().1
    );
    assert_eq!(fault(&outer, partner.certificate()), SignatureFault::Missing);
    assert!(!one(&outer).signed);
}

#[test]
fn our_own_metadata_verifies_and_is_no_service_provider() {
    let spec = crate::MetadataSpec {
        id: "_dd04".into(),
        entity_id: "https://idp.example".into(),
        sso_redirect_url: "https://idp.example/r".into(),
        sso_post_url: "https://idp.example/p".into(),
        slo_redirect_url: None,
        slo_post_url: None,
        valid_until: NOW,
        name_id_formats: vec![],
        want_requests_signed: true,
        certificates: vec![key().certificate_base64().into()],
        encryption_certificate: None,
    };
    let xml = crate::build_metadata(&spec, key()).unwrap();
    verify_metadata_signature(xml.as_bytes(), key().certificate()).unwrap();
    assert!(refusal(&xml).contains("SPSSODescriptor"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 128, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_change_of_a_byte_makes_the_reader_panic(place in 0usize..6000, byte in proptest::prelude::any::<u8>()) {
        static SIGNED: std::sync::LazyLock<String> = std::sync::LazyLock::new(signed);
        let mut bytes = SIGNED.clone().into_bytes();
        let place = place % bytes.len();
        bytes[place] = byte;
        drop(parse_sp_metadata(&bytes, &Limits::METADATA));
        drop(verify_metadata_signature(&bytes, partner_key().certificate()));
    }
}
