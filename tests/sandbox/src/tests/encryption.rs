//! Encrypted assertions: encrypted by the `xmlsec1` program, or by hand for what it cannot do.

use std::process::Command;

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::encrypt::Encrypter;
use openssl::hash::MessageDigest;
use openssl::rsa::Padding;
use openssl::symm::{Cipher, encrypt_aead};
use openssl::x509::X509;

use super::desk::{BASE, Desk, refused};
use super::forge::{ACS, PROVIDER, Pair, ROLE, SIGNATURE, draft, encode, foreign, ours, sign, signed, swap, template};
use crate::{EncryptionChange, EncryptionMode, Fault, Session};

const INVALID: &str = "Your request included an invalid SAML response. To logout, click here.";
const OAEP: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";

fn method(name: &str) -> String {
    let space =
        if name.ends_with("gcm") { "http://www.w3.org/2009/xmlenc11#" } else { "http://www.w3.org/2001/04/xmlenc#" };
    format!("{space}{name}")
}

fn data(algorithm: &str, key: &str, wrapped: &str, value: &str) -> String {
    format!(
        "<xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" Type=\"http://www.w3.org/2001/04/xmlenc#Element\">\
         <xenc:EncryptionMethod Algorithm=\"{algorithm}\"/><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\
         <xenc:EncryptedKey>{key}<xenc:CipherData><xenc:CipherValue>{wrapped}</xenc:CipherValue></xenc:CipherData>\
         </xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{value}</xenc:CipherValue></xenc:CipherData>\
         </xenc:EncryptedData>"
    )
}

/// Encrypts the assertion of a signed response to a certificate.
fn encrypted(document: &str, cipher: &str, transport: &str, pair: &Pair) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let key = format!("<xenc:EncryptionMethod Algorithm=\"{transport}\"/>");
    std::fs::write(path("template.xml"), data(&method(cipher), &key, "", "")).unwrap();
    std::fs::write(path("in.xml"), document).unwrap();
    std::fs::write(path("cert.pem"), &pair.certificate).unwrap();
    let size: String = cipher.chars().filter(char::is_ascii_digit).collect();
    let done = Command::new("xmlsec1")
        .args(["--encrypt", "--session-key", &format!("aes-{size}"), "--node-xpath", "/*/*[local-name()='Assertion']"])
        .arg("--pubkey-cert-pem")
        .arg(path("cert.pem"))
        .arg("--xml-data")
        .arg(path("in.xml"))
        .arg("--output")
        .arg(path("out.xml"))
        .arg(path("template.xml"))
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let out = std::fs::read_to_string(path("out.xml")).unwrap();
    let out = swap(&out, "<xenc:EncryptedData", "<saml:EncryptedAssertion><xenc:EncryptedData");
    swap(&out, "</xenc:EncryptedData>", "</xenc:EncryptedData></saml:EncryptedAssertion>")
}

/// The same with RSA-OAEP of XML Encryption 1.1.
fn encrypted_by_hand(document: &str, pair: &Pair) -> String {
    let start = document.find("<saml:Assertion").unwrap();
    let end = document.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
    let (secret, nonce, mut tag) = ([7; 32], [9; 12], [0; 16]);
    let plain = &document.as_bytes()[start..end];
    let sealed = encrypt_aead(Cipher::aes_256_gcm(), &secret, Some(&nonce), &[], plain, &mut tag).unwrap();
    let key = X509::from_pem(pair.certificate.as_bytes()).unwrap().public_key().unwrap();
    let mut encrypter = Encrypter::new(&key).unwrap();
    encrypter.set_rsa_padding(Padding::PKCS1_OAEP).unwrap();
    encrypter.set_rsa_oaep_md(MessageDigest::sha256()).unwrap();
    encrypter.set_rsa_mgf1_md(MessageDigest::sha256()).unwrap();
    let mut wrapped = vec![0; encrypter.encrypt_len(&secret).unwrap()];
    let length = encrypter.encrypt(&secret, &mut wrapped).unwrap();
    wrapped.truncate(length);
    let method = "<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#rsa-oaep\"><ds:DigestMethod \
                  Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><x11:MGF \
                  xmlns:x11=\"http://www.w3.org/2009/xmlenc11#\" Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1sha256\"/>\
                  </xenc:EncryptionMethod>";
    let value = STANDARD.encode([&nonce[..], &sealed, &tag].concat());
    let data = data("http://www.w3.org/2009/xmlenc11#aes256-gcm", method, &STANDARD.encode(wrapped), &value);
    format!("{}<saml:EncryptedAssertion>{data}</saml:EncryptedAssertion>{}", &document[..start], &document[end..])
}

fn change(desk: &Desk, change: EncryptionChange<'_>) -> Result<crate::Provider, Fault> {
    desk.sandbox.iam().update_saml_provider_with(PROVIDER, None, change)
}

