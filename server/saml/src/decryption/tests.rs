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

/// Every way in which it can fail behind the signature, each with what it is.
fn failures() -> Vec<(&'static str, String)> {
    let (gcm, cbc) = (Recipe::new(GCM), Recipe::new(CBC));
    let changed = |mut bytes: Vec<u8>, place: usize| {
        bytes[place] ^= 1;
        bytes
    };
    let (wrapped, sealed) = (gcm.wrapped(Padding::PKCS1_OAEP), gcm.sealed(NAME.as_bytes()));
    let cbc_key = cbc.wrapped(Padding::PKCS1_OAEP);
    let block = |end: u8| cbc.blocks(&[[b' '; 15].as_slice(), &[end]].concat());
    let padding = 2 * BLOCK - NAME.len() % BLOCK;
    let long = [NAME.as_bytes(), &vec![u8::try_from(padding).unwrap(); padding]].concat();
    let twice = format!("<ds:KeyInfo>{}{}</ds:KeyInfo>", gcm.key(&wrapped), gcm.key(&wrapped));
    let other = gcm.key(&wrapped).replace("xenc:EncryptedKey", "xenc:Other");
    let one = format!("<ds:KeyInfo>{}</ds:KeyInfo>", gcm.key(&wrapped));
    let with = |change: &dyn Fn(&mut Recipe)| {
        let mut recipe = gcm.clone();
        change(&mut recipe);
        recipe
    };
    let whole = gcm.of(NAME);
    let elsewhere = |element: &str| whole.replace("<ds:KeyInfo>", &format!("<ds:KeyInfo><{element} URI=\"#_lo1\"/>"));
    let mut found = vec![
        ("a changed text", gcm.whole(&wrapped, &changed(sealed.clone(), 30))),
        ("a changed tag", gcm.whole(&wrapped, &changed(sealed.clone(), sealed.len() - 1))),
        ("a changed key", gcm.whole(&changed(wrapped.clone(), 9), &sealed)),
        ("no key at all", gcm.whole(&[], &sealed)),
        ("no text at all", gcm.whole(&wrapped, &[])),
        ("a vector alone", gcm.whole(&wrapped, &sealed[..GCM_IV])),
        ("another's key", with(&|r| r.recipient = attacker_key().certificate().clone()).of(NAME)),
        ("a content key that is too short", with(&|r| r.key_length = 16).of(NAME)),
        (
            "RSA 1.5",
            with(&|r| r.transport = "http://www.w3.org/2001/04/xmlenc#rsa-1_5")
                .whole(&gcm.wrapped(Padding::PKCS1), &sealed),
        ),
        ("RSA 1.5 by another name", gcm.whole(&gcm.wrapped(Padding::PKCS1), &sealed)),
        (
            "triple DES",
            with(&|r| r.content = "http://www.w3.org/2001/04/xmlenc#tripledes-cbc").whole(&wrapped, &sealed),
        ),
        ("no algorithm", whole.replace(&format!(" Algorithm=\"{GCM}\""), "")),
        ("a parameter of the content", with(&|r| r.extra = "<xenc:KeySize>256</xenc:KeySize>").of(NAME)),
        ("a parameter of OAEP", with(&|r| r.parameters = "<xenc:OAEPparams>AA==</xenc:OAEPparams>".into()).of(NAME)),
        ("another digest", with(&|r| r.parameters = SHA256.replace("sha256", "sha512")).of(NAME)),
        (
            "another mask",
            with(&|r| (r.transport, r.parameters) = (RSA_OAEP, MGF_SHA1.replace("sha1", "sha512"))).of(NAME),
        ),
        ("a mask where there is none", with(&|r| r.parameters = MGF_SHA1.into()).of(NAME)),
        ("a padding of nothing", cbc.whole(&cbc_key, &block(0))),
        ("a padding of more than a block", cbc.whole(&cbc_key, &cbc.blocks(&long))),
        ("half a block", cbc.whole(&cbc_key, &block(1)[..24])),
        ("a changed text in CBC", cbc.whole(&cbc_key, &changed(cbc.sealed(NAME.as_bytes()), 3))),
        ("a content key that is too long", Recipe { key_length: 32, ..cbc.clone() }.of(NAME)),
        ("another element beside", id(&format!("{}{}", gcm.data(&one, &sealed), other))),
        ("two keys", id(&gcm.data(&twice, &sealed))),
        ("two keys, one beside", id(&format!("{}{}", gcm.data(&one, &sealed), gcm.key(&wrapped)))),
        ("a key that is missing", id(&gcm.data("", &sealed))),
        ("two texts", id(&format!("{}{}", gcm.data(&one, &sealed), gcm.data("", &sealed)))),
        ("nothing", id("")),
        ("content, not an element", with(&|r| r.kind = "http://www.w3.org/2001/04/xmlenc#Content").of(NAME)),
        ("a key that is elsewhere", elsewhere("ds:RetrievalMethod")),
        ("a text that is elsewhere", whole.replace("CipherValue", "CipherReference")),
        ("an element in the text", whole.replacen("</xenc:CipherValue>", "<x/></xenc:CipherValue>", 1)),
        ("no base64", whole.replacen("<xenc:CipherValue>", "<xenc:CipherValue>*", 1)),
    ];
    for (what, plain) in [
        ("no XML", "ada"),
        ("half of an element", "<saml:NameID>ada"),
        ("another element", "<saml:Issuer>ada</saml:Issuer>"),
        ("another namespace", "<samlp:NameID>ada</samlp:NameID>"),
        ("a prefix of nothing", "<x:NameID>ada</x:NameID>"),
        ("two names", "<saml:NameID>ada</saml:NameID><saml:NameID>root</saml:NameID>"),
        ("text beside the name", "<saml:NameID>ada</saml:NameID>root"),
        ("an end of what is around it", "<saml:NameID>ada</saml:NameID></saml:EncryptedID><x>"),
        ("an end, then a name", "</w><saml:NameID>ada</saml:NameID><w>"),
        ("a DOCTYPE", "<!DOCTYPE a [<!ENTITY e \"root\">]><saml:NameID>&e;</saml:NameID>"),
        ("an entity", "<saml:NameID>&e;</saml:NameID>"),
        ("a comment in the name", "<saml:NameID>root<!-- -->.example</saml:NameID>"),
        ("an instruction", "<saml:NameID>root<?x?></saml:NameID>"),
        ("CDATA", "<saml:NameID><![CDATA[root]]></saml:NameID>"),
        ("an element in the name", "<saml:NameID>ada<x/></saml:NameID>"),
        ("an empty name", "<saml:NameID> </saml:NameID>"),
        ("an attribute with a prefix", "<saml:NameID saml:Format=\"x\">ada</saml:NameID>"),
    ] {
        found.push((what, gcm.of(plain)));
        found.push((what, cbc.of(plain)));
    }
    found.push(("no UTF-8", gcm.whole(&wrapped, &gcm.sealed(b"<saml:NameID>\xff</saml:NameID>"))));
    found.push(("a name that is too long", gcm.of(&format!("<saml:NameID>{}</saml:NameID>", "x".repeat(1025)))));
    let deep = format!("{}{}", "<saml:NameID>".repeat(40), "</saml:NameID>".repeat(40));
    found.push(("40 levels", gcm.of(&deep)));
    found
}

