//! An `AuthnRequest` from a service provider (SAML core §3.4.1) over the POST or the Redirect binding.
//!
//! The guard looks at the document first and lets nothing pass that two parsers could read differently. Every value is
//! then taken from exactly one parse, that of `samael`. The guard also settles what `samael` leaves open, because it
//! matches by local name only: that the root and its children are in the namespaces they must be in, and that no
//! prefixed attribute can pose as one of SAML's own.
//!
//! Nothing here is trusted yet: whether the issuer is known, the consumer address registered and the request fresh is
//! for the caller to decide.

use crate::error::{SamlError, excerpt};
use crate::xml::chars::is_ncname;
use crate::xml::name::Prefix;
use crate::xml::read::{self, Child, MAX_BYTES};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::DeflateDecoder;
use std::io::Read;

const WHAT: &str = "AuthnRequest";
const MAX_ID: usize = 256;
const MAX_ISSUER: usize = 1024;

/// Some senders leave the padding out; the bytes are the same either way.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a service provider asks for. Well formed, but not trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthnRequest {
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
    parse(&decode(saml_request_base64)?)
}

/// Reads the query parameter `SAMLRequest` of the Redirect binding (bindings §3.4.4.1), already percent-decoded: base64
/// of raw DEFLATE of the XML. No more than 128 KiB is ever inflated.
///
/// # Errors
/// [`SamlError`] for whatever is not a plain, complete SAML 2.0 `AuthnRequest`.
pub fn parse_redirect(saml_request_base64: &str) -> Result<AuthnRequest, SamlError> {
    let deflated = decode(saml_request_base64)?;
    let mut xml = Vec::new();
    // One byte more than allowed is read, to tell a document of the full size from a bomb.
    DeflateDecoder::new(deflated.as_slice())
        .take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut xml)
        .map_err(|_| SamlError::malformed("SAMLRequest", "not raw DEFLATE"))?;
    parse(&xml)
}

fn decode(text: &str) -> Result<Vec<u8>, SamlError> {
    // Four characters for three bytes, and as much again for line breaks.
    if text.len() > MAX_BYTES / 3 * 8 {
        return Err(SamlError::TooLarge { what: "SAMLRequest in characters", limit: MAX_BYTES / 3 * 8 });
    }
    let compact: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    BASE64.decode(compact).map_err(|_| SamlError::malformed("SAMLRequest", "not base64"))
}

fn parse(bytes: &[u8]) -> Result<AuthnRequest, SamlError> {
    let (xml, outline) = read::check(bytes)?;
    if outline.root.namespace != Prefix::Samlp.namespace() || outline.root.local != WHAT {
        let found = excerpt(&format!("{{{}}}{}", outline.root.namespace, outline.root.local));
        return Err(SamlError::Unsupported { what: "message", why: format!("the root is {found}, not AuthnRequest") });
    }
    if outline.root_has_prefixed_attributes {
        return Err(refuse("an attribute with a prefix"));
    }
    outline.children.iter().try_for_each(check_child)?;

    let parsed: samael::schema::AuthnRequest =
        xml.parse().map_err(|error: samael::schema::authn_request::Error| refuse(excerpt(&error.to_string())))?;
    if parsed.version != "2.0" {
        return Err(SamlError::Unsupported {
            what: "SAML version",
            why: format!("`{}`, not 2.0", excerpt(&parsed.version)),
        });
    }
    if !is_ncname(&parsed.id) || parsed.id.chars().count() > MAX_ID {
        return Err(refuse("ID is not an NCName of at most 256 characters"));
    }
    let issuer = parsed.issuer.and_then(|issuer| issuer.value).unwrap_or_default().trim().to_owned();
    if issuer.is_empty() || issuer.chars().count() > MAX_ISSUER {
        return Err(refuse("Issuer does not have 1 to 1024 characters"));
    }
    let acs_index = parsed.assertion_consumer_service_index.map(u32::try_from).transpose();
    let acs_index = acs_index.map_err(|_| refuse("AssertionConsumerServiceIndex is out of range"))?;
    if acs_index.is_some() && parsed.assertion_consumer_service_url.is_some() {
        // Core §3.4.1: mutually exclusive.
        return Err(refuse("both an index and an address of the consumer service"));
    }
    Ok(AuthnRequest {
        id: parsed.id,
        issuer,
        destination: parsed.destination,
        issue_instant: parsed.issue_instant.timestamp(),
        acs_url: parsed.assertion_consumer_service_url,
        acs_index,
        protocol_binding: parsed.protocol_binding,
        name_id_format: parsed.name_id_policy.and_then(|policy| policy.format),
        force_authn: parsed.force_authn.unwrap_or(false),
        is_passive: parsed.is_passive.unwrap_or(false),
        signed: parsed.signature.is_some(),
    })
}

/// A child of the request is in the namespace that its local name belongs to (core §3.2.1, §3.4.1).
fn check_child(child: &Child) -> Result<(), SamlError> {
    let expected = match child.name.local.as_str() {
        "Issuer" | "Subject" | "Conditions" => Prefix::Saml,
        "Signature" => Prefix::Ds,
        "Extensions" | "NameIDPolicy" | "RequestedAuthnContext" | "Scoping" => Prefix::Samlp,
        _ => return Err(refuse(format!("the unknown element `{}`", excerpt(&child.name.local)))),
    };
    if child.name.namespace != expected.namespace() {
        return Err(refuse(format!("`{}` in a foreign namespace", child.name.local)));
    }
    if child.has_prefixed_attributes {
        return Err(refuse(format!("an attribute with a prefix on `{}`", child.name.local)));
    }
    if child.has_elements && child.name.local == "Issuer" {
        return Err(refuse("elements inside Issuer"));
    }
    Ok(())
}

fn refuse(why: impl Into<String>) -> SamlError {
    SamlError::malformed(WHAT, why)
}

#[cfg(test)]
mod tests;
