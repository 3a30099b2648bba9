use serde::{Deserialize, Serialize};

use crate::{MetadataAddress, ProviderKey, RetiredKey, SamlProvider, SamlProviderArn, ServiceEnd, Verdict};

/// A row of the list of SAML providers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProviderRow {
    pub name: String,
    pub audience: String,
    /// None: the default key.
    pub signing_key: Option<String>,
    /// Slugs of the applications that use it.
    pub applications: Vec<String>,
}

/// One SAML provider with all that its page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProviderDetail {
    pub version: u64,
    pub provider: SamlProvider,
    /// Slugs of the applications that use it.
    pub used_by: Vec<String>,
    /// What signs where the provider names no key.
    pub default_key: String,
    /// What the metadata shows: the key that signs, the next one, and those that go.
    pub keys: Vec<ProviderKey>,
    /// What it showed before, the last one first.
    #[serde(default)]
    pub retired: Vec<RetiredKey>,
    /// When what the service gave comes to an end: its certificates, and its metadata.
    pub ends: Vec<ServiceEnd>,
    /// AWS's limits on the metadata; empty where the provider is not AWS.
    pub limits: Vec<Verdict>,
    /// The address of the metadata that only the service was given. None: there is none.
    #[serde(default)]
    pub metadata_address: Option<MetadataAddress>,
    /// What it is called at IAM, by the role tables of its applications.
    #[serde(default)]
    pub iam_providers: Vec<SamlProviderArn>,
    /// What somebody should look at, a sentence each: people whom IAM Identity Center would not find.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// What a form of a SAML provider may choose from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProviderChoices {
    /// Those that can sign.
    pub keys: Vec<String>,
    /// Of those, the ones on elliptic curves.
    #[serde(default)]
    pub elliptic: Vec<String>,
    /// What signs for providers that name no key.
    #[serde(default)]
    pub default_key: String,
    /// All keys: each has a certificate.
    pub certificates: Vec<String>,
    /// SAML property mappings with their SAML names.
    pub mappings: Vec<(String, Option<String>)>,
}
