//! A certificate of somebody else: a carrier of one public key (metadata §2.4.1.1). Who issued it and whether it has
//! expired does not matter to SAML; that an administrator registered it does.

use crate::algorithm::SignatureAlgorithm;
use crate::encoding::decode_any_size;
use crate::error::SamlError;
use crate::kind::KeyKind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, PKeyRef, Public};
use openssl::sign::Verifier;
use openssl::x509::X509;
use std::sync::Arc;

/// What an administrator needs to know of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// SHA-256 over the DER form, in lower-case hexadecimal without separators.
    pub fingerprint_sha256: String,
    /// The subject, for example `CN=Rolecall`.
    pub subject: String,
    /// The size of the key in bits: of the RSA modulus, or of the curve's field.
    pub bits: u32,
    /// The end of validity in unix seconds.
    pub not_after_unix: i64,
}

/// A certificate, parsed once. Cloning shares it.
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    public: PKey<Public>,
    kind: KeyKind,
    base64: String,
    facts: CertificateFacts,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Certificate").field(&self.0.facts).finish()
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.base64 == other.0.base64
    }
}

impl Eq for Certificate {}

impl Certificate {
    /// Reads PEM (RFC 7468).
    ///
    /// # Errors
    /// [`SamlError::Key`] when it is unreadable, or its key is none that is accepted.
    pub fn from_pem(pem: &str) -> Result<Self, SamlError> {
        Self::of(&read_pem(pem)?)
    }

    /// Reads what `ds:X509Certificate` holds: base64 of DER, line breaks allowed (XML Signature §4.5.4).
    ///
    /// # Errors
    /// As [`Certificate::from_pem`].
    pub fn from_base64(text: &str) -> Result<Self, SamlError> {
        let der = decode_any_size(text).ok_or_else(|| reason("the certificate is not base64"))?;
        Self::of(&X509::from_der(&der).map_err(|_| reason("the certificate is not readable DER (X.509)"))?)
    }

    pub(crate) fn of(certificate: &X509) -> Result<Self, SamlError> {
        let public = certificate.public_key().map_err(|_| reason("the certificate holds no usable public key"))?;
        let kind = KeyKind::of(&public)?;
        let base64 = STANDARD.encode(certificate.to_der()?);
        let facts = facts_of(certificate, kind)?;
        Ok(Self(Arc::new(Inner { public, kind, base64, facts })))
    }

    /// The DER as base64 on one line.
    #[must_use]
    pub fn base64(&self) -> &str {
        &self.0.base64
    }

    /// The certificate as PEM, lines of 64 characters (RFC 7468 §2).
    #[must_use]
    pub fn pem(&self) -> String {
        let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
        for (place, c) in self.0.base64.chars().enumerate() {
            if place > 0 && place % 64 == 0 {
                pem.push('\n');
            }
            pem.push(c);
        }
        pem.push_str("\n-----END CERTIFICATE-----\n");
        pem
    }

    /// The kind of its key.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.0.kind
    }

    /// The facts of the certificate.
    #[must_use]
    pub fn facts(&self) -> CertificateFacts {
        self.0.facts.clone()
    }

    pub(crate) fn public(&self) -> &PKeyRef<Public> {
        &self.0.public
    }

    /// Whether a signature over bytes is by this certificate's key. An elliptic signature is `r` and `s` in equal halves,
    /// as XML Signature has it (§6.4.3).
    pub(crate) fn verifies(&self, algorithm: SignatureAlgorithm, bytes: &[u8], signature: &[u8]) -> bool {
        if !algorithm.is_elliptic() {
            return self.verifies_der(algorithm, bytes, signature);
        }
        let half = self.0.kind.half();
        let whole = signature.split_at_checked(half).filter(|(_, s)| s.len() == half);
        let der = whole.and_then(|(r, s)| {
            let (r, s) = (BigNum::from_slice(r).ok()?, BigNum::from_slice(s).ok()?);
            EcdsaSig::from_private_components(r, s).ok()?.to_der().ok()
        });
        der.is_some_and(|der| self.verifies_der(algorithm, bytes, &der))
    }

    /// As [`Self::verifies`], an elliptic signature being DER, which some senders use in the Redirect binding.
    pub(crate) fn verifies_der(&self, algorithm: SignatureAlgorithm, bytes: &[u8], signature: &[u8]) -> bool {
        self.0.kind.fits(algorithm)
            && Verifier::new(algorithm.digest().function(), &self.0.public)
                .and_then(|mut verifier| verifier.verify_oneshot(signature, bytes))
                .unwrap_or(false)
    }
}

/// Reads the facts of a certificate in PEM.
///
/// # Errors
/// [`SamlError::Key`] when it is unreadable, or its key is none that is accepted.
pub fn certificate_facts(certificate_pem: &str) -> Result<CertificateFacts, SamlError> {
    Ok(Certificate::from_pem(certificate_pem)?.facts())
}

fn facts_of(certificate: &X509, kind: KeyKind) -> Result<CertificateFacts, SamlError> {
    let fingerprint = certificate.digest(MessageDigest::sha256())?;
    let mut subject = Vec::new();
    for entry in certificate.subject_name().entries() {
        let kind = entry.object().nid().short_name().unwrap_or("?");
        let value = entry.data().to_string().unwrap_or_default();
        subject.push(format!("{kind}={value}"));
    }
    Ok(CertificateFacts {
        fingerprint_sha256: fingerprint.iter().map(|byte| format!("{byte:02x}")).collect(),
        subject: subject.join(", "),
        bits: kind.bits(),
        not_after_unix: unix_seconds(certificate.not_after())?,
    })
}

fn read_pem(pem: &str) -> Result<X509, SamlError> {
    X509::from_pem(pem.as_bytes()).map_err(|_| reason("the certificate is not readable PEM (X.509)"))
}

fn unix_seconds(time: &Asn1TimeRef) -> Result<i64, SamlError> {
    let since = Asn1Time::from_unix(0)?.diff(time)?;
    Ok(i64::from(since.days) * 86_400 + i64::from(since.secs))
}

fn reason(text: &str) -> SamlError {
    SamlError::Key(text.to_owned())
}
