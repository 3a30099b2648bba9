use serde::{Deserialize, Serialize};

use crate::{AcsEndpoint, AssertionEncryption, AwsAttributes, ImportedMetadata, LogoutService, SignatureMethod, Span};

/// How the response travels to the service provider (SAML bindings §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ResponseBinding {
    #[default]
    Post,
}

/// Which element carries a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignWhat {
    #[default]
    Assertion,
    Response,
    Both,
}

/// NameID formats (SAML core §8.3) that can be issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NameIdFormat {
    #[default]
    Persistent,
    Transient,
    EmailAddress,
    Unspecified,
    #[serde(rename = "x509_subject_name")]
    X509SubjectName,
    WindowsDomainQualifiedName,
    Kerberos,
    Entity,
}

impl NameIdFormat {
    /// The identifier of the format.
    pub const fn urn(self) -> &'static str {
        match self {
            Self::Persistent => "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            Self::Transient => "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
            Self::EmailAddress => "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            Self::Unspecified => "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
            Self::X509SubjectName => "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName",
            Self::WindowsDomainQualifiedName => "urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName",
            Self::Kerberos => "urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos",
            Self::Entity => "urn:oasis:names:tc:SAML:2.0:nameid-format:entity",
        }
    }

    pub const ALL: [Self; 8] = [
        Self::Persistent,
        Self::EmailAddress,
        Self::Transient,
        Self::Unspecified,
        Self::X509SubjectName,
        Self::WindowsDomainQualifiedName,
        Self::Kerberos,
        Self::Entity,
    ];

    /// Whether a value can be made without a property mapping.
    pub const fn has_own_value(self) -> bool {
        matches!(self, Self::Persistent | Self::EmailAddress | Self::Transient | Self::Unspecified)
    }

    pub fn from_urn(urn: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.urn() == urn)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Name of the key that will sign after this one: the metadata shows it already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_signing_key: Option<String>,
    /// Names of keys that signed before: the metadata shows them until they are taken out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retiring_keys: Vec<String>,
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
    /// Further addresses that responses may go to, when a request asks for one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acs: Vec<AcsEndpoint>,
    /// The index of `acs_url` itself.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub acs_index: u32,
    /// Certificates, PEM, that the service provider's signatures verify with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verification_certificates: Vec<String>,
    /// Names of keys whose certificates they verify with too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verification_keys: Vec<String>,
    /// Requests without a signature are refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub require_signed_requests: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature_algorithm: Option<SignatureMethod>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption: Option<AssertionEncryption>,
    /// Name of the RSA key that the service encrypts to: the metadata shows its certificate for that (SAML metadata
    /// §2.4.1.1). It signs nothing for this provider. None: what is encrypted to us is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decryption_key: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logout: Vec<LogoutService>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<ImportedMetadata>,
    /// Attributes that AWS reads, without code.
    #[serde(default, skip_serializing_if = "AwsAttributes::is_empty")]
    pub aws: AwsAttributes,
    /// So many of the responses issued last are kept, sealed, to be looked at when the service refuses one. Zero: none.
    #[serde(default = "kept")]
    pub keep_responses: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(index: &u32) -> bool {
    *index == 0
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
/// Enough to find the one that was refused, and little enough of what is said of people.
const fn kept() -> u32 {
    10
}

impl SamlProvider {
    /// A provider with everything as it is unless something else is asked for.
    pub fn new(name: impl Into<String>, acs_url: impl Into<String>, audience: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            acs_url: acs_url.into(),
            issuer: None,
            audience: audience.into(),
            binding: ResponseBinding::default(),
            signing_key: None,
            next_signing_key: None,
            retiring_keys: Vec::new(),
            sign: SignWhat::default(),
            name_id: NameIdSettings::default(),
            assertion_not_before: not_before(),
            assertion_not_on_or_after: not_on_or_after(),
            session_not_on_or_after: session_end(),
            property_mappings: Vec::new(),
            acs: Vec::new(),
            acs_index: 0,
            verification_certificates: Vec::new(),
            verification_keys: Vec::new(),
            require_signed_requests: false,
            signature_algorithm: None,
            encryption: None,
            decryption_key: None,
            logout: Vec::new(),
            imported: None,
            aws: AwsAttributes::default(),
            keep_responses: kept(),
        }
    }

    /// Every address that responses may go to; the default one first.
    pub fn acs_endpoints(&self) -> impl Iterator<Item = (&str, u32)> {
        std::iter::once((self.acs_url.as_str(), self.acs_index))
            .chain(self.acs.iter().map(|a| (a.url.as_str(), a.index)))
    }

    /// Identity Center: an entityID of AWS's sign-in that names an instance (`…/platform/saml/d-…`).
    pub fn is_identity_center(&self) -> bool {
        self.audience.contains("/platform/saml/d-")
    }

    /// AWS IAM federation: the audience is AWS's, or the response goes to an AWS sign-in address.
    pub fn is_aws(&self) -> bool {
        self.audience == "urn:amazon:webservices" || self.audience.starts_with("urn:amazon:webservices:")
    }
}

#[cfg(test)]
mod tests {
    use super::SamlProvider;

    #[test]
    fn a_provider_that_says_nothing_of_it_keeps_ten_responses_and_one_that_keeps_none_says_so() {
        let made = SamlProvider::new("p", "https://sp.example/acs", "https://sp.example");
        assert_eq!(made.keep_responses, 10);
        let none = SamlProvider { keep_responses: 0, ..made };
        let mut text = serde_json::to_value(&none).unwrap();
        assert_eq!(serde_json::from_value::<SamlProvider>(text.clone()).unwrap(), none);
        text.as_object_mut().unwrap().remove("keep_responses");
        assert_eq!(serde_json::from_value::<SamlProvider>(text).unwrap().keep_responses, 10);
    }
}
