use serde::{Deserialize, Serialize};

/// An application as a member sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tile {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub icon: Option<String>,
    /// Where the tile leads.
    pub href: String,
    /// ARNs of the AWS roles this person would be offered.
    pub roles: Vec<String>,
}

/// A row of the application list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApplicationRow {
    pub slug: String,
    pub name: String,
    pub saml_provider: Option<String>,
    pub bindings: u32,
    pub roles: u32,
}

/// What a form of an application may choose from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApplicationChoices {
    pub saml_providers: Vec<String>,
    pub scim_providers: Vec<String>,
    pub groups: Vec<String>,
    pub policies: Vec<String>,
}

/// The addresses and names that must be pasted on the other side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApplicationLinks {
    pub issuer: String,
    pub metadata_url: String,
    pub init_url: String,
    pub redirect_url: String,
    pub post_url: String,
    pub acs_url: String,
    pub audience: String,
}

/// One application with all that its page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApplicationDetail {
    pub version: u64,
    pub application: crate::Application,
    /// None where no SAML provider is chosen.
    pub links: Option<ApplicationLinks>,
    /// What stops working if it is deleted, a sentence each.
    pub used_by: Vec<String>,
}
