//! The kinds of keys, and which algorithms each is for.

use crate::algorithm::SignatureAlgorithm;
use crate::error::SamlError;
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, Id, PKeyRef};

/// The smallest RSA modulus that is accepted, in bits.
pub(crate) const MIN_BITS: u32 = 2048;
/// The largest RSA modulus that is accepted, in bits: signing time grows with its cube.
pub(crate) const MAX_BITS: u32 = 8192;

/// The kind of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA with a modulus of so many bits, 2048 to 8192.
    Rsa(u32),
    /// The elliptic curve P-256 (FIPS 186-4 D.1.2.3).
    P256,
    /// The elliptic curve P-384 (FIPS 186-4 D.1.2.4).
    P384,
}

impl KeyKind {
    /// The size in bits: of the modulus, or of the field of the curve.
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::Rsa(bits) => bits,
            Self::P256 => 256,
            Self::P384 => 384,
        }
    }

    /// Whether a signature algorithm can be used with a key of this kind.
    #[must_use]
    pub const fn fits(self, algorithm: SignatureAlgorithm) -> bool {
        algorithm.is_elliptic() != matches!(self, Self::Rsa(_))
    }

    /// The algorithm to use unless another is asked for.
    #[must_use]
    pub const fn default_algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::Rsa(_) => SignatureAlgorithm::RsaSha256,
            Self::P256 => SignatureAlgorithm::EcdsaSha256,
            Self::P384 => SignatureAlgorithm::EcdsaSha384,
        }
    }

    /// The length of `r` and of `s` in a raw signature, in bytes (RFC 4051 §2.3.6).
    pub(crate) const fn half(self) -> usize {
        match self {
            Self::P384 => 48,
            _ => 32,
        }
    }

    pub(crate) fn of<T: HasPublic>(key: &PKeyRef<T>) -> Result<Self, SamlError> {
        let unusable = |what: &str| SamlError::Key(format!("{what}; RSA, P-256 and P-384 are accepted"));
        match key.id() {
            Id::RSA => {
                let bits = key.bits();
                if (MIN_BITS..=MAX_BITS).contains(&bits) {
                    return Ok(Self::Rsa(bits));
                }
                let text = format!("the RSA key has {bits} bits; from {MIN_BITS} to {MAX_BITS} are accepted");
                Err(SamlError::Key(text))
            }
            Id::EC => match key.ec_key()?.group().curve_name() {
                Some(Nid::X9_62_PRIME256V1) => Ok(Self::P256),
                Some(Nid::SECP384R1) => Ok(Self::P384),
                _ => Err(unusable("the key is on another elliptic curve")),
            },
            _ => Err(unusable("the key is neither RSA nor on an elliptic curve")),
        }
    }
}