/// A desk whose provider has our private key and this mode, with a role that trusts its own consumer service too.
fn desk(mode: EncryptionMode) -> (Desk, String) {
    let desk = Desk::new();
    let new = EncryptionChange { mode: Some(mode), add_private_key: Some(&ours().key), ..EncryptionChange::default() };
    change(&desk, new).unwrap();
    let own = format!("{BASE}/saml/acs/{}", desk.provider.uuid);
    let trust = crate::trust_policy(&desk.provider.arn, &[ACS, &own]);
    desk.sandbox.iam().update_trust_policy("Reader", &trust).unwrap();
    (desk, own)
}

/// The draft for another consumer service.
fn at(consumer_service: &str) -> String {
    draft().replace(ACS, consumer_service)
}

async fn assume(desk: &Desk, document: &str) -> Result<Session, Fault> {
    desk.sandbox.assume_role_with_saml(ROLE, PROVIDER, &encode(document), None).await
}

#[tokio::test]
async fn every_cipher_that_aws_names_is_opened() {
    let (desk, own) = desk(EncryptionMode::Required);
    let document = signed(&at(&own));
    for cipher in ["aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-gcm", "aes192-gcm", "aes256-gcm"] {
        let session = assume(&desk, &encrypted(&document, cipher, OAEP, ours())).await.unwrap();
        assert_eq!(session.subject, "ada-7", "{cipher}");
    }
    assert_eq!(assume(&desk, &encrypted_by_hand(&document, ours())).await.unwrap().subject, "ada-7");
}

#[tokio::test]
async fn what_cannot_be_opened_is_an_invalid_response() {
    let (desk, own) = desk(EncryptionMode::Required);
    let document = signed(&at(&own));
    let good = encrypted_by_hand(&document, ours());
    for bad in [
        encrypted_by_hand(&document, foreign()),
        swap(&good, "aes256-gcm", "aes128-gcm"),
        swap(&good, "xmlenc11#rsa-oaep", "xmlenc#rsa-1_5"),
        swap(&good, "mgf1sha256", "mgf1sha1"),
        swap(&good, "</samlp:Response>", "<saml:EncryptedAssertion/></samlp:Response>"),
        swap(&good, "</samlp:Response>", "<saml:Assertion/></samlp:Response>"),
        swap(&good, "<xenc:CipherData><xenc:CipherValue>C", "<xenc:CipherData><xenc:CipherValue>D"),
    ] {
        refused(assume(&desk, &bad).await, 400, "InvalidIdentityToken", INVALID);
    }
    let weak = encrypted(&document, "aes128-cbc", "http://www.w3.org/2001/04/xmlenc#rsa-1_5", ours());
    refused(assume(&desk, &weak).await, 400, "InvalidIdentityToken", INVALID);
}

#[tokio::test]
async fn encryption_does_not_stand_for_a_signature() {
    let (desk, own) = desk(EncryptionMode::Required);
    let unsigned = at(&own).replace(SIGNATURE, "");
    let words = "Response signature invalid";
    refused(assume(&desk, &encrypted_by_hand(&unsigned, ours())).await, 400, "InvalidIdentityToken", words);
    let stranger = sign(&swap(&at(&own), SIGNATURE, &template("_a1")), foreign());
    refused(assume(&desk, &encrypted_by_hand(&stranger, ours())).await, 400, "InvalidIdentityToken", words);
    // A signature around the encrypted assertion must hold as well.
    let outer = |text: &str| {
        swap(text, "</saml:Issuer><samlp:Status>", &format!("</saml:Issuer>{}<samlp:Status>", template("_r1")))
    };
    let both = sign(&outer(&encrypted_by_hand(&signed(&at(&own)), ours())), ours());
    assume(&desk, &both).await.unwrap();
    let broken = swap(&both, "Destination=", "Consent=\"x\" Destination=");
    refused(assume(&desk, &broken).await, 400, "InvalidIdentityToken", words);
}

#[tokio::test]
async fn required_takes_nothing_plain_and_nothing_at_the_common_consumer_service() {
    let (desk, own) = desk(EncryptionMode::Required);
    refused(assume(&desk, &signed(&at(&own))).await, 400, "InvalidIdentityToken", INVALID);
    let common = encrypted_by_hand(&signed(&draft()), ours());
    let words = "Responses must contain SubjectConfirmatonData with a Recipient and NotOnOrAfter";
    refused(assume(&desk, &common).await, 400, "InvalidIdentityToken", words);
    let path = format!("/saml/acs/{}", desk.provider.uuid);
    let plain = desk.post(&path, &[("SAMLResponse", &encode(&signed(&at(&own))))]).await;
    assert!(plain.status == 400 && plain.body.contains("invalid SAML response"), "{}", plain.body);
    let console = desk.post(&path, &[("SAMLResponse", &encode(&encrypted_by_hand(&signed(&at(&own)), ours())))]).await;
    assert!(console.status == 200 && console.body.contains("<h1>Console</h1>"), "{}", console.body);
    let elsewhere = desk.post("/saml", &[("SAMLResponse", &encode(&common))]).await;
    assert_eq!(elsewhere.status, 400, "{}", elsewhere.body);
}

