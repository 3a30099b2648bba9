//! What was encrypted to a key that is at hand (XML Encryption 1.1): the name that a service provider encrypted to us,
//! `saml:EncryptedID` (SAML core §2.2.4), and the `saml:EncryptedAssertion` (core §2.3.4) that our own service provider
//! receives.
//!
//! A name gets here only in a message whose signature holds ([`crate::Verified`]). AES in CBC is accepted for that reason
//! alone: by itself it lets a stranger find out the text from what is answered to changed ones. An assertion has its
//! signature inside, so it is opened first; that is why only a key that nobody else encrypts to is for it
//! ([`crate::ServiceProvider::decryption_key`]). And still there is one answer for all that can go wrong
//! ([`SamlError::Undecipherable`], or no assertion). RSA 1.5 is not accepted at all, and nothing that is elsewhere is fetched:
//! no `RetrievalMethod`, no `CipherReference`.

use crate::encoding::decode_any_size;
use crate::error::SamlError;
use crate::key::SigningKey;
use crate::kind::KeyKind;
use crate::name_id::NameId;
use crate::xml::limits::Limits;
use crate::xml::name::{Name, ds, saml, xenc, xenc11};
use crate::xml::read::read_inside;
use crate::xml::tree::Element;
use openssl::encrypt::Decrypter;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKeyRef, Private};
use openssl::rsa::Padding;
use openssl::symm::{Cipher, Crypter, Mode, decrypt_aead};

/// The longest encrypted name, in characters of base64. A `NameID` has at most 1024 characters, which are 4 KiB.
pub const MAX_CIPHERTEXT: usize = 16 * 1024;

const ELEMENT: &str = "http://www.w3.org/2001/04/xmlenc#Element";
const GCM_IV: usize = 12;
const GCM_TAG: usize = 16;
const BLOCK: usize = 16;

/// What the content may be encrypted with, the better ones first, as metadata lists them (metadata §2.4.1.1).
const CONTENTS: [(&str, Content); 4] = [
    ("http://www.w3.org/2009/xmlenc11#aes256-gcm", Content { mode: ContentMode::Gcm, key_length: 32 }),
    ("http://www.w3.org/2009/xmlenc11#aes128-gcm", Content { mode: ContentMode::Gcm, key_length: 16 }),
    ("http://www.w3.org/2001/04/xmlenc#aes256-cbc", Content { mode: ContentMode::Cbc, key_length: 32 }),
    ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", Content { mode: ContentMode::Cbc, key_length: 16 }),
];

const RSA_OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const RSA_OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

/// The URI of everything that is decrypted, as metadata lists it: contents, then key transports.
pub(crate) fn accepted() -> impl Iterator<Item = &'static str> {
    CONTENTS.into_iter().map(|(uri, _)| uri).chain([RSA_OAEP_MGF1P, RSA_OAEP])
}

/// A key that others encrypt to: RSA. Cloning shares it.
#[derive(Clone, Debug)]
pub struct DecryptionKey(SigningKey);

impl DecryptionKey {
    /// Takes a key for decrypting.
    ///
    /// # Errors
    /// [`SamlError::Key`] when it is not RSA: elliptic curves have no key transport in SAML.
    pub fn new(key: SigningKey) -> Result<Self, SamlError> {
        if matches!(key.kind(), KeyKind::Rsa(_)) {
            return Ok(Self(key));
        }
        Err(SamlError::Key("only RSA keys decrypt".to_owned()))
    }

    /// The certificate's DER as base64 on one line, for our metadata.
    #[must_use]
    pub fn certificate_base64(&self) -> &str {
        self.0.certificate_base64()
    }

    /// The name inside an `EncryptedID` that stands directly in `root`, whose signature was verified.
    pub(crate) fn name_id(&self, root: &Element, encrypted: &Element) -> Result<NameId, SamlError> {
        // The length is no secret, so it may have a reason of its own.
        if encrypted.count(&|element| element.text().len() > MAX_CIPHERTEXT) > 0 {
            return Err(SamlError::TooLarge { what: "EncryptedID in characters", limit: MAX_CIPHERTEXT });
        }
        let opened = self.open(root, encrypted, saml("NameID"));
        opened.and_then(|opened| NameId::of(&opened.element).ok()).ok_or(SamlError::Undecipherable)
    }

