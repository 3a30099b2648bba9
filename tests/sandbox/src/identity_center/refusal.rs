//! Why Identity Center lets nobody in.

use std::fmt;

/// "Clock, certificate mismatch, or NameID format in the identity provider's metadata."
const US: &str = "It's not you, it is us";
/// "NameID and userName do not match, several assertions, encryption, attributes for access control, consumer service."
const UNEXPECTED: &str = "An unexpected error has occurred";
/// "The user is not provisioned yet."
const NOT_PROVISIONED: &str = "Invalid MFA credentials";
/// With `Response contains invalid name id policy format` in CloudTrail.
const LATER: &str = "We couldn't complete your request right now. Please try again later.";

/// A refused sign-in: what the page says, and what CloudTrail's `ExternalIdPDirectoryLogin` event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalRefusal {
    /// What the person reads, in AWS's words.
    pub page: &'static str,
    /// The error message of the event: AWS's words where they are known, an explanation otherwise.
    pub event: String,
}

impl PortalRefusal {
    fn new(page: &'static str, event: impl Into<String>) -> Self {
        Self { page, event: event.into() }
    }

    /// The clock, the key or the metadata.
    pub(crate) fn us(event: impl Into<String>) -> Self {
        Self::new(US, event)
    }

    /// Almost everything else.
    pub(crate) fn unexpected(event: impl Into<String>) -> Self {
        Self::new(UNEXPECTED, event)
    }

    /// Nobody of this name.
    pub(crate) fn not_provisioned() -> Self {
        Self::new(NOT_PROVISIONED, "no user has the NameID as its userName")
    }

    /// A NameID of another format, or one that is no address.
    pub(crate) fn name_format() -> Self {
        Self::new(LATER, "Response contains invalid name id policy format")
    }

    /// An answer to a request that was never made, was answered already or is too old.
    pub(crate) fn request(id: &str) -> Self {
        Self::unexpected(format!("Not a valid response for the provided request id: {id}"))
    }
}

impl fmt::Display for PortalRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.page, self.event)
    }
}

impl std::error::Error for PortalRefusal {}
