use super::*;
use crate::judge::{
    NOW, SignedElement, curves, key, openssl_unwraps, pair, partner, partner_key, xmllint_canonical, xmlsec1_decrypts,
    xmlsec1_verifies,
};
use crate::response::{ResponseOptions, ResponseSpec, Sign, build_with};
use crate::xml::limits::Limits;
use crate::xml::read::read;

const KEY: [u8; 32] = [0x42; 32];
const IV: [u8; 16] = [0x17; 16];
const CIPHERS: [ContentCipher; 3] = [ContentCipher::Aes128Gcm, ContentCipher::Aes256Gcm, ContentCipher::Aes256Cbc];

fn spec(sign: Sign) -> ResponseSpec {
    ResponseSpec {
        response_id: "_aa01".into(),
        assertion_id: "_bb02".into(),
        in_response_to: None,
        issue_instant: NOW,
        destination: "https://sp.example/acs".into(),
        issuer: "https://idp.example".into(),
        audience: "https://sp.example".into(),
        name_id: "ada é <&>".into(),
        name_id_format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".into(),
        sp_name_qualifier: None,
        session_index: "_cc03".into(),
        authn_instant: NOW,
        not_before: NOW,
        not_on_or_after: NOW + 300,
        session_not_on_or_after: NOW + 3600,
        authn_context: "urn:oasis:names:tc:SAML:2.0:ac:classes:Password".into(),
        attributes: vec![],
        sign,
    }
}

fn encryption(certificate: &Certificate, cipher: ContentCipher, transport: KeyTransport) -> Encryption<'_> {
    Encryption { certificate, cipher, transport, key: &KEY[..cipher.key_length()], iv: &IV[..cipher.iv_length()] }
}

fn built(sign: Sign, cipher: ContentCipher, transport: KeyTransport) -> String {
    let partner = partner_key();
    let encrypt = Some(encryption(partner.certificate(), cipher, transport));
    build_with(&spec(sign), &ResponseOptions { encrypt, ..ResponseOptions::default() }, key()).unwrap().xml
}

/// The text of each `CipherValue`: the wrapped key, then the content.
fn values(xml: &str) -> Vec<Vec<u8>> {
    let pieces = xml.split("<xenc:CipherValue>").skip(1);
    pieces.map(|piece| STANDARD.decode(piece.split_once('<').unwrap().0).unwrap()).collect()
}

#[test]
fn xmlsec1_decrypts_every_cipher_and_finds_the_assertion_signed_inside() {
    for cipher in CIPHERS {
        for sign in [Sign::Assertion, Sign::Response, Sign::Both] {
            let xml = built(sign, cipher, KeyTransport::default());
            assert_eq!(xmllint_canonical(&xml), xml);
            assert!(!xml.contains("<saml:Assertion ") && !xml.contains("ada é"), "nothing is left in clear");
            if sign != Sign::Assertion {
                assert!(xmlsec1_verifies(&xml, SignedElement::Response, &pair().certificate_pem), "{xml}");
            }
            let opened = xmlsec1_decrypts(&xml, &partner().private_key_pem).unwrap();
            let inside = read(opened.as_bytes(), &Limits::MESSAGE).unwrap();
            let assertion = inside.child(saml("EncryptedAssertion")).unwrap().child(saml("Assertion")).unwrap();
            assert_eq!(assertion.child(saml("Subject")).unwrap().child(saml("NameID")).unwrap().text(), "ada é <&>");
            assert_eq!(assertion.child(ds("Signature")).is_some(), sign != Sign::Response);
            if sign != Sign::Response {
                let (from, to) = (opened.find("<saml:Assertion ").unwrap(), opened.find("</saml:EncryptedA").unwrap());
                let alone = format!("<r>{}</r>", &opened[from..to]);
                assert!(xmlsec1_verifies(&alone, SignedElement::Assertion, &pair().certificate_pem), "{alone}");
            }
        }
    }
}

#[test]
fn nobody_else_can_open_it_and_in_gcm_a_change_is_noticed() {
    let xml = built(Sign::Assertion, ContentCipher::Aes256Gcm, KeyTransport::default());
    assert!(xmlsec1_decrypts(&xml, &pair().private_key_pem).is_none());
    let content = STANDARD.encode(values(&xml).pop().unwrap());
    let mut changed = STANDARD.decode(&content).unwrap();
    changed[40] ^= 1;
    let tampered = xml.replace(&content, &STANDARD.encode(changed));
    assert_ne!(tampered, xml);
    assert!(xmlsec1_decrypts(&tampered, &partner().private_key_pem).is_none());
}

#[test]
fn openssl_unwraps_the_key_of_every_transport() {
    for (transport, digest) in [
        (KeyTransport::RsaOaepMgf1p(OaepDigest::Sha1), "sha1"),
        (KeyTransport::RsaOaepMgf1p(OaepDigest::Sha256), "sha256"),
        (KeyTransport::RsaOaep(OaepDigest::Sha1), "sha1"),
        (KeyTransport::RsaOaep(OaepDigest::Sha256), "sha256"),
    ] {
        let xml = built(Sign::Both, ContentCipher::Aes256Gcm, transport);
        assert_eq!(xmllint_canonical(&xml), xml);
        let wrapped = values(&xml).remove(0);
        assert_eq!(openssl_unwraps(&wrapped, digest, &partner().private_key_pem).as_deref(), Some(KEY.as_slice()));
        assert_eq!(openssl_unwraps(&wrapped, "sha512", &partner().private_key_pem), None);
        assert_eq!(xml.contains("<xenc11:MGF "), matches!(transport, KeyTransport::RsaOaep(_)));
        assert!(xml.contains(transport.uri()) && xml.contains(transport.digest().uri()));
    }
}

#[test]
fn the_vector_stands_before_the_content_and_the_tag_after_it() {
    for cipher in CIPHERS {
        let content = values(&built(Sign::Response, cipher, KeyTransport::default())).pop().unwrap();
        assert_eq!(&content[..cipher.iv_length()], &IV[..cipher.iv_length()]);
    }
}

#[test]
fn keys_and_vectors_of_the_wrong_kind_or_length_are_refused() {
    let partner = partner_key();
    let good = encryption(partner.certificate(), ContentCipher::Aes256Gcm, KeyTransport::default());
    for bad in [
        Encryption { key: &KEY[1..], ..good },
        Encryption { key: &[], ..good },
        Encryption { iv: &IV, ..good },
        Encryption { iv: &[], ..good },
        Encryption { cipher: ContentCipher::Aes128Gcm, ..good },
        Encryption { certificate: curves()[0].1.certificate(), ..good },
    ] {
        let options = ResponseOptions { encrypt: Some(bad), ..ResponseOptions::default() };
        assert!(matches!(build_with(&spec(Sign::Both), &options, key()), Err(SamlError::Key(_))), "{bad:?}");
    }
    assert!(!format!("{good:?}").contains("66, 66"), "the key is not printed");
}
