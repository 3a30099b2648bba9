use serde::{Deserialize, Serialize};

use crate::SaidMetadata;

/// One more address that responses may go to, beside the provider's `acs_url` (SAML metadata §2.4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AcsEndpoint {
    pub url: String,
    pub index: u32,
}

/// How a logout message travels (SAML bindings §3.4, §3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LogoutBinding {
    Redirect,
    Post,
}

/// Where a service provider takes logout messages (SAML metadata §2.4.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LogoutService {
    pub binding: LogoutBinding,
    pub url: String,
    /// Where responses go, if elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_url: Option<String>,
}

/// A signature algorithm (RFC 9231). None in a provider: that of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SignatureMethod {
    #[serde(rename = "rsa-sha256")]
    RsaSha256,
    #[serde(rename = "rsa-sha384")]
    RsaSha384,
    #[serde(rename = "rsa-sha512")]
    RsaSha512,
    #[serde(rename = "ecdsa-sha256")]
    EcdsaSha256,
    #[serde(rename = "ecdsa-sha384")]
    EcdsaSha384,
    #[serde(rename = "ecdsa-sha512")]
    EcdsaSha512,
}

/// What an assertion is encrypted with (XML Encryption 1.1 §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AssertionCipher {
    #[default]
    #[serde(rename = "aes-256-gcm")]
    Aes256Gcm,
    #[serde(rename = "aes-128-gcm")]
    Aes128Gcm,
    /// For those that know no GCM: without a signature over the response it can be played with.
    #[serde(rename = "aes-256-cbc")]
    Aes256Cbc,
}

/// To whom assertions are encrypted, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AssertionEncryption {
    /// The service provider's certificate, PEM; empty where `key` names it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub certificate: String,
    /// Name of a key whose certificate it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(default)]
    pub cipher: AssertionCipher,
}

/// What is remembered of the service provider's metadata that a provider was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportedMetadata {
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
    /// `validUntil`, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    /// The signature of the file was verified with a certificate that an administrator gave.
    #[serde(default)]
    pub verified: bool,
    /// The file has a signature; whether it was verified is another matter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signed: bool,
    /// `cacheDuration` in seconds: after that the service asks to be read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_seconds: Option<i64>,
    /// Where it was read from. None: somebody brought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it said. None: it was read by a version that did not remember that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<SaidMetadata>,
}
