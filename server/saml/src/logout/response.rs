//! `LogoutResponse` (SAML core §3.7.2, §3.7.3).

use crate::error::{SamlError, excerpt};
use crate::message::{Head, check_children};
use crate::outbound::Outbound;
use crate::status::{Status, StatusCode, StatusReason};
use crate::time::instant;
use crate::xml::chars::is_ncname;
use crate::xml::name::{Name, ds, saml, samlp};
use crate::xml::tree::Element;
use crate::xml::write::Writer;

const WHAT: &str = "LogoutResponse";

/// What became of a request of ours. Well formed, but not trusted before its signature is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutResponse {
    /// `ID`.
    pub id: String,
    /// `Issuer`: who answers.
    pub issuer: String,
    /// `Destination`.
    pub destination: Option<String>,
    /// `IssueInstant` in unix seconds.
    pub issue_instant: i64,
    /// `InResponseTo`: which request is answered.
    pub in_response_to: Option<String>,
    /// Whether the person is logged out there: the outer status code is success.
    pub success: bool,
    /// Whether others further on could not be told: `PartialLogout` is among the codes (core §3.7.3.2).
    pub partial: bool,
    /// The status codes, from the outermost to the innermost, each a URI.
    pub codes: Vec<String>,
    /// `StatusMessage`.
    pub message: Option<String>,
}

const CHILDREN: [(Name, bool); 4] =
    [(saml("Issuer"), false), (ds("Signature"), false), (samlp("Extensions"), false), (samlp("Status"), false)];

impl LogoutResponse {
    pub(crate) fn of(root: &Element) -> Result<Self, SamlError> {
        if !root.is(samlp(WHAT)) {
            return Err(SamlError::Unsupported { what: "message", why: "it is not a LogoutResponse".into() });
        }
        check_children(root, &CHILDREN, WHAT)?;
        let head = Head::of(root, WHAT)?;
        head.only_2_0()?;
        let in_response_to = root.attribute("InResponseTo").map(str::to_owned);
        if in_response_to.as_deref().is_some_and(|id| !is_ncname(id)) {
            return Err(SamlError::malformed(WHAT, "InResponseTo is not an NCName"));
        }
        let Some(status) = root.child(samlp("Status")) else {
            return Err(SamlError::malformed(WHAT, "Status is absent"));
        };
        let mut codes = Vec::new();
        let mut next = status.child(samlp("StatusCode"));
        while let Some(code) = next {
            codes.push(excerpt(code.attribute("Value").unwrap_or_default()));
            next = code.child(samlp("StatusCode"));
        }
        let Some(outer) = codes.first() else {
            return Err(SamlError::malformed(WHAT, "StatusCode is absent"));
        };
        Ok(Self {
            id: head.id,
            issuer: head.issuer,
            destination: head.destination,
            issue_instant: head.issue_instant,
            in_response_to,
            success: outer == StatusCode::Success.uri(),
            partial: codes.iter().any(|code| code == StatusReason::PartialLogout.uri()),
            codes,
            message: status.child(samlp("StatusMessage")).map(|message| excerpt(message.text().trim())),
        })
    }
}

/// Everything a response of ours says.
#[derive(Clone, Debug)]
pub struct LogoutResponseSpec {
    /// `ID`, an NCName.
    pub id: String,
    /// The `ID` of the request that is answered.
    pub in_response_to: String,
    /// `IssueInstant` in unix seconds.
    pub issue_instant: i64,
    /// The `SingleLogoutService` of the service provider, for responses.
    pub destination: String,
    /// The entity identifier of this identity provider.
    pub issuer: String,
    /// What became of the request; see [`Status::PARTIAL_LOGOUT`].
    pub status: Status,
}

impl Status {
    /// The person is logged out here, but not everywhere (core §3.7.3.2: success outside, `PartialLogout` inside).
    pub const PARTIAL_LOGOUT: Self =
        Self { code: StatusCode::Success, reason: Some(StatusReason::PartialLogout), message: None };
}

/// Writes a response, to be signed by the binding it is sent by.
///
/// # Errors
/// [`SamlError::Malformed`] when an identifier is not an NCName, or a required value is empty.
pub fn build_logout_response(spec: &LogoutResponseSpec) -> Result<Outbound, SamlError> {
    if !is_ncname(&spec.id) || !is_ncname(&spec.in_response_to) {
        return Err(SamlError::malformed(WHAT, "an identifier is not an NCName"));
    }
    if spec.destination.is_empty() || spec.issuer.is_empty() {
        return Err(SamlError::malformed(WHAT, "Destination or Issuer is empty"));
    }
    let mut writer = Writer::with_capacity(1024);
    writer.open(
        samlp(WHAT),
        &[
            ("ID", Some(&spec.id)),
            ("Version", Some("2.0")),
            ("IssueInstant", Some(&instant(spec.issue_instant))),
            ("Destination", Some(&spec.destination)),
            ("InResponseTo", Some(&spec.in_response_to)),
        ],
    );
    writer.leaf(saml("Issuer"), &[], &spec.issuer);
    let place = writer.position();
    spec.status.write(&mut writer);
    let (id, destination) = (spec.id.clone(), spec.destination.clone());
    Ok(Outbound { parameter: "SAMLResponse", id, xml: writer.finish(), place, destination })
}
