//! `saml:EncryptedAssertion` (SAML core §2.3.4; XML Encryption 1.1): the assertion under a key made for it alone, and that
//! key under the service provider's RSA key.
//!
//! The content key and the vector are arguments, unguessable and used once: a vector used twice with one key gives away
//! both texts in GCM. Only OAEP wraps the key: the older RSA 1.5 form lets a recipient be used as an oracle.

use crate::certificate::Certificate;
use crate::error::SamlError;
use crate::kind::KeyKind;
use crate::xml::name::{ds, saml, xenc, xenc11};
use crate::xml::write::Writer;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::encrypt::Encrypter;
use openssl::hash::MessageDigest;
use openssl::rsa::Padding;
use openssl::symm::{Cipher, encrypt, encrypt_aead};

const ELEMENT: &str = "http://www.w3.org/2001/04/xmlenc#Element";
const MGF1_SHA1: &str = "http://www.w3.org/2009/xmlenc11#mgf1sha1";
const GCM_TAG: usize = 16;

/// How the assertion is encrypted (XML Encryption §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ContentCipher {
    /// AES-128 in GCM.
    Aes128Gcm,
    /// AES-256 in GCM.
    #[default]
    Aes256Gcm,
    /// AES-256 in CBC, which a change goes unnoticed in: only for those who cannot read GCM.
    Aes256Cbc,
}

/// How the content key is wrapped (XML Encryption §5.5.2), always with MGF1 over SHA-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyTransport {
    /// `rsa-oaep-mgf1p` of XML Encryption 1.0, the one that everybody reads.
    RsaOaepMgf1p(OaepDigest),
    /// `rsa-oaep` of XML Encryption 1.1.
    RsaOaep(OaepDigest),
}

/// The hash function of OAEP. Its strength does not rest on the function resisting collisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OaepDigest {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl Default for KeyTransport {
    fn default() -> Self {
        Self::RsaOaepMgf1p(OaepDigest::Sha1)
    }
}

impl ContentCipher {
    /// The URI.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Aes128Gcm => "http://www.w3.org/2009/xmlenc11#aes128-gcm",
            Self::Aes256Gcm => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            Self::Aes256Cbc => "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
        }
    }

    /// How many bytes the content key has.
    #[must_use]
    pub const fn key_length(self) -> usize {
        match self {
            Self::Aes128Gcm => 16,
            Self::Aes256Gcm | Self::Aes256Cbc => 32,
        }
    }

    /// How many bytes the initialisation vector has.
    #[must_use]
    pub const fn iv_length(self) -> usize {
        match self {
            Self::Aes128Gcm | Self::Aes256Gcm => 12,
            Self::Aes256Cbc => 16,
        }
    }

    fn cipher(self) -> Cipher {
        match self {
            Self::Aes128Gcm => Cipher::aes_128_gcm(),
            Self::Aes256Gcm => Cipher::aes_256_gcm(),
            Self::Aes256Cbc => Cipher::aes_256_cbc(),
        }
    }
}

impl KeyTransport {
    /// The URI.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::RsaOaepMgf1p(_) => "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
            Self::RsaOaep(_) => "http://www.w3.org/2009/xmlenc11#rsa-oaep",
        }
    }

    const fn digest(self) -> OaepDigest {
        match self {
            Self::RsaOaepMgf1p(digest) | Self::RsaOaep(digest) => digest,
        }
    }
}

impl OaepDigest {
    const fn uri(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
        }
    }

    fn function(self) -> MessageDigest {
        match self {
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha256 => MessageDigest::sha256(),
        }
    }
}

/// One encryption.
#[derive(Clone, Copy)]
pub struct Encryption<'a> {
    /// The certificate that the service provider's metadata names for encryption; RSA.
    pub certificate: &'a Certificate,
    /// How the assertion is encrypted.
    pub cipher: ContentCipher,
    /// How the key is wrapped.
    pub transport: KeyTransport,
    /// The content key, of [`ContentCipher::key_length`] random bytes, used for this assertion only.
    pub key: &'a [u8],
    /// The initialisation vector, of [`ContentCipher::iv_length`] random bytes.
    pub iv: &'a [u8],
}

