mod refused;

use super::*;
use crate::certificate::Certificate;
use crate::error::SignatureFault;
use crate::inbound::Inbound;
use crate::judge::{attacker_key, curves, key, pair, partner_key, xmlsec1_encrypts};
use crate::logout::LogoutRequest;
use crate::outbound::{Outbound, sign_redirect};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::encrypt::Encrypter;
use openssl::symm::encrypt_aead;

const SECRET: [u8; 32] = [0x42; 32];
const IV: [u8; 16] = [0x17; 16];
/// As xmlsec writes it: the prefix is declared around the place it was taken from.
const NAME: &str = "<saml:NameID Format=\"urn:x\" SPNameQualifier=\"https://sp.example\">ada &amp; é</saml:NameID>";
const SHA1: &str = "<ds:DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"/>";
const SHA256: &str = "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>";
const MGF_SHA1: &str = "<e11:MGF Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1sha1\"/>";
const MGF_SHA256: &str = "<e11:MGF Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1sha256\"/>";
const GCM: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
const CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes128-cbc";

/// What is encrypted, how, and to whom; the parts that say so can each be made to lie.
#[derive(Clone)]
struct Recipe {
    content: &'static str,
    transport: &'static str,
    parameters: String,
    hashes: (MessageDigest, MessageDigest),
    recipient: Certificate,
    /// Of the content key, in bytes.
    key_length: usize,
    /// What stands in `EncryptedData` in addition.
    extra: &'static str,
    kind: &'static str,
}

impl Recipe {
    fn new(content: &'static str) -> Self {
        Self {
            content,
            transport: RSA_OAEP_MGF1P,
            parameters: String::new(),
            hashes: (MessageDigest::sha1(), MessageDigest::sha1()),
            recipient: key().certificate().clone(),
            key_length: if content.contains("256") { 32 } else { 16 },
            extra: "",
            kind: ELEMENT,
        }
    }

    fn secret(&self) -> &'static [u8] {
        &SECRET[..self.key_length]
    }

    fn wrapped(&self, padding: Padding) -> Vec<u8> {
        let mut encrypter = Encrypter::new(self.recipient.public()).unwrap();
        encrypter.set_rsa_padding(padding).unwrap();
        if padding == Padding::PKCS1_OAEP {
            encrypter.set_rsa_oaep_md(self.hashes.0).unwrap();
            encrypter.set_rsa_mgf1_md(self.hashes.1).unwrap();
        }
        let mut out = vec![0; encrypter.encrypt_len(self.secret()).unwrap()];
        let length = encrypter.encrypt(self.secret(), &mut out).unwrap();
        out.truncate(length);
        out
    }

    fn sealed(&self, plain: &[u8]) -> Vec<u8> {
        if self.content.ends_with("gcm") {
            let cipher = if self.key_length == 16 { Cipher::aes_128_gcm() } else { Cipher::aes_256_gcm() };
            let mut tag = [0; GCM_TAG];
            let body = encrypt_aead(cipher, self.secret(), Some(&IV[..GCM_IV]), &[], plain, &mut tag).unwrap();
            return [&IV[..GCM_IV], &body, &tag].concat();
        }
        let padding = BLOCK - plain.len() % BLOCK;
        let filled = [plain, &[0xEE; BLOCK][..padding - 1], &[u8::try_from(padding).unwrap()]].concat();
        self.blocks(&filled)
    }

    /// CBC over whole blocks, whatever their end says.
    fn blocks(&self, filled: &[u8]) -> Vec<u8> {
        let cipher = if self.key_length == 16 { Cipher::aes_128_cbc() } else { Cipher::aes_256_cbc() };
        let mut crypter = Crypter::new(cipher, Mode::Encrypt, self.secret(), Some(&IV)).unwrap();
        crypter.pad(false);
        let mut out = vec![0; filled.len() + BLOCK];
        let length = crypter.update(filled, &mut out).unwrap();
        out.truncate(length);
        [&IV, out.as_slice()].concat()
    }

    fn key(&self, wrapped: &[u8]) -> String {
        format!(
            "<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm=\"{}\">{}</xenc:EncryptionMethod>{}</xenc:EncryptedKey>",
            self.transport,
            self.parameters,
            value(wrapped)
        )
    }

    fn data(&self, info: &str, sealed: &[u8]) -> String {
        format!(
            "<xenc:EncryptedData Type=\"{}\"><xenc:EncryptionMethod Algorithm=\"{}\">{}</xenc:EncryptionMethod>{info}{}\
             </xenc:EncryptedData>",
            self.kind,
            self.content,
            self.extra,
            value(sealed)
        )
    }

    fn whole(&self, wrapped: &[u8], sealed: &[u8]) -> String {
        id(&self.data(&format!("<ds:KeyInfo>{}</ds:KeyInfo>", self.key(wrapped)), sealed))
    }

    fn of(&self, plain: &str) -> String {
        self.whole(&self.wrapped(Padding::PKCS1_OAEP), &self.sealed(plain.as_bytes()))
    }
}

