//! What is encrypted to this service provider's own key is opened and judged, and of what does not open one thing is said.

use super::*;
use crate::judge::partner_key;
use std::sync::LazyLock;

static KEY: [u8; 32] = [0x42; 32];
static IV: [u8; 16] = [0x17; 16];
const CIPHERS: [ContentCipher; 3] = [ContentCipher::Aes128Gcm, ContentCipher::Aes256Gcm, ContentCipher::Aes256Cbc];
const TRANSPORTS: [KeyTransport; 4] = [
    KeyTransport::RsaOaepMgf1p(OaepDigest::Sha1),
    KeyTransport::RsaOaepMgf1p(OaepDigest::Sha256),
    KeyTransport::RsaOaep(OaepDigest::Sha1),
    KeyTransport::RsaOaep(OaepDigest::Sha256),
];
const TRIPLE_DES: &str = "http://www.w3.org/2001/04/xmlenc#tripledes-cbc";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const DECLARED: &str = " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";

static PARTNER: LazyLock<SigningKey> = LazyLock::new(partner_key);
static OURS: LazyLock<DecryptionKey> = LazyLock::new(|| DecryptionKey::new(partner_key()).unwrap());

fn to(recipient: &'static SigningKey, cipher: ContentCipher, transport: KeyTransport) -> Encryption<'static> {
    let (key, iv) = (&KEY[..cipher.key_length()], &IV[..cipher.iv_length()]);
    Encryption { certificate: recipient.certificate(), cipher, transport, key, iv }
}

fn to_us(cipher: ContentCipher) -> Encryption<'static> {
    to(&PARTNER, cipher, KeyTransport::default())
}

/// A response of ours, encrypted.
fn issued(spec: &ResponseSpec, encryption: Encryption<'_>) -> String {
    let options = ResponseOptions { encrypt: Some(encryption), ..ResponseOptions::default() };
    build_with(spec, &options, key()).unwrap().xml
}

/// A response around whatever was encrypted, itself not signed.
fn around(plain: &str, cipher: ContentCipher) -> String {
    let xml = build(&spec(), key()).unwrap().xml;
    let (before, _) = xml.split_once("<saml:Assertion ").unwrap();
    format!("{before}{}</samlp:Response>", to_us(cipher).seal(plain).unwrap())
}

/// The signed assertion of a response of ours.
fn signed_assertion() -> String {
    let xml = build(&spec(), key()).unwrap().xml;
    let (from, to) = (xml.find("<saml:Assertion ").unwrap(), xml.find("</samlp:Response>").unwrap());
    xml[from..to].to_owned()
}

/// With the text of a `CipherValue` changed: that of the wrapped key is number 1, that of the content number 2.
fn changed(xml: &str, number: usize, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let old = xml.split("<xenc:CipherValue>").nth(number).unwrap().split('<').next().unwrap();
    let mut bytes = STANDARD.decode(old).unwrap();
    change(&mut bytes);
    xml.replacen(old, &STANDARD.encode(bytes), 1)
}

fn received(xml: &str) -> Examined {
    judged(&STANDARD.encode(xml), |service| service.decryption_key = Some(&OURS))
}

fn word<'a>(seen: &'a Examined, rule: &str) -> &'a str {
    &seen.verdicts.iter().find(|verdict| verdict.rule == rule).unwrap().found
}

