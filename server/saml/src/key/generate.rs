//! Fresh keys with self-signed certificates (RFC 5280 §4.1).

use super::{SigningKey, pem, reason};
use crate::error::SamlError;
use crate::kind::{KeyKind, MAX_BITS, MIN_BITS};
use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::extension::{BasicConstraints, KeyUsage, SubjectKeyIdentifier};
use openssl::x509::{X509Builder, X509NameBuilder};

/// A key pair with its certificate, in PEM.
pub struct GeneratedKey {
    /// The X.509 v3 certificate, PEM.
    pub certificate_pem: String,
    /// The private key, PKCS#8 in unencrypted PEM.
    pub private_key_pem: String,
}

impl std::fmt::Debug for GeneratedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GeneratedKey").field("certificate_pem", &self.certificate_pem).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Makes an RSA key pair as [`SigningKey::generate`] does.
    ///
    /// # Errors
    /// As [`SigningKey::generate`].
    pub fn generate_self_signed(
        bits: u32,
        common_name: &str,
        valid_days: u32,
        not_before_unix: i64,
    ) -> Result<GeneratedKey, SamlError> {
        Self::generate(KeyKind::Rsa(bits), common_name, valid_days, not_before_unix)
    }

    /// Makes a key pair and a self-signed X.509 v3 certificate for signing, with a random serial number of 128 bits,
    /// valid from `not_before_unix` for `valid_days`. The certificate is signed with SHA-256, on P-384 with SHA-384.
    ///
    /// # Errors
    /// [`SamlError::Key`] for a size out of range, a name that is empty or over 64 characters (RFC 5280 appendix A.1), or
    /// a lifetime of zero or over 100 years.
    pub fn generate(
        kind: KeyKind,
        common_name: &str,
        valid_days: u32,
        not_before_unix: i64,
    ) -> Result<GeneratedKey, SamlError> {
        if common_name.is_empty() || common_name.chars().count() > 64 {
            return Err(reason("the common name must have 1 to 64 characters"));
        }
        if !(1..=36_525).contains(&valid_days) {
            return Err(reason("a certificate is valid for 1 to 36525 days"));
        }
        let private = fresh(kind)?;
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
        let digest = if kind == KeyKind::P384 { MessageDigest::sha384() } else { MessageDigest::sha256() };
        builder.sign(&private, digest)?;

        Ok(GeneratedKey {
            certificate_pem: pem(builder.build().to_pem()?)?,
            private_key_pem: pem(private.private_key_to_pem_pkcs8()?)?,
        })
    }
}

fn fresh(kind: KeyKind) -> Result<PKey<Private>, SamlError> {
    let curve = match kind {
        KeyKind::Rsa(bits) if (MIN_BITS..=MAX_BITS).contains(&bits) => {
            return Ok(PKey::from_rsa(Rsa::generate(bits)?)?);
        }
        KeyKind::Rsa(bits) => {
            return Err(SamlError::Key(format!("{bits} bits asked for; from {MIN_BITS} to {MAX_BITS} are possible")));
        }
        KeyKind::P256 => Nid::X9_62_PRIME256V1,
        KeyKind::P384 => Nid::SECP384R1,
    };
    Ok(PKey::from_ec_key(EcKey::generate(EcGroup::from_curve_name(curve)?.as_ref())?)?)
}