fn value(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    format!("<xenc:CipherData><xenc:CipherValue>{text}</xenc:CipherValue></xenc:CipherData>")
}

fn id(inside: &str) -> String {
    format!(
        "<saml:EncryptedID xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" xmlns:e11=\"http://www.w3.org/2009/xmlenc11#\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{inside}</saml:EncryptedID>"
    )
}

/// A logout request of the partner, its prefixes declared at the root as python3-saml does.
fn request(who: &str) -> String {
    format!(
        "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_lo1\" Version=\"2.0\" IssueInstant=\"2026-11-24T15:00:00Z\" \
         Destination=\"https://idp.example/slo\"><saml:Issuer>https://sp.example</saml:Issuer>{who}\
         <samlp:SessionIndex>_s1</samlp:SessionIndex></samlp:LogoutRequest>"
    )
}

fn signed(xml: &str) -> Inbound {
    let partner = partner_key();
    let query = sign_redirect("SAMLRequest", xml, None, partner.default_algorithm(), &partner).unwrap();
    Inbound::redirect(&query).unwrap()
}

fn trusted() -> [Certificate; 1] {
    [partner_key().certificate().clone()]
}

fn ours() -> DecryptionKey {
    DecryptionKey::new(key().clone()).unwrap()
}

/// What we read of a request that the partner signed.
fn read(who: &str) -> Result<LogoutRequest, SamlError> {
    signed(&request(who)).verified(&trusted())?.logout_request(Some(&ours()))
}

fn expected() -> NameId {
    NameId {
        value: "ada & é".into(),
        format: Some("urn:x".into()),
        sp_name_qualifier: Some("https://sp.example".into()),
        ..NameId::default()
    }
}

#[test]
fn a_name_comes_back_from_every_cipher_and_every_key_transport_that_metadata_offers() {
    let (one, two) = (MessageDigest::sha1, MessageDigest::sha256);
    let transports = [
        (RSA_OAEP_MGF1P, String::new(), (one(), one())),
        (RSA_OAEP_MGF1P, SHA1.to_owned(), (one(), one())),
        (RSA_OAEP_MGF1P, SHA256.to_owned(), (two(), one())),
        (RSA_OAEP, String::new(), (one(), one())),
        (RSA_OAEP, SHA256.to_owned(), (two(), one())),
        (RSA_OAEP, MGF_SHA256.to_owned(), (one(), two())),
        (RSA_OAEP, format!("{SHA1}{MGF_SHA1}"), (one(), one())),
        (RSA_OAEP, format!("{SHA256}{MGF_SHA256}"), (two(), two())),
    ];
    let mut offered = Vec::new();
    for (content, _) in CONTENTS {
        offered.push(content);
        for (transport, parameters, hashes) in transports.clone() {
            let recipe = Recipe { transport, parameters, hashes, ..Recipe::new(content) };
            let found = read(&recipe.of(NAME)).unwrap_or_else(|error| panic!("{content}, {transport}: {error}"));
            assert_eq!((found.name_id, found.session_indexes), (expected(), vec!["_s1".to_owned()]));
        }
    }
    offered.extend([RSA_OAEP_MGF1P, RSA_OAEP]);
    assert_eq!(accepted().collect::<Vec<_>>(), offered);
}

#[test]
fn what_xmlsec1_encrypts_the_way_python3_saml_does_is_read() {
    for (content, session) in
        [(CBC, "aes-128"), ("http://www.w3.org/2001/04/xmlenc#aes256-cbc", "aes-256"), (GCM, "aes-256")]
    {
        let recipe = Recipe::new(content);
        let template = recipe.data(&format!("<ds:KeyInfo>{}</ds:KeyInfo>", recipe.key(&[])), &[]);
        let (xenc, ds) = ("http://www.w3.org/2001/04/xmlenc#", "http://www.w3.org/2000/09/xmldsig#");
        let declared = format!("EncryptedData xmlns:xenc=\"{xenc}\" xmlns:ds=\"{ds}\" Type");
        let template = template.replace("EncryptedData Type", &declared);
        let name = NAME.replacen("NameID ", "NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ", 1);
        let made = xmlsec1_encrypts(&template, &name, session, &pair().certificate_pem);
        let made = request(&id(made.split_once("?>").unwrap().1));
        assert!(!made.contains("ada"), "{made}");
        let found = signed(&made).verified(&trusted()).unwrap().logout_request(Some(&ours())).unwrap();
        assert_eq!(found.name_id, expected(), "{content}");
    }
}

