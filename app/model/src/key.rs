use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum KeyAlgorithm {
    #[default]
    #[serde(rename = "rsa-2048")]
    Rsa2048,
    #[serde(rename = "rsa-3072")]
    Rsa3072,
    #[serde(rename = "rsa-4096")]
    Rsa4096,
}

impl KeyAlgorithm {
    pub const fn bits(self) -> u32 {
        match self {
            Self::Rsa2048 => 2048,
            Self::Rsa3072 => 3072,
            Self::Rsa4096 => 4096,
        }
    }
}

/// How a generated key was asked for, so that a declarative file can ask for the like again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyGeneration {
    #[serde(default)]
    pub algorithm: KeyAlgorithm,
    pub common_name: String,
    pub valid_days: u32,
}

/// The public half of a certificate-key pair. The private half never travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    pub name: String,
    /// PEM.
    pub certificate: String,
    /// Hexadecimal SHA-256 of the certificate's DER.
    pub fingerprint: String,
    pub subject: String,
    pub bits: u32,
    /// RFC 3339.
    pub not_after: String,
    /// None: imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<KeyGeneration>,
}

/// A row of the key list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRow {
    pub name: String,
    pub subject: String,
    pub bits: u32,
    /// RFC 3339.
    pub not_after: String,
    pub is_default: bool,
    /// SAML providers that sign with it.
    pub providers: u32,
}

/// One key with all that its page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDetail {
    pub version: u64,
    pub key: Key,
    /// Providers that name no key sign with it.
    pub is_default: bool,
    /// Names of the SAML providers that sign with it.
    pub used_by: Vec<String>,
}
