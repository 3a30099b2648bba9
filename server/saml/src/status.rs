//! `samlp:Status` (SAML core §3.2.2.1 to §3.2.2.3), and the `Response` that says no: a status and no assertion.

use crate::algorithm::SignatureAlgorithm;
use crate::error::SamlError;
use crate::key::SigningKey;
use crate::response::SignedResponse;
use crate::signature::{self, envelop};
use crate::time::instant;
use crate::xml::chars::is_ncname;
use crate::xml::name::{saml, samlp};
use crate::xml::write::Writer;

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The outer code: whose fault it is.
    pub code: StatusCode,
    /// The inner code: what exactly.
    pub reason: Option<StatusReason>,
    /// `StatusMessage`, for the people who read the service provider's log.
    pub message: Option<String>,
}

/// The outer `StatusCode` (core §3.2.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusCode {
    /// The request was carried out.
    Success,
    /// The request was wrong.
    Requester,
    /// The request was right, and could not be carried out here.
    Responder,
    /// The request is of a version of SAML that is not spoken here.
    VersionMismatch,
}

/// The inner `StatusCode` (core §3.2.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatusReason {
    /// The person could not be authenticated.
    AuthnFailed,
    /// No identifier of the kind asked for can be given.
    InvalidNameIdPolicy,
    /// The context asked for cannot be reached.
    NoAuthnContext,
    /// Nothing may be shown to the person, and without that no sign-in is possible.
    NoPassive,
    /// Not every other participant could be logged out.
    PartialLogout,
    /// Policy forbids it.
    RequestDenied,
    /// This kind of request is not carried out here.
    RequestUnsupported,
    /// The version is higher than any that is spoken here.
    RequestVersionTooHigh,
    /// The version is lower than any that is spoken here.
    RequestVersionTooLow,
    /// The subject asked for is not known here.
    UnknownPrincipal,
    /// The response cannot be sent by the binding asked for.
    UnsupportedBinding,
}

impl StatusCode {
    /// The URI.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Success => "urn:oasis:names:tc:SAML:2.0:status:Success",
            Self::Requester => "urn:oasis:names:tc:SAML:2.0:status:Requester",
            Self::Responder => "urn:oasis:names:tc:SAML:2.0:status:Responder",
            Self::VersionMismatch => "urn:oasis:names:tc:SAML:2.0:status:VersionMismatch",
        }
    }
}

impl StatusReason {
    /// The URI.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::AuthnFailed => "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed",
            Self::InvalidNameIdPolicy => "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy",
            Self::NoAuthnContext => "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext",
            Self::NoPassive => "urn:oasis:names:tc:SAML:2.0:status:NoPassive",
            Self::PartialLogout => "urn:oasis:names:tc:SAML:2.0:status:PartialLogout",
            Self::RequestDenied => "urn:oasis:names:tc:SAML:2.0:status:RequestDenied",
            Self::RequestUnsupported => "urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported",
            Self::RequestVersionTooHigh => "urn:oasis:names:tc:SAML:2.0:status:RequestVersionTooHigh",
            Self::RequestVersionTooLow => "urn:oasis:names:tc:SAML:2.0:status:RequestVersionTooLow",
            Self::UnknownPrincipal => "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal",
            Self::UnsupportedBinding => "urn:oasis:names:tc:SAML:2.0:status:UnsupportedBinding",
        }
    }
}

impl Status {
    /// The request was carried out.
    pub const SUCCESS: Self = Self { code: StatusCode::Success, reason: None, message: None };

    /// The sender's fault.
    #[must_use]
    pub fn requester(reason: StatusReason, message: impl Into<String>) -> Self {
        Self { code: StatusCode::Requester, reason: Some(reason), message: Some(message.into()) }
    }

    /// Not the sender's fault.
    #[must_use]
    pub fn responder(reason: StatusReason, message: impl Into<String>) -> Self {
        Self { code: StatusCode::Responder, reason: Some(reason), message: Some(message.into()) }
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.open(samlp("Status"), &[]);
        writer.open(samlp("StatusCode"), &[("Value", Some(self.code.uri()))]);
        if let Some(reason) = self.reason {
            writer.leaf(samlp("StatusCode"), &[("Value", Some(reason.uri()))], "");
        }
        writer.close();
        if let Some(message) = &self.message {
            writer.leaf(samlp("StatusMessage"), &[], message);
        }
        writer.close();
    }
}

/// Everything an error response says.
#[derive(Clone, Debug)]
pub struct StatusResponseSpec {
    /// `Response@ID`, an NCName.
    pub response_id: String,
    /// The `ID` of the request that is answered.
    pub in_response_to: Option<String>,
    /// `IssueInstant` in unix seconds.
    pub issue_instant: i64,
    /// The registered assertion consumer service.
    pub destination: String,
    /// The entity identifier of this identity provider.
    pub issuer: String,
    /// What went wrong; not `Success`.
    pub status: Status,
}

/// Builds and signs a `Response` without an assertion (core §3.3.3).
///
/// # Errors
/// [`SamlError::Malformed`] when an identifier is not an NCName, a required value is empty, or the status is success,
/// which only an assertion can follow; [`SamlError::Key`] when the algorithm does not fit the key.
pub fn build_status(
    spec: &StatusResponseSpec,
    algorithm: SignatureAlgorithm,
    key: &SigningKey,
) -> Result<SignedResponse, SamlError> {
    const WHAT: &str = "response";
    if ![Some(&spec.response_id), spec.in_response_to.as_ref()].into_iter().flatten().all(|id| is_ncname(id)) {
        return Err(SamlError::malformed(WHAT, "an identifier is not an NCName"));
    }
    if spec.destination.is_empty() || spec.issuer.is_empty() {
        return Err(SamlError::malformed(WHAT, "Destination or Issuer is empty"));
    }
    if spec.status.code == StatusCode::Success {
        return Err(SamlError::malformed(WHAT, "success without an assertion"));
    }
    let mut writer = Writer::with_capacity(2048 + signature::OVERHEAD + key.certificate_base64().len());
    writer.open(
        samlp("Response"),
        &[
            ("ID", Some(&spec.response_id)),
            ("Version", Some("2.0")),
            ("IssueInstant", Some(&instant(spec.issue_instant))),
            ("Destination", Some(&spec.destination)),
            ("InResponseTo", spec.in_response_to.as_deref()),
        ],
    );
    writer.leaf(saml("Issuer"), &[], &spec.issuer);
    let place = writer.position();
    spec.status.write(&mut writer);
    let mut xml = writer.finish();
    let whole = 0..xml.len();
    envelop(&mut xml, whole, place, &spec.response_id, algorithm, key)?;
    Ok(SignedResponse { xml })
}

#[cfg(test)]
mod tests;
