//! The signing key and its certificate.
//!
//! A key is parsed once and shared: decoding an RSA key costs about as much as two thirds of a signature, so a parser on
//! the path of every sign-in would cost nearly half of the capacity. RSA with SHA-256 only (RFC 6931 §2.3.2): the one
//! algorithm that AWS is known to accept.

use crate::error::SamlError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::bn::{BigNum, MsbOption};
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Private, Public};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use openssl::x509::extension::{BasicConstraints, KeyUsage, SubjectKeyIdentifier};
use openssl::x509::{X509, X509Builder, X509NameBuilder};
use std::sync::Arc;

/// The smallest RSA modulus that is accepted, in bits.
const MIN_BITS: u32 = 2048;
/// The largest RSA modulus that is accepted, in bits: signing time grows with its cube.
const MAX_BITS: u32 = 8192;

/// A private key with its certificate, ready to sign. Cloning shares it.
#[derive(Clone)]
pub struct SigningKey(Arc<Inner>);

struct Inner {
    private: PKey<Private>,
    certificate_base64: String,
    facts: CertificateFacts,
}

/// A fresh key pair with its self-signed certificate.
pub struct GeneratedKey {
    /// The X.509 v3 certificate, PEM.
    pub certificate_pem: String,
    /// The private key, PKCS#8 in unencrypted PEM.
    pub private_key_pem: String,
}

/// What an administrator needs to know of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// SHA-256 over the DER form, in lower-case hexadecimal without separators.
    pub fingerprint_sha256: String,
    /// The subject, for example `CN=Rolecall`.
    pub subject: String,
    /// The size of the RSA modulus in bits.
    pub bits: u32,
    /// The end of validity in unix seconds.
    pub not_after_unix: i64,
}

// A derived Debug could one day print the private key.
impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SigningKey").field(&self.0.facts).finish()
    }
}

impl std::fmt::Debug for GeneratedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GeneratedKey").field("certificate_pem", &self.certificate_pem).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Parses a certificate and the private key that belongs to it (RFC 7468 PEM; PKCS#8 or PKCS#1, unencrypted).
    ///
    /// # Errors
    /// [`SamlError::Key`] with the reason: unreadable, encrypted, not RSA, fewer than 2048 bits, inconsistent, or not a
    /// pair.
    pub fn from_pem(certificate_pem: &str, private_key_pem: &str) -> Result<Self, SamlError> {
        let certificate = read_certificate(certificate_pem)?;
        let public = rsa_public(&certificate)?;
        // The library would ask for a passphrase on the terminal, and a server has none.
        if private_key_pem.contains("ENCRYPTED") {
            return Err(reason("the private key is encrypted; decrypt it first"));
        }
        let private = PKey::private_key_from_pem(private_key_pem.as_bytes())
            .map_err(|_| reason("the private key is not readable PEM (PKCS#8 or PKCS#1)"))?;
        if private.id() != Id::RSA {
            return Err(reason("the private key is not RSA"));
        }
        if !private.public_eq(&public) {
            return Err(reason("the private key does not belong to the certificate"));
        }
        if !private.rsa()?.check_key().unwrap_or(false) {
            return Err(reason("the private key is inconsistent: its parts do not fit together"));
        }
        let certificate_base64 = STANDARD.encode(certificate.to_der()?);
        let facts = facts_of(&certificate)?;
        Ok(Self(Arc::new(Inner { private, certificate_base64, facts })))
    }

    /// Makes an RSA key pair and a self-signed X.509 v3 certificate for signing (RFC 5280 §4.1), SHA-256, with a random
    /// serial number of 128 bits, valid from `not_before_unix` for `valid_days`.
    ///
    /// # Errors
    /// [`SamlError::Key`] for a size out of range, a name that is empty or over 64 characters (RFC 5280 appendix A.1), or
    /// a lifetime of zero or over 100 years.
    pub fn generate_self_signed(
        bits: u32,
        common_name: &str,
        valid_days: u32,
        not_before_unix: i64,
    ) -> Result<GeneratedKey, SamlError> {
        if !(MIN_BITS..=MAX_BITS).contains(&bits) {
            return Err(SamlError::Key(format!("{bits} bits asked for; from {MIN_BITS} to {MAX_BITS} are possible")));
        }
        if common_name.is_empty() || common_name.chars().count() > 64 {
            return Err(reason("the common name must have 1 to 64 characters"));
        }
        if !(1..=36_525).contains(&valid_days) {
            return Err(reason("a certificate is valid for 1 to 36525 days"));
        }
        let private = PKey::from_rsa(Rsa::generate(bits)?)?;
        let mut name = X509NameBuilder::new()?;
        name.append_entry_by_text("CN", common_name)?;
        let name = name.build();
        let mut serial = BigNum::new()?;
        // The top bit set: exactly 128 bits, never zero, and DER then needs 17 of the 20 octets allowed.
        serial.rand(128, MsbOption::ONE, false)?;
        let not_after = not_before_unix.saturating_add(i64::from(valid_days) * 86_400);

        let mut builder = X509Builder::new()?;
        builder.set_version(2)?;
        builder.set_serial_number(serial.to_asn1_integer()?.as_ref())?;
        builder.set_subject_name(&name)?;
        builder.set_issuer_name(&name)?;
        builder.set_not_before(Asn1Time::from_unix(not_before_unix)?.as_ref())?;
        builder.set_not_after(Asn1Time::from_unix(not_after)?.as_ref())?;
        builder.set_pubkey(&private)?;
        builder.append_extension(BasicConstraints::new().critical().build()?)?;
        builder.append_extension(KeyUsage::new().critical().digital_signature().build()?)?;
        let identifier = SubjectKeyIdentifier::new().build(&builder.x509v3_context(None, None))?;
        builder.append_extension(identifier)?;
        builder.sign(&private, MessageDigest::sha256())?;

        Ok(GeneratedKey {
            certificate_pem: pem(builder.build().to_pem()?)?,
            private_key_pem: pem(private.private_key_to_pem_pkcs8()?)?,
        })
    }

    /// Signs bytes with RSASSA-PKCS1-v1_5 and SHA-256 (RFC 8017 §8.2), the `rsa-sha256` of RFC 6931 §2.3.2.
    ///
    /// # Errors
    /// [`SamlError::Crypto`] when the library fails.
    pub fn sign_sha256(&self, bytes: &[u8]) -> Result<Vec<u8>, SamlError> {
        Ok(Signer::new(MessageDigest::sha256(), &self.0.private)?.sign_oneshot_to_vec(bytes)?)
    }

    /// The certificate's DER as base64 on one line, as `ds:X509Certificate` holds it (XML Signature §4.5.4).
    #[must_use]
    pub fn certificate_base64(&self) -> &str {
        &self.0.certificate_base64
    }

    /// The facts of the certificate.
    #[must_use]
    pub fn facts(&self) -> CertificateFacts {
        self.0.facts.clone()
    }
}

