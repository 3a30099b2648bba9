use serde::{Deserialize, Serialize};

/// What a property mapping produces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappingKind {
    /// One SAML attribute (SAML core §2.7.3.1), or the value of a NameID.
    Saml,
    /// Part of a SCIM user (RFC 7643 §4.1).
    ScimUser,
    /// Part of a SCIM group (RFC 7643 §4.2).
    ScimGroup,
}

/// A Python expression that renders something of a user or a group for a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    pub expression: String,
    /// Shipped with Rolecall: may be copied, not edited.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub managed: bool,
}
