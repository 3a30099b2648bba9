use serde::{Deserialize, Serialize};

/// What a property mapping produces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MappingKind {
    /// One SAML attribute (SAML core §2.7.3.1), or the value of a NameID.
    #[default]
    Saml,
    /// Part of a SCIM user (RFC 7643 §4.1).
    ScimUser,
    /// Part of a SCIM group (RFC 7643 §4.2).
    ScimGroup,
}

/// A Python expression that renders something of a user or a group for a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PropertyMapping {
    pub name: String,
    pub kind: MappingKind,
    /// `Attribute@Name`; needed where the kind is `saml` and the mapping is not used for a NameID only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saml_name: Option<String>,
    /// `Attribute@FriendlyName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friendly_name: Option<String>,
    /// `Attribute@NameFormat`, a URI: how the name is to be read. None: it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_format: Option<String>,
    pub expression: String,
    /// Shipped with Rolecall: may be copied, not edited.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub managed: bool,
}

/// A row of the list of property mappings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MappingRow {
    pub name: String,
    pub kind: MappingKind,
    pub saml_name: Option<String>,
    pub managed: bool,
    /// Providers that use it.
    pub providers: u32,
}

/// One property mapping with all that its page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MappingDetail {
    pub version: u64,
    pub mapping: PropertyMapping,
    /// Names of the providers that use it.
    pub used_by: Vec<String>,
    /// What somebody should look at, a sentence each: people whom IAM Identity Center would not find.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// An expression to be run as where a mapping of its kind is used; nothing is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExpressionTrial {
    /// Python.
    pub source: String,
    /// `saml` where it is not said.
    #[serde(default)]
    pub kind: MappingKind,
    /// The user name it is run for, or the name of a group where the kind is `scim_group`.
    #[serde(alias = "username")]
    pub subject: String,
    /// The slug of the application that is opened, or the name of the SCIM provider where the kind is one of SCIM; empty: none.
    #[serde(default, alias = "application")]
    pub place: String,
}

/// What an expression gave for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Trial {
    /// The value, as JSON with indentation; and what of it would be sent as attribute values.
    Value { json: String, values: Vec<String> },
    /// What it would add to a user or group at a SCIM service, as JSON with indentation.
    Part { json: String },
    /// It raised or is not Python; with the line where that is known.
    Failed { message: String, line: Option<u32>, column: Option<u32> },
    /// `raise SkipObject`: left out.
    Skipped,
}