/// Reads the facts of an RSA certificate in PEM.
///
/// # Errors
/// [`SamlError::Key`] when it is unreadable, not RSA, or of fewer than 2048 bits.
pub fn certificate_facts(certificate_pem: &str) -> Result<CertificateFacts, SamlError> {
    facts_of(&read_certificate(certificate_pem)?)
}

fn facts_of(certificate: &X509) -> Result<CertificateFacts, SamlError> {
    let public = rsa_public(certificate)?;
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
        bits: public.bits(),
        not_after_unix: unix_seconds(certificate.not_after())?,
    })
}

fn read_certificate(pem: &str) -> Result<X509, SamlError> {
    X509::from_pem(pem.as_bytes()).map_err(|_| reason("the certificate is not readable PEM (X.509)"))
}

fn rsa_public(certificate: &X509) -> Result<PKey<Public>, SamlError> {
    let public = certificate.public_key().map_err(|_| reason("the certificate holds no usable public key"))?;
    if public.id() != Id::RSA {
        return Err(reason("the certificate is not for an RSA key"));
    }
    if !(MIN_BITS..=MAX_BITS).contains(&public.bits()) {
        let found = public.bits();
        return Err(SamlError::Key(format!(
            "the RSA key has {found} bits; from {MIN_BITS} to {MAX_BITS} are accepted"
        )));
    }
    Ok(public)
}

fn unix_seconds(time: &Asn1TimeRef) -> Result<i64, SamlError> {
    let since = Asn1Time::from_unix(0)?.diff(time)?;
    Ok(i64::from(since.days) * 86_400 + i64::from(since.secs))
}

fn pem(bytes: Vec<u8>) -> Result<String, SamlError> {
    String::from_utf8(bytes).map_err(|_| reason("the library wrote PEM that is not text"))
}

fn reason(text: &str) -> SamlError {
    SamlError::Key(text.to_owned())
}

#[cfg(test)]
mod tests;
