//! What the tests share: one key, one fixed time, and the two independent programs that judge our XML.
//!
//! `xmlsec1` (Debian: xmlsec1) and `xmllint` (Debian: libxml2-utils) are part of the set-up of the tests: when one is
//! missing the tests fail, because a check that is silently left out proves nothing.

use crate::key::{GeneratedKey, SigningKey};
use crate::kind::KeyKind;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// 2026-11-24T15:00:00Z.
pub const NOW: i64 = 1_795_532_400;

static PAIR: LazyLock<GeneratedKey> =
    LazyLock::new(|| SigningKey::generate_self_signed(2048, "Rolecall", 3650, NOW).unwrap());
static KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::from_pem(&PAIR.certificate_pem, &PAIR.private_key_pem).unwrap());

/// The key of a service provider, and that of somebody who would like to be it.
static PARTNER: LazyLock<GeneratedKey> =
    LazyLock::new(|| SigningKey::generate_self_signed(2048, "Partner", 3650, NOW).unwrap());
static ATTACKER: LazyLock<SigningKey> = LazyLock::new(|| {
    let made = SigningKey::generate_self_signed(2048, "Partner", 3650, NOW).unwrap();
    SigningKey::from_pem(&made.certificate_pem, &made.private_key_pem).unwrap()
});
static CURVES: LazyLock<[(GeneratedKey, SigningKey); 2]> = LazyLock::new(|| {
    [KeyKind::P256, KeyKind::P384].map(|kind| {
        let made = SigningKey::generate(kind, "Rolecall", 3650, NOW).unwrap();
        let key = SigningKey::from_pem(&made.certificate_pem, &made.private_key_pem).unwrap();
        (made, key)
    })
});

/// The pair in PEM of the service provider whose certificate the tests trust.
pub fn partner() -> &'static GeneratedKey {
    &PARTNER
}

/// The key of [`partner`].
pub fn partner_key() -> SigningKey {
    static KEY: LazyLock<SigningKey> =
        LazyLock::new(|| SigningKey::from_pem(&PARTNER.certificate_pem, &PARTNER.private_key_pem).unwrap());
    KEY.clone()
}

/// A key of the same kind and name as the partner's, which nobody trusts.
pub fn attacker_key() -> &'static SigningKey {
    &ATTACKER
}

/// A pair on P-256 and one on P-384.
pub fn curves() -> &'static [(GeneratedKey, SigningKey); 2] {
    &CURVES
}

/// The pair in PEM that [`key`] was made from.
pub fn pair() -> &'static GeneratedKey {
    &PAIR
}

/// One key for all tests of a run: making one takes long.
pub fn key() -> &'static SigningKey {
    &KEY
}

/// EXTERNAL PROGRAM `xmllint`: the exclusive canonical form of a document, without comments, by libxml2.
pub fn xmllint_canonical(xml: &str) -> String {
    let file = file_with(xml.as_bytes());
    let output = Command::new("xmllint")
        .args(["--nonet", "--exc-c14n"])
        .arg(file.path())
        .stderr(Stdio::piped())
        .output()
        .expect("xmllint is part of the set-up of the tests (Debian: libxml2-utils)");
    assert!(output.status.success(), "xmllint: {}\n{xml}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// EXTERNAL PROGRAM `xmlsec1`: whether the signature that is the child of `element` verifies with the certificate given,
/// never with one that the message brings along.
pub fn xmlsec1_verifies(xml: &str, element: SignedElement, certificate_pem: &str) -> bool {
    let certificate = file_with(certificate_pem.as_bytes());
    let file = file_with(xml.as_bytes());
    let output = Command::new("xmlsec1")
        .args(["--verify", "--enabled-reference-uris", "same-doc", "--enabled-key-data", "x509"])
        .arg("--pubkey-cert-pem")
        .arg(certificate.path())
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:Response"])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor"])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:AuthnRequest"])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:LogoutRequest"])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:LogoutResponse"])
        .args(["--node-xpath", element.signature()])
        .arg(file.path())
        .output()
        .expect("xmlsec1 is part of the set-up of the tests (Debian: xmlsec1)");
    output.status.success()
}

