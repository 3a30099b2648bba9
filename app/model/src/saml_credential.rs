use serde::{Deserialize, Serialize};

/// A role of AWS that a response offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OfferedRole {
    /// Its ARN.
    pub role: String,
    /// The ARN of the SAML provider in IAM that is trusted for it.
    pub provider: String,
}

/// A response that signs its owner on, for a program that brings it where it belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SamlCredential {
    /// Where a browser would post it.
    pub acs_url: String,
    /// Base64.
    pub saml_response: String,
    /// Of applications of AWS.
    pub roles: Vec<OfferedRole>,
}