#[test]
fn what_is_encrypted_to_this_service_is_opened_and_judged_by_every_cipher_and_key_transport_however_it_is_signed() {
    for (cipher, transport) in CIPHERS.into_iter().flat_map(|cipher| TRANSPORTS.map(|transport| (cipher, transport))) {
        for sign in [Sign::Assertion, Sign::Response, Sign::Both] {
            let xml = issued(&ResponseSpec { sign, ..spec() }, to(&PARTNER, cipher, transport));
            let seen = received(&xml);
            assert!(seen.accepted(), "{cipher:?} {transport:?} {sign:?}: {:#?}", seen.verdicts);
            assert!(seen.encrypted && word(&seen, "One assertion").contains("encrypted. The key of this"));
            assert_eq!((seen.name_id.as_str(), seen.assertion_id.as_str()), ("ada", "_a"));
            assert_eq!(seen.attributes, spec().attributes);
            assert_eq!((seen.issued, seen.session_end), (Some(NOW), Some(NOW + 3600)));
            assert!(seen.opened.starts_with("<saml:Assertion ") && !seen.xml.contains("<saml:Assertion "));
            // Signed, encrypted, signed: the inner signature is over what was encrypted, the outer over what came of it.
            let by = "It verifies with the certificate of now.";
            assert_eq!(word(&seen, "Signature of the assertion") == by, sign != Sign::Response, "{sign:?}");
            assert_eq!(word(&seen, "Signature of the response") == by, sign != Sign::Assertion, "{sign:?}");
            assert_eq!(seen.assertion_signed, sign != Sign::Response);
        }
    }
}

#[test]
fn each_rule_is_held_against_what_was_inside() {
    let of = |change: &dyn Fn(&mut ResponseSpec)| {
        let mut spec = spec();
        change(&mut spec);
        failed(&received(&issued(&spec, to_us(ContentCipher::Aes256Gcm))))
    };
    assert_eq!(of(&|s| s.audience = "https://other.example".into()), ["Audience"]);
    assert_eq!(of(&|s| s.not_on_or_after = NOW - 61), ["Subject confirmation", "Conditions"]);
    assert_eq!(of(&|s| s.session_not_on_or_after = NOW - 61), ["Authentication"]);
}

#[test]
fn what_opens_is_not_trusted_for_that() {
    for cipher in CIPHERS {
        let options = ResponseOptions { encrypt: Some(to_us(cipher)), ..ResponseOptions::default() };
        let forged = build_with(&spec(), &options, attacker_key()).unwrap().xml;
        assert_eq!(failed(&received(&forged)), ["Signature of the assertion"], "{cipher:?}");
        let eve = signed_assertion().replacen(">ada<", ">eve<", 1);
        assert_eq!(failed(&received(&around(&eve, cipher))), ["Signature of the assertion"], "{cipher:?}");
        assert!(received(&around(&signed_assertion(), cipher)).accepted(), "without the change it is taken");
    }
    // The outer signature holds for the text as it was encrypted, and for no other.
    let both = issued(&ResponseSpec { sign: Sign::Both, ..spec() }, to_us(ContentCipher::Aes256Gcm));
    let other = changed(&both, 2, |bytes| bytes[30] ^= 1);
    assert_eq!(failed(&received(&other)), ["Signature of the response", "One assertion"]);
}

#[test]
fn a_prefix_may_be_declared_around_the_assertion_that_was_encrypted() {
    let bare = signed_assertion().replacen(DECLARED, "", 1);
    assert!(bare.starts_with("<saml:Assertion ID="), "{bare}");
    let seen = received(&around(&bare, ContentCipher::Aes256Gcm));
    assert!(seen.accepted(), "{:#?}", seen.verdicts);
}

