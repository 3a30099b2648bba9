//! A refusal in the words of AWS.

use std::fmt;

/// A refusal: HTTP status, error code and the exact message that AWS gives.
///
/// STS and IAM put code and message into an `ErrorResponse`; the sign-in page prints the message and names the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// HTTP status of the answer.
    pub status: u16,
    /// Error code of the Query protocol.
    pub code: &'static str,
    /// The message, word for word.
    pub message: String,
    /// Service and code as the sign-in page names them.
    pub console: (&'static str, &'static str),
}

const STS: &str = "AWSSecurityTokenService";
const OPEN_ID: &str = "AWSOpenIdDiscoveryService";

impl Fault {
    /// A refusal of STS, which the sign-in page attributes to STS with the same code.
    #[must_use]
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), console: (STS, code) }
    }

    fn identity(message: &str) -> Self {
        Self::new(400, "InvalidIdentityToken", message)
    }

    fn discovery(code: &'static str, message: &str) -> Self {
        Self { console: (OPEN_ID, code), ..Self::identity(message) }
    }

    /// The sign-in page's answer to a response without a usable `Role`, and to everything for which AWS has no other words.
    #[must_use]
    pub fn invalid_response() -> Self {
        Self::identity("Your request included an invalid SAML response. To logout, click here.")
    }

    /// Not base64, or not XML.
    #[must_use]
    pub fn invalid_base64() -> Self {
        Self::discovery("AuthSamlInvalidSamlResponseException", "Invalid base64 SAMLResponse")
    }

    /// No signature, a signature by another key, changed content, or a signature of a shape that proves nothing.
    #[must_use]
    pub fn signature() -> Self {
        Self::identity("Response signature invalid")
    }

    /// The issuer is not the `entityID` of the provider's metadata.
    #[must_use]
    pub fn issuer() -> Self {
        Self::discovery(
            "AuthSamlInvalidSamlResponseException",
            "Failed to assume role: Issuer not present in specified provider",
        )
    }

    /// No such SAML provider in the account.
    #[must_use]
    pub fn provider() -> Self {
        Self::discovery("AuthSamlManifestNotFoundException", "Specified provider doesn't exist")
    }

    /// No audience that AWS answers to.
    #[must_use]
    pub fn audience() -> Self {
        Self::identity("Response does not contain the required audience")
    }

    /// Not exactly one bearer confirmation with `Recipient` and `NotOnOrAfter`; AWS's own spelling.
    #[must_use]
    pub fn confirmation() -> Self {
        Self::identity("Responses must contain SubjectConfirmatonData with a Recipient and NotOnOrAfter")
    }

    /// No `RoleSessionName`.
    #[must_use]
    pub fn session_name_missing() -> Self {
        Self::identity("RoleSessionName is required in AuthnResponse")
    }

    /// A `RoleSessionName` of other characters or another length.
    #[must_use]
    pub fn session_name() -> Self {
        Self::identity("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
    }

    /// A bad `SourceIdentity`.
    #[must_use]
    pub fn source_identity() -> Self {
        Self::identity(r#"Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:""#)
    }

    /// The requested pair is not a value of `Role`.
    #[must_use]
    pub fn pair() -> Self {
        Self::identity("SAML Assertion doesn't contain the requested Role and Metadata in the attributes")
    }

    /// `NotOnOrAfter` has passed.
    #[must_use]
    pub fn expired() -> Self {
        Self::new(400, "ExpiredTokenException", "Response has expired")
    }

    /// `IssueInstant` is more than five minutes ago.
    #[must_use]
    pub fn stale() -> Self {
        Self::new(400, "ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance")
    }

    /// No role, no subject, or a trust policy that does not allow it.
    #[must_use]
    pub fn not_authorized() -> Self {
        Self::new(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")
    }

    /// `DurationSeconds` over the role's `MaxSessionDuration`.
    #[must_use]
    pub fn duration() -> Self {
        Self::validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    }

    /// A role where a provider belongs, or the other way round, or no ARN at all.
    #[must_use]
    pub fn arn() -> Self {
        Self::validation("Request ARN is invalid")
    }

    /// A parameter that the service model forbids.
    #[must_use]
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new(400, "ValidationError", message)
    }

    /// Metadata that IAM cannot use.
    #[must_use]
    pub fn metadata() -> Self {
        Self::new(400, "InvalidInput", "Could not parse metadata")
    }

    /// Something of the sandbox itself failed.
    #[must_use]
    pub fn internal(message: impl fmt::Display) -> Self {
        Self::new(500, "ServiceFailure", message.to_string())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Fault {}
