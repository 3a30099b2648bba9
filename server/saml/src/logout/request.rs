//! `LogoutRequest` (SAML core §3.7.1).
//!
//! A request that is read has a name: one whose name is still encrypted does not exist outside of this crate.

use crate::error::SamlError;
use crate::message::{Head, address, check_children};
use crate::name_id::NameId;
use crate::outbound::Outbound;
use crate::time::{instant, parse_instant};
use crate::xml::chars::is_ncname;
use crate::xml::name::{Name, ds, saml, samlp};
use crate::xml::tree::Element;
use crate::xml::write::Writer;

const WHAT: &str = "LogoutRequest";
/// More sessions of one person at one service provider than this are not logged out one by one.
const MAX_SESSIONS: usize = 256;

/// Somebody is to be logged out. Well formed, but not trusted before its signature is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutRequest {
    /// `ID`: what the response answers to.
    pub id: String,
    /// `Issuer`: who asks.
    pub issuer: String,
    /// `Destination`.
    pub destination: Option<String>,
    /// `IssueInstant` in unix seconds.
    pub issue_instant: i64,
    /// `NotOnOrAfter` in unix seconds: afterwards the request means nothing.
    pub not_on_or_after: Option<i64>,
    /// `Reason`, a URI.
    pub reason: Option<String>,
    /// Who; in clear, also where it came as `EncryptedID`.
    pub name_id: NameId,
    /// Which sessions; none means all of them.
    pub session_indexes: Vec<String>,
}

const CHILDREN: [(Name, bool); 6] = [
    (saml("Issuer"), false),
    (ds("Signature"), false),
    (samlp("Extensions"), false),
    (saml("NameID"), false),
    (saml("EncryptedID"), false),
    (samlp("SessionIndex"), true),
];

impl LogoutRequest {
    /// Reads the request from its root. `open` gives the name that an `EncryptedID` hides, or refuses to.
    pub(crate) fn of(
        root: &Element,
        open: impl FnOnce(&Element) -> Result<NameId, SamlError>,
    ) -> Result<Self, SamlError> {
        if !root.is(samlp(WHAT)) {
            return Err(SamlError::Unsupported { what: "message", why: "it is not a LogoutRequest".into() });
        }
        if root.child(saml("BaseID")).is_some() {
            let why = "only NameID and EncryptedID can say who is meant".into();
            return Err(SamlError::Unsupported { what: WHAT, why });
        }
        check_children(root, &CHILDREN, WHAT)?;
        let head = Head::of(root, WHAT)?;
        head.only_2_0()?;
        let name = match (root.child(saml("NameID")), root.child(saml("EncryptedID"))) {
            (Some(name), None) => Who::InClear(NameId::of(name)?),
            (None, Some(encrypted)) => Who::Encrypted(encrypted),
            (Some(_), Some(_)) => return Err(SamlError::malformed(WHAT, "both NameID and EncryptedID")),
            (None, None) => return Err(SamlError::malformed(WHAT, "NameID is absent")),
        };
        let mut session_indexes = Vec::new();
        for index in root.named(samlp("SessionIndex")) {
            if session_indexes.len() >= MAX_SESSIONS {
                return Err(SamlError::TooLarge { what: "SessionIndex in elements", limit: MAX_SESSIONS });
            }
            if index.elements().next().is_some() {
                return Err(SamlError::malformed(WHAT, "elements inside SessionIndex"));
            }
            session_indexes.push(index.text().trim().to_owned());
        }
        Ok(Self {
            id: head.id,
            issuer: head.issuer,
            destination: head.destination,
            issue_instant: head.issue_instant,
            not_on_or_after: root.attribute("NotOnOrAfter").map(parse_instant).transpose()?,
            reason: address(root, "Reason", WHAT)?,
            // Last, so that the key is asked for nothing that is refused anyway.
            name_id: match name {
                Who::InClear(name) => name,
                Who::Encrypted(element) => open(element)?,
            },
            session_indexes,
        })
    }
}

/// Who is meant, as the request has it.
enum Who<'a> {
    InClear(NameId),
    Encrypted(&'a Element),
}

/// Everything a request of ours says. Times are unix seconds.
#[derive(Clone, Debug)]
pub struct LogoutRequestSpec {
    /// `ID`, an NCName.
    pub id: String,
    /// `IssueInstant`.
    pub issue_instant: i64,
    /// `NotOnOrAfter`.
    pub not_on_or_after: i64,
    /// The `SingleLogoutService` of the service provider.
    pub destination: String,
    /// The entity identifier of this identity provider.
    pub issuer: String,
    /// `Reason`, a URI.
    pub reason: Option<String>,
    /// Who, in every particular as the assertion had it.
    pub name_id: NameId,
    /// Which sessions, as the assertions had them; none means all of them.
    pub session_indexes: Vec<String>,
}

/// Writes a request, to be signed by the binding it is sent by.
///
/// # Errors
/// [`SamlError::Malformed`] when the identifier is not an NCName, or a required value is empty.
pub fn build_logout_request(spec: &LogoutRequestSpec) -> Result<Outbound, SamlError> {
    if !is_ncname(&spec.id) {
        return Err(SamlError::malformed(WHAT, "the identifier is not an NCName"));
    }
    if spec.destination.is_empty() || spec.issuer.is_empty() || spec.name_id.value.is_empty() {
        return Err(SamlError::malformed(WHAT, "Destination, Issuer or NameID is empty"));
    }
    let mut writer = Writer::with_capacity(2048);
    writer.open(
        samlp(WHAT),
        &[
            ("ID", Some(&spec.id)),
            ("Version", Some("2.0")),
            ("IssueInstant", Some(&instant(spec.issue_instant))),
            ("NotOnOrAfter", Some(&instant(spec.not_on_or_after))),
            ("Destination", Some(&spec.destination)),
            ("Reason", spec.reason.as_deref()),
        ],
    );
    writer.leaf(saml("Issuer"), &[], &spec.issuer);
    let place = writer.position();
    spec.name_id.write(&mut writer);
    for index in &spec.session_indexes {
        writer.leaf(samlp("SessionIndex"), &[], index);
    }
    let (id, destination) = (spec.id.clone(), spec.destination.clone());
    Ok(Outbound { parameter: "SAMLRequest", id, xml: writer.finish(), place, destination })
}
