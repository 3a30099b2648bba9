//! The signing key and its certificate.
//!
//! A key is parsed once and shared: decoding an RSA key costs about as much as two thirds of a signature, so a parser on
//! the path of every sign-in would cost nearly half of the capacity. RSA with SHA-256 is the one combination that AWS is
//! known to accept; the others are for service providers that ask for them.

mod generate;
mod pkcs12;

pub use generate::GeneratedKey;
pub use pkcs12::import_pkcs12;

use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::error::SamlError;
use crate::kind::KeyKind;
use openssl::ecdsa::EcdsaSig;
use openssl::pkey::{PKey, PKeyRef, Private};
use openssl::sign::Signer;
use std::sync::Arc;

pub use crate::certificate::{CertificateFacts, certificate_facts};

/// A private key with its certificate, ready to sign. Cloning shares it.
#[derive(Clone)]
pub struct SigningKey(Arc<Inner>);

struct Inner {
    private: PKey<Private>,
    certificate: Certificate,
}

// A derived Debug could one day print the private key.
impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SigningKey").field(&self.0.certificate).finish()
    }
}

impl SigningKey {
    /// Parses a certificate and the private key that belongs to it (RFC 7468 PEM; PKCS#8, PKCS#1 or SEC 1, unencrypted).
    ///
    /// # Errors
    /// [`SamlError::Key`] with the reason: unreadable, encrypted, neither RSA of 2048 bits or more nor P-256 or P-384,
    /// inconsistent, or not a pair.
    pub fn from_pem(certificate_pem: &str, private_key_pem: &str) -> Result<Self, SamlError> {
        let certificate = Certificate::from_pem(certificate_pem)?;
        // The library would ask for a passphrase on the terminal, and a server has none.
        if private_key_pem.contains("ENCRYPTED") {
            return Err(reason("the private key is encrypted; decrypt it first"));
        }
        let private = PKey::private_key_from_pem(private_key_pem.as_bytes())
            .map_err(|_| reason("the private key is not readable PEM (PKCS#8, PKCS#1 or SEC 1)"))?;
        Self::pair(certificate, private)
    }

    fn pair(certificate: Certificate, private: PKey<Private>) -> Result<Self, SamlError> {
        let kind = KeyKind::of(&private)?;
        if !private.public_eq(certificate.public()) {
            return Err(reason("the private key does not belong to the certificate"));
        }
        let consistent = match kind {
            KeyKind::Rsa(_) => private.rsa()?.check_key().unwrap_or(false),
            KeyKind::P256 | KeyKind::P384 => private.ec_key()?.check_key().is_ok(),
        };
        if !consistent {
            return Err(reason("the private key is inconsistent: its parts do not fit together"));
        }
        Ok(Self(Arc::new(Inner { private, certificate })))
    }

    /// Signs bytes: RSASSA-PKCS1-v1_5 (RFC 8017 §8.2), or ECDSA as `r` and `s` in equal halves (XML Signature §6.4.3).
    ///
    /// # Errors
    /// [`SamlError::Key`] when the algorithm is not for this kind of key; [`SamlError::Crypto`] when the library fails.
    pub fn sign(&self, algorithm: SignatureAlgorithm, bytes: &[u8]) -> Result<Vec<u8>, SamlError> {
        let kind = self.kind();
        if !kind.fits(algorithm) {
            return Err(reason("the signature algorithm is for another kind of key"));
        }
        let signature = Signer::new(algorithm.digest().function(), &self.0.private)?.sign_oneshot_to_vec(bytes)?;
        if !algorithm.is_elliptic() {
            return Ok(signature);
        }
        let parts = EcdsaSig::from_der(&signature)?;
        let half = i32::try_from(kind.half()).unwrap_or_default();
        let mut raw = parts.r().to_vec_padded(half)?;
        raw.extend(parts.s().to_vec_padded(half)?);
        Ok(raw)
    }

    /// Signs bytes with SHA-256.
    ///
    /// # Errors
    /// [`SamlError::Crypto`] when the library fails.
    pub fn sign_sha256(&self, bytes: &[u8]) -> Result<Vec<u8>, SamlError> {
        let elliptic = !matches!(self.kind(), KeyKind::Rsa(_));
        self.sign(if elliptic { SignatureAlgorithm::EcdsaSha256 } else { SignatureAlgorithm::RsaSha256 }, bytes)
    }

    /// The kind of the key.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.0.certificate.kind()
    }

    /// The algorithm to sign with unless another is asked for: RSA-SHA256, ECDSA-SHA256 or, on P-384, ECDSA-SHA384.
    #[must_use]
    pub fn default_algorithm(&self) -> SignatureAlgorithm {
        self.kind().default_algorithm()
    }

    /// The certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.0.certificate
    }

    /// The certificate's DER as base64 on one line, as `ds:X509Certificate` holds it (XML Signature §4.5.4).
    #[must_use]
    pub fn certificate_base64(&self) -> &str {
        self.0.certificate.base64()
    }

    pub(crate) fn private(&self) -> &PKeyRef<Private> {
        &self.0.private
    }

    /// The facts of the certificate.
    #[must_use]
    pub fn facts(&self) -> CertificateFacts {
        self.0.certificate.facts()
    }
}

fn pem(bytes: Vec<u8>) -> Result<String, SamlError> {
    String::from_utf8(bytes).map_err(|_| reason("the library wrote PEM that is not text"))
}

fn reason(text: &str) -> SamlError {
    SamlError::Key(text.to_owned())
}

#[cfg(test)]
mod tests;
