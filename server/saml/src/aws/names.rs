//! The attribute names that AWS reads: exact, case-sensitive (IAM guide, "Configure SAML assertions").

/// One `roleArn,providerArn` value for each role on offer.
pub const ROLE: &str = "https://aws.amazon.com/SAML/Attributes/Role";
/// The name of the session, in every log of AWS.
pub const ROLE_SESSION_NAME: &str = "https://aws.amazon.com/SAML/Attributes/RoleSessionName";
/// The length of a console session in seconds.
pub const SESSION_DURATION: &str = "https://aws.amazon.com/SAML/Attributes/SessionDuration";
/// Who is behind the session, through every role that follows.
pub const SOURCE_IDENTITY: &str = "https://aws.amazon.com/SAML/Attributes/SourceIdentity";
/// The start of the name of a session tag; the key of the tag follows.
pub const PRINCIPAL_TAG_PREFIX: &str = "https://aws.amazon.com/SAML/Attributes/PrincipalTag:";
/// The start of the name of an attribute for access control at Identity Center; the key of the tag follows.
pub const ACCESS_CONTROL_PREFIX: &str = "https://aws.amazon.com/SAML/Attributes/AccessControl:";
/// The keys of the session tags that later roles inherit.
pub const TRANSITIVE_TAG_KEYS: &str = "https://aws.amazon.com/SAML/Attributes/TransitiveTagKeys";
/// What all of the names above begin with.
pub(super) const AWS_PREFIX: &str = "https://aws.amazon.com/SAML/Attributes/";

/// The name formats that SAML specifies (core §8.2).
const NAME_FORMATS: [&str; 3] = [
    "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified",
    "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
    "urn:oasis:names:tc:SAML:2.0:attrname-format:basic",
];

/// Whether a `NameFormat` is one that SAML specifies: Identity Center takes no other on what it reads.
#[must_use]
pub fn is_name_format(uri: &str) -> bool {
    NAME_FORMATS.contains(&uri)
}