    /// The assertion inside an `EncryptedAssertion` that stands directly in `root`; none, whatever the reason. It may be as
    /// long as the message that it came in.
    pub(crate) fn assertion(&self, root: &Element, encrypted: &Element) -> Option<Opened> {
        self.open(root, encrypted, saml("Assertion"))
    }

    fn open(&self, root: &Element, encrypted: &Element, inside: Name) -> Option<Opened> {
        let plain = Sealed::of(encrypted)?.plain(self.0.private())?;
        // An element that is cut out keeps the prefixes that were declared around it (XML Encryption §4.4).
        let element = read_inside(&[root, encrypted], &plain, &Limits::MESSAGE).ok()?;
        if element.is(inside) { Some(Opened { element, text: String::from_utf8(plain).ok()? }) } else { None }
    }
}

/// An element that was decrypted.
pub(crate) struct Opened {
    pub(crate) element: Element,
    /// As it was encrypted.
    pub(crate) text: String,
}

/// The parts of an encrypted element, once its form is accepted.
struct Sealed {
    content: Content,
    text: Vec<u8>,
    transport: Transport,
    wrapped: Vec<u8>,
}

impl Sealed {
    fn of(encrypted: &Element) -> Option<Self> {
        let elsewhere = |element: &Element| {
            ["RetrievalMethod", "CipherReference", "KeyInfoReference"].contains(&element.local.as_str())
        };
        if encrypted.count(&elsewhere) > 0 || encrypted.count(&|element| element.is(xenc("EncryptedKey"))) != 1 {
            return None;
        }
        let (data, beside) = match encrypted.elements().collect::<Vec<_>>().as_slice() {
            [data] => (*data, None),
            [data, key] => (*data, Some(*key)),
            _ => return None,
        };
        if !data.is(xenc("EncryptedData")) || data.attribute("Type").is_some_and(|kind| kind != ELEMENT) {
            return None;
        }
        let key = match beside {
            Some(key) => key,
            None => only(only(data, ds("KeyInfo"))?, xenc("EncryptedKey"))?,
        };
        if !key.is(xenc("EncryptedKey")) {
            return None;
        }
        let method = only(data, xenc("EncryptionMethod"))?;
        Some(Self {
            content: Content::of(method)?,
            text: cipher_value(data)?,
            transport: Transport::of(only(key, xenc("EncryptionMethod"))?)?,
            wrapped: cipher_value(key)?,
        })
    }

    fn plain(&self, key: &PKeyRef<Private>) -> Option<Vec<u8>> {
        // Of another length it would be refused by the library too, and a cipher is not to depend on that.
        let secret = self.transport.unwrap(key, &self.wrapped)?;
        if secret.len() == self.content.key_length { self.content.decrypt(&secret, &self.text) } else { None }
    }
}

/// How the text is encrypted (XML Encryption §5.2).
#[derive(Clone, Copy)]
struct Content {
    mode: ContentMode,
    key_length: usize,
}

#[derive(Clone, Copy)]
enum ContentMode {
    Gcm,
    Cbc,
}

impl Content {
    fn of(method: &Element) -> Option<Self> {
        if method.elements().next().is_some() {
            return None;
        }
        let uri = method.attribute("Algorithm")?;
        CONTENTS.into_iter().find(|(known, _)| *known == uri).map(|(_, content)| content)
    }

    fn cipher(self) -> Cipher {
        match (self.mode, self.key_length) {
            (ContentMode::Gcm, 16) => Cipher::aes_128_gcm(),
            (ContentMode::Gcm, _) => Cipher::aes_256_gcm(),
            (ContentMode::Cbc, 16) => Cipher::aes_128_cbc(),
            (ContentMode::Cbc, _) => Cipher::aes_256_cbc(),
        }
    }

    fn decrypt(self, secret: &[u8], text: &[u8]) -> Option<Vec<u8>> {
        match self.mode {
            ContentMode::Gcm => {
                let (iv, rest) = text.split_at_checked(GCM_IV)?;
                let (body, tag) = rest.split_at_checked(rest.len().checked_sub(GCM_TAG)?)?;
                decrypt_aead(self.cipher(), secret, Some(iv), &[], body, tag).ok()
            }
            ContentMode::Cbc => {
                let (iv, body) = text.split_at_checked(BLOCK)?;
                unpadded(cbc(self.cipher(), secret, iv, body).ok()?)
            }
        }
    }
}

