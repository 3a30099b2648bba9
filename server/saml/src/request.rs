//! An `AuthnRequest` from a service provider (SAML core §3.4.1) over the POST or the Redirect binding.
//!
//! The guarded reader makes the one tree from which every value is taken, and from which a signature is verified.
//! `samael` then reads the same bytes as a second opinion: where the two do not agree on who asks and where the answer
//! shall go, the document was written to be read in two ways, and is refused.
//!
//! Nothing here is trusted yet: whether the issuer is known, the consumer address registered and the request fresh is
//! decided by [`check`].

mod accept;
mod context;

pub use accept::{Accepted, Expectations, Refusal, check};
pub use context::{Comparison, RequestedAuthnContext};

use crate::encoding::{decode, inflate};
use crate::error::{SamlError, excerpt};
use crate::message::{Head, address, check_children, flag};
use crate::name_id::NameId;
use crate::xml::limits::Limits;
use crate::xml::name::{ds, saml, samlp};
use crate::xml::read;
use crate::xml::tree::Element;

const WHAT: &str = "AuthnRequest";

const PARAMETER: &str = "SAMLRequest";

/// What a service provider asks for. Well formed, but not trusted.
///
/// `Extensions`, `Conditions` and `Scoping` are allowed and not interpreted: nothing is proxied here, and the conditions
/// of an assertion are the identity provider's to set (core §3.4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthnRequest {
    /// `Version`, `2.0` unless only a status can answer.
    pub version: String,
    /// `ID`, an NCName of at most 256 characters: what the response answers to.
    pub id: String,
    /// `Issuer`: who asks, 1 to 1024 characters.
    pub issuer: String,
    /// `Destination`: where the request was meant to go.
    pub destination: Option<String>,
    /// `IssueInstant` in unix seconds.
    pub issue_instant: i64,
    /// `AssertionConsumerServiceURL`: where the response shall go. Only ever to be looked up, never followed.
    pub acs_url: Option<String>,
    /// `AssertionConsumerServiceIndex`. Never together with `acs_url`.
    pub acs_index: Option<u32>,
    /// `ProtocolBinding`: how the response shall travel.
    pub protocol_binding: Option<String>,
    /// `NameIDPolicy@Format`.
    pub name_id_format: Option<String>,
    /// `NameIDPolicy@SPNameQualifier`: for whom the identifier shall be made.
    pub sp_name_qualifier: Option<String>,
    /// `NameIDPolicy@AllowCreate`: whether a new identifier may be made.
    pub allow_create: bool,
    /// `RequestedAuthnContext`: how the person must have signed in.
    pub authn_context: Option<RequestedAuthnContext>,
    /// `Subject/NameID`: about whom the assertion must be.
    pub subject: Option<NameId>,
    /// The subject is named otherwise than by a plain `NameID`: `EncryptedID` or `BaseID`. [`check`] answers that it is not
    /// supported, for nobody can be held against it.
    pub other_subject: bool,
    /// The `Method` of each `SubjectConfirmation` that is asked for.
    pub confirmations: Vec<String>,
    /// `AttributeConsumingServiceIndex`: which set of requested attributes is meant.
    pub attribute_index: Option<u32>,
    /// `ForceAuthn`: the person must sign in afresh.
    pub force_authn: bool,
    /// `IsPassive`: nothing may be shown to the person.
    pub is_passive: bool,
    /// Whether the document holds a `ds:Signature` of its own. Present is not verified.
    pub signed: bool,
}

/// Reads the form field `SAMLRequest` of the POST binding (bindings §3.5.4): base64 of the XML.
///
/// # Errors
/// [`SamlError`] for whatever is not a plain, complete SAML 2.0 `AuthnRequest`.
pub fn parse_post(saml_request_base64: &str) -> Result<AuthnRequest, SamlError> {
    parse(&decode(PARAMETER, saml_request_base64)?)
}

/// Reads the query parameter `SAMLRequest` of the Redirect binding (bindings §3.4.4.1), already percent-decoded: base64
/// of raw DEFLATE of the XML. No more than 128 KiB is ever inflated.
///
/// # Errors
/// [`SamlError`] for whatever is not a plain, complete SAML 2.0 `AuthnRequest`.
pub fn parse_redirect(saml_request_base64: &str) -> Result<AuthnRequest, SamlError> {
    parse(&inflate(PARAMETER, &decode(PARAMETER, saml_request_base64)?)?)
}

