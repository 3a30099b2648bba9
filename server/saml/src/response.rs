//! The `samlp:Response` with its one `saml:Assertion`: SAML core §2 and §3.3.3, the web browser SSO profile
//! (profiles §4.1.4.2) and what AWS asks beyond them.

use crate::error::SamlError;
use crate::key::SigningKey;
use crate::signature::{self, envelop};
use crate::time::instant;
use crate::xml::chars::is_ncname;
use crate::xml::name::{saml, samlp};
use crate::xml::write::Writer;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

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

/// Builds and signs a response.
///
/// # Errors
/// [`SamlError::Malformed`] when an identifier is not an NCName, both are the same, or a value that the standard requires
/// is empty; [`SamlError::Crypto`] when signing fails.
pub fn build(spec: &ResponseSpec, key: &SigningKey) -> Result<SignedResponse, SamlError> {
    check(spec)?;
    let data: usize = spec.attributes.iter().flat_map(|a| &a.values).map(|value| value.len() + 64).sum();
    let signed = 2 * (signature::OVERHEAD + key.certificate_base64().len());
    let mut writer = Writer::with_capacity(4096 + data + signed);
    let issued = instant(spec.issue_instant);

    writer.open(
        samlp("Response"),
        &[
            ("ID", Some(&spec.response_id)),
            ("Version", Some("2.0")),
            ("IssueInstant", Some(&issued)),
            ("Destination", Some(&spec.destination)),
            ("InResponseTo", spec.in_response_to.as_deref()),
        ],
    );
    writer.leaf(saml("Issuer"), &[], &spec.issuer);
    let response_signature = writer.position();
    writer.open(samlp("Status"), &[]);
    writer.leaf(samlp("StatusCode"), &[("Value", Some(SUCCESS))], "");
    writer.close();

    let assertion_start = writer.position();
    writer.open(
        saml("Assertion"),
        &[("ID", Some(&spec.assertion_id)), ("Version", Some("2.0")), ("IssueInstant", Some(&issued))],
    );
    writer.leaf(saml("Issuer"), &[], &spec.issuer);
    let assertion_signature = writer.position();
    subject(&mut writer, spec);
    conditions(&mut writer, spec);
    authn_statement(&mut writer, spec);
    attribute_statement(&mut writer, &spec.attributes);
    writer.close();
    let assertion = assertion_start..writer.position();
    let mut xml = writer.finish();

    // The inner signature is part of what the outer one covers, so it goes first.
    if matches!(spec.sign, Sign::Assertion | Sign::Both) {
        envelop(&mut xml, assertion, assertion_signature, &spec.assertion_id, key.default_algorithm(), key)?;
    }
    if matches!(spec.sign, Sign::Response | Sign::Both) {
        let whole = 0..xml.len();
        envelop(&mut xml, whole, response_signature, &spec.response_id, key.default_algorithm(), key)?;
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

/// Core §2.4, with the one bearer confirmation of profiles §4.1.4.2.
fn subject(writer: &mut Writer, spec: &ResponseSpec) {
    writer.open(saml("Subject"), &[]);
    // No Format at all means `unspecified` (core §2.2.3); an empty one would not be a URI.
    let format = Some(spec.name_id_format.as_str()).filter(|format| !format.is_empty());
    let name_id = [("Format", format), ("SPNameQualifier", spec.sp_name_qualifier.as_deref())];
    writer.leaf(saml("NameID"), &name_id, &spec.name_id);
    writer.open(saml("SubjectConfirmation"), &[("Method", Some(BEARER))]);
    writer.leaf(
        saml("SubjectConfirmationData"),
        &[
            ("InResponseTo", spec.in_response_to.as_deref()),
            ("NotOnOrAfter", Some(&instant(spec.not_on_or_after))),
            ("Recipient", Some(&spec.destination)),
        ],
        "",
    );
    writer.close();
    writer.close();
}

/// Core §2.5.
fn conditions(writer: &mut Writer, spec: &ResponseSpec) {
    let (from, until) = (instant(spec.not_before), instant(spec.not_on_or_after));
    writer.open(saml("Conditions"), &[("NotBefore", Some(&from)), ("NotOnOrAfter", Some(&until))]);
    writer.open(saml("AudienceRestriction"), &[]);
    writer.leaf(saml("Audience"), &[], &spec.audience);
    writer.close();
    writer.close();
}

/// Core §2.7.2.
fn authn_statement(writer: &mut Writer, spec: &ResponseSpec) {
    writer.open(
        saml("AuthnStatement"),
        &[
            ("AuthnInstant", Some(&instant(spec.authn_instant))),
            ("SessionIndex", Some(&spec.session_index)),
            ("SessionNotOnOrAfter", Some(&instant(spec.session_not_on_or_after))),
        ],
    );
    writer.open(saml("AuthnContext"), &[]);
    writer.leaf(saml("AuthnContextClassRef"), &[], &spec.authn_context);
    writer.close();
    writer.close();
}

/// Core §2.7.3. A statement must hold an attribute, so without values there is none. Values carry no `xsi:type`: its
/// prefix would stand in a value, where exclusive canonicalisation does not see it.
fn attribute_statement(writer: &mut Writer, attributes: &[Attribute]) {
    if attributes.iter().all(|attribute| attribute.values.is_empty()) {
        return;
    }
    writer.open(saml("AttributeStatement"), &[]);
    for attribute in attributes.iter().filter(|attribute| !attribute.values.is_empty()) {
        let names = [("Name", Some(attribute.name.as_str())), ("FriendlyName", attribute.friendly_name.as_deref())];
        writer.open(saml("Attribute"), &names);
        for value in &attribute.values {
            writer.leaf(saml("AttributeValue"), &[], value);
        }
        writer.close();
    }
    writer.close();
}

#[cfg(test)]
mod tests;
