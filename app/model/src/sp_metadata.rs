use serde::{Deserialize, Serialize};

use crate::{AssertionEncryption, MetadataChange, PropertyMapping, SamlProvider};

/// The most bytes of metadata that a form sends. What JSON adds to them stays within the 256 KiB of a body.
pub const MOST_METADATA_IN_A_FORM: u32 = 180 * 1024;

/// A certificate, as much of it as an administrator compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CertificateLine {
    pub subject: String,
    /// Hexadecimal SHA-256 of the DER.
    pub fingerprint: String,
    /// RFC 3339.
    pub not_after: String,
}

/// An attribute that a service provider asks for, and the mapping that would give it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WantedAttribute {
    pub name: String,
    pub friendly_name: Option<String>,
    /// `NameFormat`, a URI.
    #[serde(default)]
    pub name_format: Option<String>,
    pub required: bool,
    /// Property mappings with this very SAML name; the one that says the name format too comes first.
    pub mappings: Vec<String>,
    /// A property mapping that would give it, where none of those does and it is plain what is meant.
    #[serde(default)]
    pub suggestion: Option<PropertyMapping>,
}

/// What one service provider says of itself, as it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SpFacts {
    pub entity_id: String,
    /// RFC 3339.
    pub valid_until: Option<String>,
    pub name_id_formats: Vec<String>,
    pub signing: Vec<CertificateLine>,
    pub encryption: Vec<CertificateLine>,
    pub wanted: Vec<WantedAttribute>,
    /// The file is signed; whether that was verified is said in the provider's `imported`.
    pub signed: bool,
    /// What was seen and is not used, and why.
    pub unsupported: Vec<(String, String)>,
    /// `WantAssertionsSigned`.
    #[serde(default)]
    pub wants_signed_assertions: bool,
    /// The provider that would be made of it; of one that is there already, with what the file alone has changed.
    pub provider: SamlProvider,
    /// What differs from the provider that is there already.
    #[serde(default)]
    pub changes: Vec<MetadataChange>,
    /// The encryption of assertions that it would take; None: it has no certificate for that, or none that is of use.
    #[serde(default)]
    pub encrypt: Option<AssertionEncryption>,
    /// Why no provider can be made of it; then `provider` says nothing but its entityID.
    #[serde(default)]
    pub unusable: Option<String>,
}
