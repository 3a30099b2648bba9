//! What Identity Center asks of a verified response.

use jiff::Timestamp;

use super::access_control;
use super::hosts::Hosts;
use super::refusal::PortalRefusal;
use crate::xml::{ASSERTION, Node, PROTOCOL};

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// The one format of NameID.
pub(crate) const EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

/// What a response says and Identity Center acts upon. Times are unix seconds.
#[derive(Clone, Debug)]
pub(crate) struct Claims {
    pub(crate) assertion_id: String,
    pub(crate) name: String,
    pub(crate) recipient: String,
    pub(crate) in_response_to: Option<String>,
    pub(crate) session_end: Option<i64>,
    pub(crate) access_control: Vec<(String, String)>,
}

/// What can be said before any signature: whether it is a success with one plain assertion.
pub(crate) fn shape(response: &Node) -> Result<(), PortalRefusal> {
    let status = response.only(PROTOCOL, "Status").and_then(|status| status.only(PROTOCOL, "StatusCode"));
    if status.and_then(|status| status.attribute("Value")) != Some(SUCCESS) {
        return Err(PortalRefusal::unexpected("the status is not Success"));
    }
    let everything = response.descendants();
    let count = |name: &str| everything.iter().filter(|node| node.is(ASSERTION, name)).count();
    if ["EncryptedAssertion", "EncryptedID", "EncryptedAttribute"].iter().any(|name| count(name) > 0) {
        return Err(PortalRefusal::unexpected("encryption is not supported"));
    }
    if count("Assertion") == 1 { Ok(()) } else { Err(PortalRefusal::unexpected("there is not exactly one assertion")) }
}

/// Judges a response whose signature held.
pub(crate) fn claims(response: &Node, assertion: &Node, hosts: &Hosts, now: i64) -> Result<Claims, PortalRefusal> {
    let version = |node: &Node| node.attribute("Version") == Some("2.0");
    if !version(response) || !version(assertion) {
        return Err(PortalRefusal::unexpected("the version is not 2.0"));
    }
    let conditions = assertion.only(ASSERTION, "Conditions").ok_or_else(audience)?;
    let restrictions: Vec<_> = conditions.all(ASSERTION, "AudienceRestriction").collect();
    let meant = |one: &&Node| one.all(ASSERTION, "Audience").any(|audience| hosts.is_audience(audience.trimmed()));
    if restrictions.is_empty() || !restrictions.iter().all(meant) {
        return Err(audience());
    }
    let late = |end: Option<i64>| end.is_some_and(|end| end <= now);
    if time(conditions, "NotBefore")?.is_some_and(|start| start > now) || late(time(conditions, "NotOnOrAfter")?) {
        return Err(PortalRefusal::us("the assertion is not valid now"));
    }
    for node in [response, assertion] {
        let issued =
            time(node, "IssueInstant")?.ok_or_else(|| PortalRefusal::unexpected("there is no IssueInstant"))?;
        if issued > now + 300 {
            return Err(PortalRefusal::us("the message is from the future"));
        }
    }
    let (name, recipient, asked) = subject(assertion, now)?;
    if !hosts.accepts(recipient) || response.attribute("Destination") != Some(recipient) {
        return Err(PortalRefusal::unexpected("Destination and Recipient are not the assertion consumer service"));
    }
    let in_response_to = match (response.attribute("InResponseTo"), asked) {
        (None, None) => None,
        (Some(one), Some(other)) if one == other => Some(one.to_owned()),
        (Some(id), _) | (None, Some(id)) => return Err(PortalRefusal::request(id)),
    };
    let statement = assertion.all(ASSERTION, "AuthnStatement").next();
    let statement = statement.ok_or_else(|| PortalRefusal::unexpected("there is no AuthnStatement"))?;
    let session_end = time(statement, "SessionNotOnOrAfter")?;
    if late(session_end) {
        return Err(PortalRefusal::us("the session is over"));
    }
    Ok(Claims {
        assertion_id: assertion.attribute("ID").unwrap_or_default().into(),
        name: name.into(),
        recipient: recipient.into(),
        in_response_to,
        session_end,
        access_control: access_control::read(assertion)?,
    })
}

/// The NameID, and of its one bearer confirmation `Recipient` and `InResponseTo`.
fn subject(assertion: &Node, now: i64) -> Result<(&str, &str, Option<&str>), PortalRefusal> {
    let subject = assertion.only(ASSERTION, "Subject").ok_or_else(PortalRefusal::name_format)?;
    let name = subject.only(ASSERTION, "NameID").ok_or_else(PortalRefusal::name_format)?;
    if name.attribute("Format") != Some(EMAIL) || !is_address(&name.text) {
        return Err(PortalRefusal::name_format());
    }
    let missing = || PortalRefusal::unexpected("there is no bearer confirmation with Recipient and NotOnOrAfter");
    let one = subject.only(ASSERTION, "SubjectConfirmation").filter(|one| one.attribute("Method") == Some(BEARER));
    let data = one.and_then(|one| one.only(ASSERTION, "SubjectConfirmationData")).ok_or_else(missing)?;
    let recipient = data.attribute("Recipient").ok_or_else(missing)?;
    if data.attribute("NotBefore").is_some() {
        return Err(PortalRefusal::unexpected("a bearer confirmation has no NotBefore"));
    }
    if time(data, "NotOnOrAfter")?.ok_or_else(missing)? <= now {
        return Err(PortalRefusal::us("the confirmation is not valid any more"));
    }
    Ok((&name.text, recipient, data.attribute("InResponseTo")))
}

/// An addr-spec of RFC 2822 as people have them: a dot-atom, `@` and a domain. Quoted ones are no user names.
pub(crate) fn is_address(text: &str) -> bool {
    let atom = |part: &str, extra: &str| {
        let legal = |c: char| c.is_alphanumeric() || extra.contains(c);
        !part.is_empty() && part.split('.').all(|atom| !atom.is_empty() && atom.chars().all(legal))
    };
    text.split_once('@').is_some_and(|(local, domain)| atom(local, "!#$%&'*+-/=?^_`{|}~") && atom(domain, "-"))
}

fn audience() -> PortalRefusal {
    PortalRefusal::unexpected("the audience is not this instance")
}

/// SAML times are `xs:dateTime` in UTC (core §1.3.3).
fn time(node: &Node, name: &str) -> Result<Option<i64>, PortalRefusal> {
    let Some(text) = node.attribute(name) else { return Ok(None) };
    let instant = text.ends_with('Z').then(|| text.parse::<Timestamp>().ok()).flatten();
    let wrong = || PortalRefusal::unexpected(format!("{name} is not a time in UTC"));
    instant.map(|instant| Some(instant.as_second())).ok_or_else(wrong)
}