#[test]
fn whatever_does_not_open_is_refused_with_the_same_words_wherever_it_failed() {
    let words = SamlError::Undecipherable.to_string();
    assert!(words.contains("cannot be decrypted with the key that this provider has for it"), "{words}");
    for (what, encrypted) in failures() {
        match read(&encrypted) {
            Err(error @ SamlError::Undecipherable) => assert_eq!(error.to_string(), words, "{what}"),
            other => panic!("{what}: {other:?}"),
        }
    }
}

#[test]
fn nothing_is_opened_unless_the_signature_of_the_sender_holds() {
    let xml = request(&Recipe::new(CBC).of(NAME));
    let signed = signed(&xml);
    let unsigned = Inbound::post("SAMLRequest", &STANDARD.encode(&xml), None).unwrap();
    assert!(matches!(unsigned.verified(&trusted()), Err(SamlError::Signature(SignatureFault::Missing))));
    for certificates in [vec![], vec![attacker_key().certificate().clone()]] {
        assert!(matches!(signed.verified(&certificates), Err(SamlError::Signature(SignatureFault::Value(_)))));
    }
    // Whoever reads it without having verified it gets no name, and is told why.
    for inbound in [&signed, &unsigned] {
        let refused = inbound.logout_request().unwrap_err();
        assert!(matches!(refused, SamlError::Unsupported { what: "EncryptedID", .. }), "{refused}");
        assert!(refused.to_string().contains("only where the message is signed"), "{refused}");
    }
}

