#![no_main]
//! What a partner may put into an `EncryptedID`, signed: it opens, or there is one answer for all that is wrong with it.

use base64::{Engine, engine::general_purpose::STANDARD};
use libfuzzer_sys::{arbitrary::{self, Arbitrary}, fuzz_target};
use openssl::{
    encrypt::Encrypter,
    rsa::Padding,
    symm::{Cipher, encrypt_aead},
    x509::X509,
};
use saml::{Certificate, DecryptionKey, GeneratedKey, Inbound, KeyKind, SamlError, SigningKey, sign_redirect};
use std::sync::LazyLock;

const SECRET: [u8; 32] = [0x42; 32];
const IV: [u8; 12] = [0x17; 12];
const GCM: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
const CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
const OAEP: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";

struct Keys {
    partner: SigningKey,
    trusted: [Certificate; 1],
    ours: DecryptionKey,
    /// [`SECRET`], as only we can read it.
    wrapped: Vec<u8>,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let made = |kind| SigningKey::generate(kind, "fuzz", 10, 0).expect("a key can be made");
    let read = |made: &GeneratedKey| {
        SigningKey::from_pem(&made.certificate_pem, &made.private_key_pem).expect("what was made can be read")
    };
    // An elliptic key signs fastest.
    let partner = read(&made(KeyKind::P256));
    let pair = made(KeyKind::Rsa(2048));
    let public = X509::from_pem(pair.certificate_pem.as_bytes()).and_then(|certificate| certificate.public_key());
    let public = public.expect("a certificate has a key");
    let mut encrypter = Encrypter::new(&public).expect("RSA encrypts");
    encrypter.set_rsa_padding(Padding::PKCS1_OAEP).expect("with OAEP");
    let mut wrapped = vec![0; encrypter.encrypt_len(&SECRET).expect("so long")];
    let length = encrypter.encrypt(&SECRET, &mut wrapped).expect("a short text");
    wrapped.truncate(length);
    let trusted = [partner.certificate().clone()];
    Keys { partner, trusted, ours: DecryptionKey::new(read(&pair)).expect("RSA decrypts"), wrapped }
});

/// Which part the fuzzer says; the others are as they should be.
#[derive(Arbitrary, Debug)]
enum Part {
    /// What was encrypted: it gets past the cipher.
    Plain(Vec<u8>),
    /// The text in AES-GCM, which nobody can have made without the content key.
    Gcm(Vec<u8>),
    /// The text in AES-CBC, which opens to something or other.
    Cbc(Vec<u8>),
    /// The content key.
    Wrapped(Vec<u8>),
    /// The names of the algorithms and what stands in the methods.
    Methods { content: String, transport: String, inside: String },
    /// Everything in the element.
    Inside(String),
}

fn sealed(plain: &[u8]) -> Vec<u8> {
    let mut tag = [0; 16];
    let body = encrypt_aead(Cipher::aes_256_gcm(), &SECRET, Some(&IV), &[], plain, &mut tag).expect("AES encrypts");
    [&IV[..], &body, &tag].concat()
}

fn encrypted(content: &str, transport: &str, inside: &str, wrapped: &[u8], text: &[u8]) -> String {
    let value = |bytes: &[u8]| {
        let bytes = STANDARD.encode(bytes);
        format!("<xenc:CipherData><xenc:CipherValue>{bytes}</xenc:CipherValue></xenc:CipherData>")
    };
    format!(
        "<xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"><xenc:EncryptionMethod Algorithm=\"{content}\"/>\
         <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><xenc:EncryptedKey>\
         <xenc:EncryptionMethod Algorithm=\"{transport}\">{inside}</xenc:EncryptionMethod>{}</xenc:EncryptedKey></ds:KeyInfo>\
         {}</xenc:EncryptedData>",
        value(wrapped),
        value(text)
    )
}

fuzz_target!(|part: Part| {
    let keys = &*KEYS;
    let right = || sealed(b"<saml:NameID>ada</saml:NameID>");
    let inside = match &part {
        Part::Plain(plain) => encrypted(GCM, OAEP, "", &keys.wrapped, &sealed(plain)),
        Part::Gcm(text) => encrypted(GCM, OAEP, "", &keys.wrapped, text),
        Part::Cbc(text) => encrypted(CBC, OAEP, "", &keys.wrapped, text),
        Part::Wrapped(wrapped) => encrypted(GCM, OAEP, "", wrapped, &right()),
        Part::Methods { content, transport, inside } => {
            encrypted(content, transport, inside, &keys.wrapped, &right())
        }
        Part::Inside(inside) => inside.clone(),
    };
    let xml = format!(
        "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_1\" Version=\"2.0\" IssueInstant=\"2026-11-24T15:00:00Z\" \
         Destination=\"https://idp.example/slo\"><saml:Issuer>https://sp.example</saml:Issuer>\
         <saml:EncryptedID>{inside}</saml:EncryptedID></samlp:LogoutRequest>"
    );
    let query = sign_redirect("SAMLRequest", &xml, None, keys.partner.default_algorithm(), &keys.partner);
    let Ok(inbound) = Inbound::redirect(&query.expect("a key signs")) else { return };
    let verified = inbound.verified(&keys.trusted).expect("it is signed");
    match (verified.logout_request(Some(&keys.ours)), part) {
        // Made without the key, though the text may be the genuine one.
        (Ok(_), Part::Gcm(text)) => assert_eq!(text, right(), "opened, and nobody encrypted it"),
        (Ok(_), Part::Wrapped(wrapped)) => assert_eq!(wrapped, keys.wrapped, "opened, and nobody encrypted the key"),
        (Ok(request), _) => assert!(request.name_id.value.chars().count() <= 1024),
        (Err(SamlError::Undecipherable | SamlError::TooLarge { .. }), _) => {}
        // What stands in the message itself may be no element at all, and is refused for that.
        (Err(_), Part::Inside(_) | Part::Methods { .. }) => {}
        (Err(error), part) => panic!("{error} says more than that it cannot be read: {part:?}"),
    }
});