#[test]
fn the_key_may_stand_beside_the_data_and_the_signature_inside_the_message() {
    let recipe = Recipe::new(GCM);
    let (wrapped, sealed) = (recipe.wrapped(Padding::PKCS1_OAEP), recipe.sealed(NAME.as_bytes()));
    let beside = id(&format!("{}{}", recipe.data("", &sealed), recipe.key(&wrapped)));
    assert_eq!(read(&beside).unwrap().name_id, expected());
    let hints = recipe.data("<ds:KeyInfo><ds:KeyName>ours</ds:KeyName></ds:KeyInfo>", &sealed);
    assert_eq!(read(&id(&format!("{hints}{}", recipe.key(&wrapped)))).unwrap().name_id, expected());

    // In canonical form, since what is signed here is signed as it is written.
    let (samlp, saml) = ("urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:2.0:assertion");
    let (xenc, ds) = ("http://www.w3.org/2001/04/xmlenc#", "http://www.w3.org/2000/09/xmldsig#");
    let inside = recipe.whole(&wrapped, &sealed);
    let inside = inside.split_once('>').unwrap().1;
    let inside = inside.replace("EncryptedData Type", &format!("EncryptedData xmlns:xenc=\"{xenc}\" Type"));
    let inside = inside.replace("<ds:KeyInfo>", &format!("<ds:KeyInfo xmlns:ds=\"{ds}\">"));
    let issuer = format!("<saml:Issuer xmlns:saml=\"{saml}\">https://sp.example</saml:Issuer>");
    let xml = format!(
        "<samlp:LogoutRequest xmlns:samlp=\"{samlp}\" Destination=\"https://idp.example/slo\" ID=\"_lo1\" \
         IssueInstant=\"2026-11-24T15:00:00Z\" Version=\"2.0\">{issuer}<saml:EncryptedID xmlns:saml=\"{saml}\">{inside}\
         </samlp:LogoutRequest>"
    );
    let place = xml.find("</saml:Issuer>").unwrap() + "</saml:Issuer>".len();
    let message = Outbound { parameter: "SAMLRequest", id: "_lo1".into(), xml, place, destination: String::new() };
    let posted = message.post(partner_key().default_algorithm(), &partner_key()).unwrap();
    let inbound = Inbound::post("SAMLRequest", &posted.base64(), None).unwrap();
    let found = inbound.verified(&trusted()).unwrap().logout_request(Some(&ours())).unwrap();
    assert_eq!(found.name_id, expected());
    let changed = posted.xml.replacen("<xenc:CipherValue>", "<xenc:CipherValue>AAAA", 1);
    let changed = Inbound::post("SAMLRequest", &STANDARD.encode(changed), None).unwrap();
    assert!(matches!(changed.verified(&trusted()), Err(SamlError::Signature(SignatureFault::Digest))));
}

#[test]
fn prefixes_mean_what_they_mean_around_the_encrypted_name_and_what_it_declares_itself() {
    let saml = "urn:oasis:names:tc:SAML:2.0:assertion";
    let recipe = Recipe::new(GCM);
    for plain in [
        format!("<a:NameID xmlns:a=\"{saml}\">ada</a:NameID>"),
        format!("<NameID xmlns=\"{saml}\">ada</NameID>"),
        format!("<?xml version=\"1.0\"?>\n<saml:NameID xmlns:saml=\"{saml}\">ada</saml:NameID>\n"),
    ] {
        assert_eq!(read(&recipe.of(&plain)).unwrap().name_id.value, "ada", "{plain}");
    }
    let default = recipe.of("<NameID>ada</NameID>");
    assert!(read(&default).is_err(), "it is in no namespace");
    let default = default.replace("<saml:EncryptedID ", &format!("<saml:EncryptedID xmlns=\"{saml}\" "));
    assert_eq!(read(&default).unwrap().name_id.value, "ada");
    // What the encrypted data declares is not around it: the name takes its place.
    let inner = recipe.of("<b:NameID>ada</b:NameID>");
    let inner = inner.replace("<xenc:EncryptedData ", &format!("<xenc:EncryptedData xmlns:b=\"{saml}\" "));
    assert!(read(&inner).is_err());
}