#[test]
fn without_a_key_for_it_the_refusal_says_what_to_set() {
    let inbound = signed(&request(&Recipe::new(GCM).of(NAME)));
    let refused = inbound.verified(&trusted()).unwrap().logout_request(None).unwrap_err().to_string();
    assert!(refused.starts_with("EncryptedID ") && refused.contains("set decryption_key"), "{refused}");
    // In clear nobody needs one.
    let clear = signed(&request(NAME));
    assert_eq!(clear.verified(&trusted()).unwrap().logout_request(None).unwrap().name_id, expected());
}

#[test]
fn one_name_is_meant_and_it_is_said_once() {
    let encrypted = Recipe::new(GCM).of(NAME);
    for (who, reason) in [
        (format!("{NAME}{encrypted}"), "both NameID and EncryptedID"),
        (format!("{encrypted}{NAME}"), "both NameID and EncryptedID"),
        (format!("{encrypted}{encrypted}"), "`EncryptedID` twice"),
        (String::new(), "NameID is absent"),
        (format!("<saml:BaseID/>{encrypted}"), "only NameID and EncryptedID"),
    ] {
        let refused = read(&who).unwrap_err().to_string();
        assert!(refused.contains(reason), "{refused}");
    }
}

#[test]
fn what_is_too_long_is_refused_before_the_key_is_asked() {
    // Sixteen thousand characters are twelve thousand bytes of what would be a good name with much around it.
    let padded = |length: usize| format!("<saml:NameID>ada{}</saml:NameID>", " ".repeat(length));
    let recipe = Recipe::new(GCM);
    let fits = MAX_CIPHERTEXT / 4 * 3 - GCM_IV - GCM_TAG - padded(0).len();
    assert_eq!(read(&recipe.of(&padded(fits))).unwrap().name_id.value, "ada");
    assert!(matches!(read(&recipe.of(&padded(fits + 1))), Err(SamlError::TooLarge { limit: MAX_CIPHERTEXT, .. })));
    let sealed = recipe.sealed(NAME.as_bytes());
    assert!(matches!(read(&recipe.whole(&[0; 20_000], &sealed)), Err(SamlError::TooLarge { .. })));
}

#[test]
fn only_an_rsa_key_decrypts_and_it_is_not_printed() {
    for (_, curve) in curves() {
        assert!(matches!(DecryptionKey::new(curve.clone()), Err(SamlError::Key(_))));
    }
    assert_eq!(ours().certificate_base64(), key().certificate_base64());
    assert!(!format!("{:?}", ours()).contains("PRIVATE"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_change_of_a_bit_opens_as_another_name_in_gcm_or_makes_the_reader_panic(place in 0usize..400, bit in 0u8..8) {
        for content in [GCM, CBC] {
            let recipe = Recipe::new(content);
            let mut sealed = recipe.sealed(NAME.as_bytes());
            let place = place % sealed.len();
            sealed[place] ^= 1 << bit;
            let found = read(&recipe.whole(&recipe.wrapped(Padding::PKCS1_OAEP), &sealed));
            proptest::prop_assert!(content == CBC || matches!(found, Err(SamlError::Undecipherable)));
        }
    }
}
