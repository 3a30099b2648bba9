use serde::{Deserialize, Serialize};

use crate::Span;

/// How the response travels to the service provider (SAML bindings §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseBinding {
    #[default]
    Post,
}

/// Which element carries a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignWhat {
    #[default]
    Assertion,
    Response,
    Both,
}

/// NameID formats (SAML core §8.3) that can be issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameIdFormat {
    #[default]
    Persistent,
    Transient,
    EmailAddress,
    Unspecified,
}

impl NameIdFormat {
    /// The identifier of the format.
    pub const fn urn(self) -> &'static str {
        match self {
            Self::Persistent => "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            Self::Transient => "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
            Self::EmailAddress => "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            Self::Unspecified => "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameIdSettings {
    #[serde(default)]
    pub format: NameIdFormat,
    /// A property mapping whose result is the value. None: what the format asks for.
    #[serde(default)]
    pub mapping: Option<String>,
}

/// How one service provider is spoken to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SamlProvider {
    pub name: String,
    /// Assertion consumer service: Destination and Recipient of every response.
    pub acs_url: String,
    /// The entityID of this identity provider towards the service provider. None: the address of the metadata.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    pub audience: String,
    #[serde(default)]
    pub binding: ResponseBinding,
    /// Name of the key that signs. None: the default key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing_key: Option<String>,
    #[serde(default)]
    pub sign: SignWhat,
    #[serde(default)]
    pub name_id: NameIdSettings,
    /// Added to now: when conditions begin to hold. Not positive.
    #[serde(default = "not_before")]
    pub assertion_not_before: Span,
    /// Added to now: when the assertion must have been used.
    #[serde(default = "not_on_or_after")]
    pub assertion_not_on_or_after: Span,
    /// Added to now: when the session at the service provider ends.
    #[serde(default = "session_end")]
    pub session_not_on_or_after: Span,
    #[serde(default)]
    pub property_mappings: Vec<String>,
}

fn not_before() -> Span {
    Span::seconds(-300)
}
fn not_on_or_after() -> Span {
    Span::seconds(300)
}
fn session_end() -> Span {
    Span::seconds(43_200)
}

impl SamlProvider {
    /// AWS IAM federation: the audience is AWS's, or the response goes to an AWS sign-in address.
    pub fn is_aws(&self) -> bool {
        self.audience == "urn:amazon:webservices" || self.audience.starts_with("urn:amazon:webservices:")
    }
}