fn cbc(cipher: Cipher, secret: &[u8], iv: &[u8], body: &[u8]) -> Result<Vec<u8>, openssl::error::ErrorStack> {
    let mut crypter = Crypter::new(cipher, Mode::Decrypt, secret, Some(iv))?;
    // The library knows another padding than XML Encryption has.
    crypter.pad(false);
    let mut plain = vec![0; body.len() + BLOCK];
    let mut length = crypter.update(body, &mut plain)?;
    length += crypter.finalize(plain.get_mut(length..).unwrap_or_default())?;
    plain.truncate(length);
    Ok(plain)
}

/// XML Encryption §5.2: the last byte counts the padding, whose other bytes are arbitrary.
fn unpadded(mut plain: Vec<u8>) -> Option<Vec<u8>> {
    let padding = usize::from(*plain.last()?);
    if !(1..=BLOCK).contains(&padding) {
        return None;
    }
    plain.truncate(plain.len().checked_sub(padding)?);
    Some(plain)
}

/// How the content key is wrapped (XML Encryption §5.5.2): RSA-OAEP, the digest and that of MGF1.
struct Transport {
    digest: MessageDigest,
    mask: MessageDigest,
}

impl Transport {
    fn of(method: &Element) -> Option<Self> {
        let (digest, mask) = match (method.attribute("Algorithm")?, method.elements().collect::<Vec<_>>().as_slice()) {
            (RSA_OAEP_MGF1P | RSA_OAEP, []) => (None, None),
            (RSA_OAEP_MGF1P | RSA_OAEP, [digest]) if digest.is(ds("DigestMethod")) => (Some(*digest), None),
            (RSA_OAEP, [mask]) if mask.is(xenc11("MGF")) => (None, Some(*mask)),
            (RSA_OAEP, [one, other]) if one.is(ds("DigestMethod")) && other.is(xenc11("MGF")) => {
                (Some(*one), Some(*other))
            }
            // OAEPparams would stand here.
            _ => return None,
        };
        Some(Self {
            digest: match digest.map(|method| method.attribute("Algorithm")) {
                None | Some(Some("http://www.w3.org/2000/09/xmldsig#sha1")) => MessageDigest::sha1(),
                Some(Some("http://www.w3.org/2001/04/xmlenc#sha256")) => MessageDigest::sha256(),
                Some(_) => return None,
            },
            mask: match mask.map(|method| method.attribute("Algorithm")) {
                None | Some(Some("http://www.w3.org/2009/xmlenc11#mgf1sha1")) => MessageDigest::sha1(),
                Some(Some("http://www.w3.org/2009/xmlenc11#mgf1sha256")) => MessageDigest::sha256(),
                Some(_) => return None,
            },
        })
    }

    fn unwrap(&self, key: &PKeyRef<Private>, wrapped: &[u8]) -> Option<Vec<u8>> {
        let mut decrypter = Decrypter::new(key).ok()?;
        decrypter.set_rsa_padding(Padding::PKCS1_OAEP).ok()?;
        decrypter.set_rsa_oaep_md(self.digest).ok()?;
        decrypter.set_rsa_mgf1_md(self.mask).ok()?;
        let mut secret = vec![0; decrypter.decrypt_len(wrapped).ok()?];
        let length = decrypter.decrypt(wrapped, &mut secret).ok()?;
        secret.truncate(length);
        Some(secret)
    }
}

/// The one child of a name.
fn only(element: &Element, name: Name) -> Option<&Element> {
    let mut found = element.named(name);
    found.next().filter(|_| found.next().is_none())
}

/// The bytes of `CipherData`.
fn cipher_value(element: &Element) -> Option<Vec<u8>> {
    let data = only(element, xenc("CipherData"))?;
    let value = only(data, xenc("CipherValue"))?;
    if value.elements().next().is_some() { None } else { decode_any_size(&value.text()) }
}

#[cfg(test)]
mod tests;
