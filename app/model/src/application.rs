use serde::{Deserialize, Serialize};

use crate::{AccessBinding, RoleArn, SamlProviderArn, Slug};

/// Whether one passing binding lets a person in, or all must pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PolicyEngineMode {
    #[default]
    Any,
    All,
}

/// A role of the table without code: who is in one of the groups may take `role`, trusted through `provider`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AwsRole {
    pub role: RoleArn,
    pub provider: SamlProviderArn,
    /// Direct or inherited membership in any of them. None named: everyone who may open the application.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// What a member sees as a tile, and what decides who may open it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Application {
    pub slug: Slug,
    pub name: String,
    #[serde(default)]
    pub description: String,
    /// An image as a `data:` address, since pages load nothing from elsewhere. None: the first letters of the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saml_provider: Option<String>,
    /// SCIM providers that the people who may open the application are pushed to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub backchannel_providers: Vec<String>,
    /// Where the tile leads. None: the IdP-initiated sign-on of the provider.
    #[serde(default)]
    pub launch_url: Option<String>,
    #[serde(default)]
    pub policy_engine_mode: PolicyEngineMode,
    /// None at all: every active user may open the application.
    #[serde(default)]
    pub bindings: Vec<AccessBinding>,
    #[serde(default)]
    pub aws_roles: Vec<AwsRole>,
}