fn parse(bytes: &[u8]) -> Result<AuthnRequest, SamlError> {
    let request = AuthnRequest::of(&read::read(bytes, &Limits::MESSAGE)?)?;
    if request.version != "2.0" {
        let why = format!("`{}`, not 2.0", excerpt(&request.version));
        return Err(SamlError::Unsupported { what: "SAML version", why });
    }
    second_opinion(bytes, &request)?;
    Ok(request)
}

impl AuthnRequest {
    /// Reads the request from its root, whatever its version.
    pub(crate) fn of(root: &Element) -> Result<Self, SamlError> {
        if !root.is(samlp(WHAT)) {
            let found = excerpt(&format!("{{{}}}{}", root.namespace, root.local));
            let why = format!("the root is {found}, not AuthnRequest");
            return Err(SamlError::Unsupported { what: "message", why });
        }
        check_children(root, &CHILDREN, WHAT)?;
        let head = Head::of(root, WHAT)?;
        let acs_url = address(root, "AssertionConsumerServiceURL", WHAT)?;
        let acs_index = index(root, "AssertionConsumerServiceIndex")?;
        if acs_index.is_some() && acs_url.is_some() {
            // Core §3.4.1: mutually exclusive.
            return Err(refuse("both an index and an address of the consumer service"));
        }
        let policy = root.child(samlp("NameIDPolicy"));
        let subject = root.child(saml("Subject"));
        let other =
            |subject: &Element| subject.child(saml("EncryptedID")).is_some() || subject.child(saml("BaseID")).is_some();
        if subject.is_some_and(|subject| subject.named(saml("NameID")).count() > 1) {
            return Err(refuse("two NameID in Subject"));
        }
        let confirmations = subject.into_iter().flat_map(|subject| subject.named(saml("SubjectConfirmation")));
        Ok(Self {
            version: head.version,
            id: head.id,
            issuer: head.issuer,
            destination: head.destination,
            issue_instant: head.issue_instant,
            acs_url,
            acs_index,
            protocol_binding: address(root, "ProtocolBinding", WHAT)?,
            name_id_format: policy.map(|p| address(p, "Format", WHAT)).transpose()?.flatten(),
            sp_name_qualifier: policy.map(|p| address(p, "SPNameQualifier", WHAT)).transpose()?.flatten(),
            allow_create: policy.map(|p| flag(p, "AllowCreate", WHAT)).transpose()?.unwrap_or(false),
            authn_context: root.child(samlp("RequestedAuthnContext")).map(RequestedAuthnContext::of).transpose()?,
            subject: subject.and_then(|subject| subject.child(saml("NameID"))).map(NameId::of).transpose()?,
            other_subject: subject.is_some_and(other),
            confirmations: confirmations.map(|c| c.attribute("Method").unwrap_or_default().to_owned()).collect(),
            attribute_index: index(root, "AttributeConsumingServiceIndex")?,
            force_authn: flag(root, "ForceAuthn", WHAT)?,
            is_passive: flag(root, "IsPassive", WHAT)?,
            signed: head.has_signature,
        })
    }
}

/// Core §3.2.1 and §3.4.1; all of them at most once.
const CHILDREN: [(crate::xml::name::Name, bool); 8] = [
    (saml("Issuer"), false),
    (ds("Signature"), false),
    (samlp("Extensions"), false),
    (saml("Subject"), false),
    (samlp("NameIDPolicy"), false),
    (saml("Conditions"), false),
    (samlp("RequestedAuthnContext"), false),
    (samlp("Scoping"), false),
];

/// `xs:unsignedShort`.
fn index(root: &Element, name: &'static str) -> Result<Option<u32>, SamlError> {
    let parsed = root.attribute(name).map(|value| value.trim().parse::<u16>().map(u32::from)).transpose();
    parsed.map_err(|_| refuse(format!("{name} is out of range")))
}

/// What `samael` cannot read it has no opinion on: it is stricter than the standard about the order of elements.
pub(crate) fn second_opinion(bytes: &[u8], request: &AuthnRequest) -> Result<(), SamlError> {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Ok(other) = text.parse::<samael::schema::AuthnRequest>() else { return Ok(()) };
    let issuer = other.issuer.and_then(|issuer| issuer.value);
    let same = other.id == request.id
        && other.destination == request.destination
        && other.assertion_consumer_service_url == request.acs_url
        && issuer.is_none_or(|issuer| issuer.trim() == request.issuer);
    if same { Ok(()) } else { Err(refuse("two readers of the document do not agree on what it says")) }
}

fn refuse(why: impl Into<String>) -> SamlError {
    SamlError::malformed(WHAT, why)
}

#[cfg(test)]
mod tests;