#[test]
fn whatever_does_not_open_is_refused_with_the_same_words_and_nothing_of_it_is_told() {
    let (gcm, cbc) = (to_us(ContentCipher::Aes256Gcm), to_us(ContentCipher::Aes256Cbc));
    let good = issued(&spec(), gcm);
    let in_cbc = issued(&spec(), cbc);
    let last = |bytes: &mut Vec<u8>| *bytes.last_mut().unwrap() ^= 1;
    let assertion = signed_assertion();
    let key_from = good.find("<xenc:EncryptedKey").unwrap();
    let key_to = good.find("</xenc:EncryptedKey>").unwrap() + "</xenc:EncryptedKey>".len();
    let mut cases = vec![
        ("a changed text", changed(&good, 2, |bytes| bytes[30] ^= 1)),
        ("a changed vector", changed(&good, 2, |bytes| bytes[0] ^= 1)),
        ("a changed tag", changed(&good, 2, last)),
        ("a text cut short", changed(&good, 2, |bytes| bytes.truncate(20))),
        ("a changed key", changed(&good, 1, |bytes| bytes[9] ^= 1)),
        ("the end of the key changed", changed(&good, 1, last)),
        // It turns the first character of the text into another.
        ("a changed vector in CBC", changed(&in_cbc, 2, |bytes| bytes[0] ^= 1)),
        ("half a block in CBC", changed(&in_cbc, 2, |bytes| bytes.truncate(24))),
        ("a changed key in CBC", changed(&in_cbc, 1, |bytes| bytes[9] ^= 1)),
        ("another's key", issued(&spec(), to(attacker_key(), ContentCipher::Aes256Gcm, KeyTransport::default()))),
        ("another cipher", good.replace(ContentCipher::Aes256Gcm.uri(), ContentCipher::Aes128Gcm.uri())),
        ("a cipher of old", good.replace(ContentCipher::Aes256Gcm.uri(), TRIPLE_DES)),
        ("RSA 1.5", good.replace(KeyTransport::default().uri(), "http://www.w3.org/2001/04/xmlenc#rsa-1_5")),
        ("another digest", good.replace("http://www.w3.org/2000/09/xmldsig#sha1", SHA256)),
        ("no key", format!("{}{}", &good[..key_from], &good[key_to..])),
        ("two keys", format!("{}{}{}", &good[..key_to], &good[key_from..key_to], &good[key_to..])),
    ];
    for (what, plain) in [
        ("no XML", "ada".to_owned()),
        ("a name alone", "<saml:NameID>ada</saml:NameID>".to_owned()),
        ("an assertion of another namespace", "<samlp:Assertion></samlp:Assertion>".to_owned()),
        ("two assertions", assertion.repeat(2)),
        ("half of one", assertion[..assertion.len() / 2].to_owned()),
        ("an end of what is around it", format!("{assertion}</saml:EncryptedAssertion>")),
        ("a DOCTYPE", format!("<!DOCTYPE a>{assertion}")),
        ("40 levels", format!("{}{}", "<saml:Assertion>".repeat(40), "</saml:Assertion>".repeat(40))),
    ] {
        cases.push((what, around(&plain, ContentCipher::Aes256Gcm)));
        cases.push((what, around(&plain, ContentCipher::Aes256Cbc)));
    }
    assert!(received(&good).accepted() && received(&in_cbc).accepted());
    let words = word(&received(&cases[0].1), "One assertion").to_owned();
    assert!(words.contains("does not open it"), "{words}");
    for (what, xml) in cases {
        assert_ne!(xml, good, "{what}");
        let seen = received(&xml);
        assert_eq!(failed(&seen), ["One assertion"], "{what}");
        assert_eq!(word(&seen, "One assertion"), words, "{what}");
        assert!(seen.encrypted && seen.opened.is_empty() && seen.name_id.is_empty(), "{what}");
        assert!(seen.assertion_id.is_empty() && seen.attributes.is_empty(), "{what}");
    }
}

#[test]
fn there_is_one_assertion_encrypted_or_not() {
    let good = issued(&spec(), to_us(ContentCipher::Aes256Gcm));
    let (before, after) = good.split_once("</samlp:Response>").unwrap();
    let (_, sealed) = before.split_once("<saml:EncryptedAssertion").unwrap();
    for more in [signed_assertion(), format!("<saml:EncryptedAssertion{sealed}")] {
        let seen = received(&format!("{before}{more}</samlp:Response>{after}"));
        assert_eq!((failed(&seen), word(&seen, "One assertion")), (vec!["One assertion"], "There are 2."));
        assert!(seen.opened.is_empty());
    }
}
