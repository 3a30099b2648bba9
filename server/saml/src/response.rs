//! The `samlp:Response` with its one `saml:Assertion`: SAML core §2 and §3.3.3, the web browser SSO profile
//! (profiles §4.1.4.2) and what AWS asks beyond them.

mod assertion;

use crate::algorithm::SignatureAlgorithm;
use crate::encryption::Encryption;
use crate::error::SamlError;
use crate::key::SigningKey;
use crate::signature::{self, envelop};
use crate::status::Status;
use crate::time::instant;
use crate::xml::chars::is_ncname;
use crate::xml::name::{saml, samlp};
use crate::xml::write::Writer;
use assertion::Written;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Everything a response says. Times are unix seconds; identifiers are unguessable and made by the caller.
#[derive(Clone, Debug)]
pub struct ResponseSpec {
    /// `Response@ID`: an NCName, by habit `_` and hexadecimal digits (core §1.3.4).
    pub response_id: String,
    /// `Assertion@ID`, different from `response_id`.
    pub assertion_id: String,
    /// The `ID` of the request that is answered; `None` when the sign-in began here (profiles §4.1.5).
    pub in_response_to: Option<String>,
    /// `IssueInstant` of both the response and the assertion.
    pub issue_instant: i64,
    /// The assertion consumer service: `Destination` (core §3.2.2) and `Recipient` (core §2.4.1.2) alike.
    pub destination: String,
    /// The entity identifier of this identity provider.
    pub issuer: String,
    /// The entity identifier of the service provider (core §2.5.1.4).
    pub audience: String,
    /// The value of `NameID` (core §2.2.3).
    pub name_id: String,
    /// The format of `NameID`, a URI (core §8.3).
    pub name_id_format: String,
    /// `NameID@SPNameQualifier`, for identifiers made for one service provider (core §8.3.7).
    pub sp_name_qualifier: Option<String>,
    /// `AuthnStatement@SessionIndex` (core §2.7.2).
    pub session_index: String,
    /// When the person signed in here.
    pub authn_instant: i64,
    /// `Conditions@NotBefore` (core §2.5.1.2).
    pub not_before: i64,
    /// `NotOnOrAfter` of the conditions and of the bearer confirmation.
    pub not_on_or_after: i64,
    /// `AuthnStatement@SessionNotOnOrAfter`: when the session at the service provider must end.
    pub session_not_on_or_after: i64,
    /// `AuthnContextClassRef`, a URI (core §2.7.2.2).
    pub authn_context: String,
    /// The attributes, in the order to be sent; one without a value is not sent.
    pub attributes: Vec<Attribute>,
    /// Which elements are signed.
    pub sign: Sign,
}

/// Which elements carry a signature. Each costs one operation with the private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Sign {
    /// The assertion only: what AWS and most others want.
    #[default]
    Assertion,
    /// The response only.
    Response,
    /// The assertion, then the response around it.
    Both,
}

/// An attribute with its values (core §2.7.3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// `Attribute@Name`.
    pub name: String,
    /// `Attribute@FriendlyName`, for people only.
    pub friendly_name: Option<String>,
    /// `Attribute@NameFormat`, a URI. None: it is left out, which means unspecified (core §2.7.3.1).
    pub name_format: Option<String>,
    /// One `AttributeValue` for each.
    pub values: Vec<String>,
}

/// A signed response, to be sent byte for byte: any re-serialisation would break the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedResponse {
    /// The XML, without a declaration.
    pub xml: String,
}

impl SignedResponse {
    /// The value of the form field `SAMLResponse` (bindings §3.5.4): base64 on one line.
    #[must_use]
    pub fn base64(&self) -> String {
        STANDARD.encode(&self.xml)
    }
}

/// What a service provider may want otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct ResponseOptions<'a> {
    /// The signature algorithm; by default that of the key.
    pub algorithm: Option<SignatureAlgorithm>,
    /// `NameID@NameQualifier`: the domain that the identifier belongs to (core §2.2.2).
    pub name_qualifier: Option<&'a str>,
    /// To whom the assertion is encrypted.
    pub encrypt: Option<Encryption<'a>>,
}

/// Builds and signs a response in the plain way: the key's own algorithm, nothing encrypted.
///
/// # Errors
/// As [`build_with`].
pub fn build(spec: &ResponseSpec, key: &SigningKey) -> Result<SignedResponse, SamlError> {
    build_with(spec, &ResponseOptions::default(), key)
}

/// Builds a response: the assertion is signed, then encrypted, then the response around it is signed, each as asked.
///
/// # Errors
/// [`SamlError::Malformed`] when an identifier is not an NCName, both are the same, or a value that the standard requires
/// is empty; [`SamlError::Key`] when the algorithm does not fit the key, or a key or vector for encryption is of the
/// wrong kind or length; [`SamlError::Crypto`] when the library fails.
pub fn build_with(
    spec: &ResponseSpec,
    options: &ResponseOptions<'_>,
    key: &SigningKey,
) -> Result<SignedResponse, SamlError> {
    check(spec)?;
    let algorithm = options.algorithm.unwrap_or_else(|| key.default_algorithm());
    let Written { xml: mut assertion, place } = assertion::write(spec, options.name_qualifier);
    // The inner signature is part of what the outer one covers, so it goes first.
    if matches!(spec.sign, Sign::Assertion | Sign::Both) {
        let whole = 0..assertion.len();
        envelop(&mut assertion, whole, place, &spec.assertion_id, algorithm, key)?;
    }
    if let Some(encryption) = &options.encrypt {
        assertion = encryption.seal(&assertion)?;
    }

    let mut writer = Writer::with_capacity(1024);
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
    Status::SUCCESS.write(&mut writer);
    let end = writer.position();
    let around = writer.finish();
    // The assertion declares every prefix it uses and the response declares none of them, so it stays canonical inside.
    let (before, after) = around.split_at_checked(end).unwrap_or((&around, ""));
    let room = signature::OVERHEAD + key.certificate_base64().len();
    let mut xml = String::with_capacity(around.len() + assertion.len() + room);
    xml.extend([before, &assertion, after]);
    if matches!(spec.sign, Sign::Response | Sign::Both) {
        let whole = 0..xml.len();
        envelop(&mut xml, whole, place, &spec.response_id, algorithm, key)?;
    }
    Ok(SignedResponse { xml })
}

fn check(spec: &ResponseSpec) -> Result<(), SamlError> {
    const WHAT: &str = "response";
    let references = [Some(&spec.response_id), Some(&spec.assertion_id), spec.in_response_to.as_ref()];
    if !references.into_iter().flatten().all(|id| is_ncname(id)) {
        return Err(SamlError::malformed(WHAT, "an identifier is not an NCName"));
    }
    if spec.response_id == spec.assertion_id {
        return Err(SamlError::malformed(WHAT, "response and assertion have the same identifier"));
    }
    for (name, value) in [
        ("Destination", &spec.destination),
        ("Issuer", &spec.issuer),
        ("Audience", &spec.audience),
        ("NameID", &spec.name_id),
        ("SessionIndex", &spec.session_index),
        ("AuthnContextClassRef", &spec.authn_context),
    ] {
        if value.is_empty() {
            return Err(SamlError::malformed(WHAT, format!("{name} is empty")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
