//! Whether a request is accepted, and if not, who is told: the service provider by a status, or the person by a page.
//!
//! A status may only go to an address that is registered for the issuer. So everything that could make the message
//! somebody else's, stale or addressed elsewhere comes first, and ends on a page (profiles §4.1.4.1; bindings §3.4.5.2,
//! §3.5.5.2); only then do the demands of the request matter.

use super::AuthnRequest;
use crate::acs::Acs;
use crate::binding::POST;
use crate::error::excerpt;
use crate::status::{Status, StatusCode, StatusReason};
use crate::trust::{Distrust, addressed, fresh};

const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// What is known of the sender, and what can be given to it. Times are unix seconds.
#[derive(Clone, Copy, Debug)]
pub struct Expectations<'a> {
    /// Now.
    pub now: i64,
    /// How far the clocks may be apart, in seconds.
    pub skew: i64,
    /// How old a request may be, in seconds.
    pub lifetime: i64,
    /// Our addresses that a request may be addressed to, each spelled as in our metadata.
    pub destinations: &'a [String],
    /// The assertion consumer services registered for the issuer.
    pub acs: &'a [Acs],
    /// The `NameID` formats that can be given, the preferred one first.
    pub name_id_formats: &'a [String],
    /// The authentication contexts that can be reached, from the weakest to the strongest.
    pub authn_contexts: &'a [String],
}

/// What to do for a request that is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Where the response goes.
    pub acs: Acs,
    /// The format of `NameID`.
    pub name_id_format: String,
    /// The contexts that satisfy the request, from the weakest to the strongest; one of them must be reached.
    pub authn_contexts: Vec<String>,
}

/// Why a request is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The service provider is told, at an address registered for it.
    Answer {
        /// Where.
        acs: Box<Acs>,
        /// What.
        status: Status,
    },
    /// The person is told, because the message cannot be trusted or there is no address to answer to.
    Page(Distrust),
}

/// Holds a request against what is known of its sender.
///
/// # Errors
/// [`Refusal`], which says who must be told.
pub fn check(request: &AuthnRequest, expected: &Expectations<'_>) -> Result<Accepted, Refusal> {
    addressed(request.destination.as_deref(), request.signed, expected.destinations).map_err(Refusal::Page)?;
    fresh(request.issue_instant, expected.now, expected.skew, expected.lifetime).map_err(Refusal::Page)?;
    let acs = service(request, expected.acs).map_err(Refusal::Page)?;
    let answer = |status| Refusal::Answer { acs: Box::new(acs.clone()), status };
    version(&request.version).map_err(answer)?;
    if let Some(binding) = request.protocol_binding.as_deref().filter(|binding| *binding != POST) {
        let text = format!("responses go by HTTP-POST, not by {}", excerpt(binding));
        return Err(answer(Status::requester(StatusReason::UnsupportedBinding, text)));
    }
    let name_id_format = format(request, expected.name_id_formats).map_err(answer)?;
    let authn_contexts = contexts(request, expected.authn_contexts).map_err(answer)?;
    if request.other_subject {
        let text = "a subject is named by a NameID that is not encrypted";
        return Err(answer(Status::requester(StatusReason::RequestUnsupported, text)));
    }
    if request.confirmations.iter().any(|method| method != BEARER) {
        let text = "the only subject confirmation given is bearer";
        return Err(answer(Status::requester(StatusReason::RequestUnsupported, text)));
    }
    Ok(Accepted { acs: acs.clone(), name_id_format, authn_contexts })
}

/// Core §3.4.1: by address, by index, or the default. Addresses are compared character by character: whatever is
/// cleverer than that has let `https://sp.example.evil/` pass for `https://sp.example/` somewhere.
fn service<'a>(request: &AuthnRequest, registered: &'a [Acs]) -> Result<&'a Acs, Distrust> {
    let mut offered = registered.iter().filter(|acs| acs.binding == POST);
    match (&request.acs_url, request.acs_index) {
        (Some(url), _) => offered.find(|acs| acs.url == *url).ok_or_else(|| Distrust::Url(excerpt(url))),
        (None, Some(index)) => offered.find(|acs| acs.index == index).ok_or(Distrust::Index(index)),
        (None, None) => Acs::default_of(registered).ok_or(Distrust::NoService),
    }
}

/// Core §4.1.3.2.
fn version(version: &str) -> Result<(), Status> {
    if version == "2.0" {
        return Ok(());
    }
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    let reason = major.map(|major| match major {
        0..=1 => StatusReason::RequestVersionTooLow,
        _ => StatusReason::RequestVersionTooHigh,
    });
    let message = Some("SAML 2.0 is spoken here".to_owned());
    Err(Status { code: StatusCode::VersionMismatch, reason, message })
}

/// Core §3.4.1.1.
fn format(request: &AuthnRequest, offered: &[String]) -> Result<String, Status> {
    let invalid = |text: String| Status::requester(StatusReason::InvalidNameIdPolicy, text);
    if request.sp_name_qualifier.as_ref().is_some_and(|qualifier| *qualifier != request.issuer) {
        return Err(invalid("SPNameQualifier names an affiliation; identifiers are made for the issuer only".into()));
    }
    let asked = request.name_id_format.as_deref().filter(|format| !format.is_empty() && *format != UNSPECIFIED);
    let chosen = match asked {
        None => offered.first(),
        Some(format) => offered.iter().find(|other| *other == format),
    };
    chosen.cloned().ok_or_else(|| invalid(format!("{} is not offered", excerpt(asked.unwrap_or(UNSPECIFIED)))))
}

fn contexts(request: &AuthnRequest, offered: &[String]) -> Result<Vec<String>, Status> {
    let Some(demand) = &request.authn_context else { return Ok(offered.to_vec()) };
    let satisfying = demand.satisfied_by(offered);
    if satisfying.is_empty() {
        let text = "none of the authentication contexts asked for can be reached";
        return Err(Status::responder(StatusReason::NoAuthnContext, text));
    }
    Ok(satisfying.into_iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests;