// A derived Debug would print the content key.
impl std::fmt::Debug for Encryption<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encryption")
            .field("certificate", &self.certificate)
            .field("cipher", &self.cipher)
            .field("transport", &self.transport)
            .finish_non_exhaustive()
    }
}

impl Encryption<'_> {
    /// The `EncryptedAssertion` of an assertion.
    pub(crate) fn seal(&self, assertion: &str) -> Result<String, SamlError> {
        let sealed = STANDARD.encode(self.content(assertion.as_bytes())?);
        let wrapped = STANDARD.encode(self.wrapped_key()?);
        let certificate = self.certificate.base64();
        let mut writer = Writer::with_capacity(2048 + sealed.len() + wrapped.len() + certificate.len());
        writer.open(saml("EncryptedAssertion"), &[]);
        writer.open(xenc("EncryptedData"), &[("Type", Some(ELEMENT))]);
        writer.leaf(xenc("EncryptionMethod"), &[("Algorithm", Some(self.cipher.uri()))], "");
        writer.open(ds("KeyInfo"), &[]);
        writer.open(xenc("EncryptedKey"), &[]);
        self.method(&mut writer);
        writer.open(ds("KeyInfo"), &[]);
        writer.open(ds("X509Data"), &[]);
        writer.leaf(ds("X509Certificate"), &[], certificate);
        writer.close();
        writer.close();
        cipher_data(&mut writer, &wrapped);
        writer.close();
        writer.close();
        cipher_data(&mut writer, &sealed);
        Ok(writer.finish())
    }

    fn method(&self, writer: &mut Writer) {
        writer.open(xenc("EncryptionMethod"), &[("Algorithm", Some(self.transport.uri()))]);
        writer.leaf(ds("DigestMethod"), &[("Algorithm", Some(self.transport.digest().uri()))], "");
        if matches!(self.transport, KeyTransport::RsaOaep(_)) {
            writer.leaf(xenc11("MGF"), &[("Algorithm", Some(MGF1_SHA1))], "");
        }
        writer.close();
    }

    /// The vector, the encrypted bytes and, in GCM, the tag (XML Encryption §5.2.2, §5.2.4).
    fn content(&self, plain: &[u8]) -> Result<Vec<u8>, SamlError> {
        if self.key.len() != self.cipher.key_length() {
            return Err(SamlError::Key(format!("the content key must have {} bytes", self.cipher.key_length())));
        }
        if self.iv.len() != self.cipher.iv_length() {
            return Err(SamlError::Key(format!("the vector must have {} bytes", self.cipher.iv_length())));
        }
        let (cipher, iv) = (self.cipher.cipher(), Some(self.iv));
        let mut out = self.iv.to_vec();
        if self.cipher == ContentCipher::Aes256Cbc {
            out.extend(encrypt(cipher, self.key, iv, plain)?);
        } else {
            let mut tag = [0; GCM_TAG];
            out.extend(encrypt_aead(cipher, self.key, iv, &[], plain, &mut tag)?);
            out.extend(tag);
        }
        Ok(out)
    }

    fn wrapped_key(&self) -> Result<Vec<u8>, SamlError> {
        if !matches!(self.certificate.kind(), KeyKind::Rsa(_)) {
            return Err(SamlError::Key("assertions are encrypted to RSA keys only".to_owned()));
        }
        let mut encrypter = Encrypter::new(self.certificate.public())?;
        encrypter.set_rsa_padding(Padding::PKCS1_OAEP)?;
        encrypter.set_rsa_oaep_md(self.transport.digest().function())?;
        encrypter.set_rsa_mgf1_md(MessageDigest::sha1())?;
        let mut out = vec![0; encrypter.encrypt_len(self.key)?];
        let length = encrypter.encrypt(self.key, &mut out)?;
        out.truncate(length);
        Ok(out)
    }
}

fn cipher_data(writer: &mut Writer, value: &str) {
    writer.open(xenc("CipherData"), &[]);
    writer.leaf(xenc("CipherValue"), &[], value);
    writer.close();
}

#[cfg(test)]
mod tests;
