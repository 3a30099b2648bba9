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

impl WantedAttribute {
    /// Whether one of these property mappings gives it.
    pub fn is_given_by(&self, mappings: &[String]) -> bool {
        self.mappings.iter().any(|mapping| mappings.contains(mapping))
    }

    /// Whether there is something to tick: a property mapping that is there, or one that could be made.
    pub fn is_offered(&self) -> bool {
        !self.mappings.is_empty() || self.suggestion.is_some()
    }
}

/// Attaches the suggested property mappings of these names to a provider; gives them, for they are to be made with it.
pub fn take_suggestions(
    provider: &mut SamlProvider,
    wanted: &[WantedAttribute],
    names: &[String],
) -> Vec<PropertyMapping> {
    let suggested = wanted.iter().filter_map(|attribute| attribute.suggestion.as_ref());
    let made: Vec<PropertyMapping> = suggested.filter(|mapping| names.contains(&mapping.name)).cloned().collect();
    provider.property_mappings.extend(made.iter().map(|mapping| mapping.name.clone()));
    made
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

impl SpFacts {
    /// What it asks for and no property mapping of the provider gives yet: of a new one everything.
    pub fn not_given(&self) -> Vec<WantedAttribute> {
        let given = &self.provider.property_mappings;
        self.wanted.iter().filter(|attribute| !attribute.is_given_by(given)).cloned().collect()
    }
}