#[tokio::test]
async fn allowed_takes_both_and_without_a_mode_nothing_encrypted_is_taken() {
    let (desk, own) = desk(EncryptionMode::Allowed);
    assume(&desk, &signed(&draft())).await.unwrap();
    assume(&desk, &encrypted_by_hand(&signed(&at(&own)), ours())).await.unwrap();
    let silent = Desk::new();
    let document = encrypted_by_hand(&signed(&draft()), ours());
    refused(assume(&silent, &document).await, 400, "InvalidIdentityToken", INVALID);
}

#[tokio::test]
async fn while_keys_rotate_either_opens_and_then_the_old_one_does_not() {
    let (desk, own) = desk(EncryptionMode::Required);
    let add = EncryptionChange { add_private_key: Some(&foreign().key), ..EncryptionChange::default() };
    let provider = change(&desk, add).unwrap();
    let document = signed(&at(&own));
    let (old, new) = (encrypted_by_hand(&document, ours()), encrypted_by_hand(&document, foreign()));
    assume(&desk, &old).await.unwrap();
    assume(&desk, &new).await.unwrap();
    let first = provider.private_keys()[0].id.clone();
    change(&desk, EncryptionChange { remove_private_key: Some(&first), ..EncryptionChange::default() }).unwrap();
    refused(assume(&desk, &old).await, 400, "InvalidIdentityToken", INVALID);
    assume(&desk, &new).await.unwrap();
}

#[tokio::test]
async fn changes_that_cannot_be_are_refused_in_the_words_of_aws() {
    let desk = Desk::new();
    let none = EncryptionChange::default();
    let (key, other) = (ours().key.as_str(), foreign().key.as_str());
    let bad = |change_to: EncryptionChange<'_>, status: u16, code: &str, words: &str| {
        refused(change(&desk, change_to), status, code, words);
    };
    let nothing = "Unable to update identity provider. No updates are defined for metadata or encryption assertion.";
    bad(none, 400, "InvalidInput", nothing);
    let required = EncryptionChange { mode: Some(EncryptionMode::Required), ..none };
    let keyless = "Unable to set assertion encryption mode to Required because no private key is provided.";
    bad(required, 400, "InvalidInput", keyless);
    for text in ["x", "", &ours().certificate, &"k".repeat(16_385), &Pair::new(768).key] {
        bad(EncryptionChange { add_private_key: Some(text), ..none }, 400, "InvalidInput", "Invalid private key.");
    }
    let unknown = EncryptionChange { remove_private_key: Some("SAMLPKAAAAAAAAAAAAAAAA"), ..none };
    bad(unknown, 400, "InvalidInput", "Failed to remove private key.");
    let both = EncryptionChange { add_private_key: Some(key), remove_private_key: Some("x"), ..none };
    let together =
        "Unable to add and remove private keys in the same request. Set a value for only one of the two parameters.";
    bad(both, 400, "InvalidInput", together);
    for pem in [key, other] {
        change(&desk, EncryptionChange { add_private_key: Some(pem), ..none }).unwrap();
    }
    let third = EncryptionChange { add_private_key: Some(key), ..none };
    bad(third, 409, "LimitExceeded", "Private key limit of 2 is reached.");
}

#[tokio::test]
async fn modes_and_keys_are_set_and_read_over_the_api() {
    let desk = Desk::new();
    let arn = ("SAMLProviderArn", PROVIDER);
    let update = [arn, ("AssertionEncryptionMode", "Required"), ("AddPrivateKey", &ours().key)];
    assert_eq!(desk.iam("UpdateSAMLProvider", &update).await.status, 200);
    let read = desk.iam("GetSAMLProvider", &[arn]).await.body;
    assert!(read.contains("<AssertionEncryptionMode>Required</AssertionEncryptionMode>"), "{read}");
    assert!(read.contains("<PrivateKeyList><member><KeyId>SAMLPK") && !read.contains("PRIVATE KEY"), "{read}");
    let wrong = desk.iam("UpdateSAMLProvider", &[arn, ("AssertionEncryptionMode", "Maybe")]).await.body;
    assert!(wrong.contains("enum value set: [Required, Allowed]"), "{wrong}");
    let metadata = desk.send("GET", &format!("/static/saml/{}/saml-metadata.xml", desk.provider.uuid), &[], None).await;
    assert!(metadata.body.contains(&format!("{BASE}/saml/acs/{}", desk.provider.uuid)), "{}", metadata.body);
    assert_eq!(desk.send("GET", "/static/saml/SAMLSPX/saml-metadata.xml", &[], None).await.status, 404);
}
