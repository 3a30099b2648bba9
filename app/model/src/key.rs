use serde::{Deserialize, Serialize};

use crate::ExpiryWarning;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum KeyAlgorithm {
    #[default]
    #[serde(rename = "rsa-2048")]
    Rsa2048,
    #[serde(rename = "rsa-3072")]
    Rsa3072,
    #[serde(rename = "rsa-4096")]
    Rsa4096,
    #[serde(rename = "p-256")]
    P256,
    #[serde(rename = "p-384")]
    P384,
}

/// What a key of this size is, for a person. No RSA key is smaller than 2048 bits here, and no curve larger than 384.
pub fn key_words(bits: u32) -> String {
    if bits < 1024 { format!("elliptic curve P-{bits}") } else { format!("RSA, {bits} bits") }
}

/// How a generated key was asked for, so that a declarative file can ask for the like again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyGeneration {
    #[serde(default)]
    pub algorithm: KeyAlgorithm,
    pub common_name: String,
    pub valid_days: u32,
}

/// The public half of a certificate-key pair. The private half never travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Key {
    pub name: String,
    /// PEM.
    pub certificate: String,
    /// Hexadecimal SHA-256 of the certificate's DER.
    pub fingerprint: String,
    pub subject: String,
    /// Of the RSA modulus, or of the curve's field.
    pub bits: u32,
    /// RFC 3339.
    pub not_after: String,
    /// None: imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<KeyGeneration>,
    /// There is no private half here: it verifies and encrypts, and signs nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub certificate_only: bool,
}

/// A row of the key list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyRow {
    pub name: String,
    pub subject: String,
    pub bits: u32,
    /// RFC 3339.
    pub not_after: String,
    pub warning: Option<ExpiryWarning>,
    pub is_default: bool,
    /// It signs nothing.
    pub certificate_only: bool,
    /// SAML providers that sign with it.
    pub providers: u32,
}

/// One key with all that its page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyDetail {
    pub version: u64,
    pub key: Key,
    pub warning: Option<ExpiryWarning>,
    /// Providers that name no key sign with it.
    pub is_default: bool,
    /// Names of the SAML providers that sign with it.
    pub used_by: Vec<String>,
    /// Names of those whose metadata shows it beside the key that signs: as the next one, or as one that goes.
    pub shown_by: Vec<String>,
    /// Names of those that verify with its certificate or encrypt to it.
    pub trusted_by: Vec<String>,
    /// Names of those whose services encrypt to it.
    #[serde(default)]
    pub decrypts_for: Vec<String>,
}
