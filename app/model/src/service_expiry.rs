use serde::{Deserialize, Serialize};

use crate::ExpiryWarning;

/// What a service provider gave that comes to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServiceGift {
    /// Its signatures verify with it.
    SigningCertificate,
    /// Assertions are encrypted to it.
    EncryptionCertificate,
    /// The file that the SAML provider was made from, with its `validUntil`.
    Metadata,
}

impl ServiceGift {
    /// As a person reads it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::SigningCertificate => "signing certificate",
            Self::EncryptionCertificate => "encryption certificate",
            Self::Metadata => "metadata",
        }
    }

    /// A stable name, for a label.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SigningCertificate => "signing_certificate",
            Self::EncryptionCertificate => "encryption_certificate",
            Self::Metadata => "metadata",
        }
    }
}

/// When something ends that a service provider gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceEnd {
    pub what: ServiceGift,
    /// Of a certificate; empty for metadata.
    pub subject: String,
    /// Hexadecimal SHA-256 of the certificate's DER, or of the file.
    pub fingerprint: String,
    /// RFC 3339.
    pub not_after: String,
    pub warning: Option<ExpiryWarning>,
}

/// Something of a service provider's to renew soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExpiringService {
    /// Name of the SAML provider.
    pub provider: String,
    pub what: ServiceGift,
    /// RFC 3339.
    pub not_after: String,
    pub warning: ExpiryWarning,
}