/// EXTERNAL PROGRAM `xmlsec1`: fills in the digests and the signature of a document that holds a `ds:Signature` template.
/// `key` is the option that names the kind of the key file.
pub fn xmlsec1_signs(template: &str, key: &str, secret: &[u8]) -> String {
    let (secret, file) = (file_with(secret), file_with(template.as_bytes()));
    let output = Command::new("xmlsec1")
        .arg("--sign")
        .args([key.as_ref(), secret.path().as_os_str()])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:metadata:EntitiesDescriptor"])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:AuthnRequest"])
        .arg(file.path())
        .output()
        .expect("xmlsec1 is part of the set-up of the tests (Debian: xmlsec1)");
    assert!(output.status.success(), "{}\n{template}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// EXTERNAL PROGRAM `openssl`: whether an RSA signature over bytes verifies with the key of a certificate.
pub fn openssl_verifies(digest: &str, certificate_pem: &str, bytes: &[u8], signature: &[u8]) -> bool {
    let certificate = file_with(certificate_pem.as_bytes());
    let public = Command::new("openssl").args(["x509", "-pubkey", "-noout", "-in"]).arg(certificate.path()).output();
    let (public, bytes, signature) = (file_with(&public.unwrap().stdout), file_with(bytes), file_with(signature));
    let output = Command::new("openssl")
        .args(["dgst", digest, "-verify"])
        .arg(public.path())
        .arg("-signature")
        .args([signature.path(), bytes.path()])
        .output()
        .expect("openssl is part of the set-up of the tests (Debian: openssl)");
    output.status.success()
}

/// EXTERNAL PROGRAM `xmlsec1`: a document with its `EncryptedData` decrypted, if that key opens it.
pub fn xmlsec1_decrypts(xml: &str, private_key_pem: &str) -> Option<String> {
    let (key, file) = (file_with(private_key_pem.as_bytes()), file_with(xml.as_bytes()));
    let output = Command::new("xmlsec1")
        .args(["--decrypt", "--privkey-pem"])
        .args([key.path(), file.path()])
        .output()
        .expect("xmlsec1 is part of the set-up of the tests (Debian: xmlsec1)");
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

/// EXTERNAL PROGRAM `xmlsec1`: a document with the `EncryptedData` template in it filled in: `data` under a key of the kind
/// `session` (`aes-128`), and that key under the certificate.
pub fn xmlsec1_encrypts(template: &str, data: &str, session: &str, certificate_pem: &str) -> String {
    let (certificate, data) = (file_with(certificate_pem.as_bytes()), file_with(data.as_bytes()));
    let file = file_with(template.as_bytes());
    let output = Command::new("xmlsec1")
        .args(["--encrypt", "--session-key", session, "--pubkey-cert-pem"])
        .arg(certificate.path())
        .arg("--xml-data")
        .args([data.path(), file.path()])
        .output()
        .expect("xmlsec1 is part of the set-up of the tests (Debian: xmlsec1)");
    assert!(output.status.success(), "{}\n{template}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// EXTERNAL PROGRAM `openssl`: a key that was wrapped with RSA-OAEP, MGF1 over SHA-1, if that key opens it.
pub fn openssl_unwraps(wrapped: &[u8], digest: &str, private_key_pem: &str) -> Option<Vec<u8>> {
    let (key, file) = (file_with(private_key_pem.as_bytes()), file_with(wrapped));
    let output = Command::new("openssl")
        .args(["pkeyutl", "-decrypt", "-inkey"])
        .arg(key.path())
        .args(["-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_mgf1_md:sha1", "-pkeyopt"])
        .arg(format!("rsa_oaep_md:{digest}"))
        .arg("-in")
        .arg(file.path())
        .output()
        .expect("openssl is part of the set-up of the tests (Debian: openssl)");
    output.status.success().then_some(output.stdout)
}

/// Whose signature is meant.
#[derive(Clone, Copy, Debug)]
pub enum SignedElement {
    Response,
    Assertion,
    Metadata,
    /// Of the root, whatever it is.
    Root,
}

impl SignedElement {
    fn signature(self) -> &'static str {
        match self {
            Self::Response => "/*[local-name()='Response']/*[local-name()='Signature']",
            Self::Assertion => "/*/*[local-name()='Assertion']/*[local-name()='Signature']",
            Self::Root => "/*/*[local-name()='Signature']",
            Self::Metadata => "/*[local-name()='EntityDescriptor']/*[local-name()='Signature']",
        }
    }
}

fn file_with(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file.flush().unwrap();
    file
}
