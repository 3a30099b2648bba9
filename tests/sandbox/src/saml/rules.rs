//! What AWS asks of a verified response.

use jiff::Timestamp;

use super::{Attributes, Endpoints, Pair};
use crate::fault::Fault;
use crate::iam::Provider;
use crate::xml::{ASSERTION, Node, PROTOCOL};

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// The time in which AWS wants a response redeemed, in seconds.
const REDEMPTION: i64 = 300;

/// Session tags: key and value.
pub(crate) type Tags = Vec<(String, String)>;

/// What a verified response says and AWS acts upon. Times are unix seconds.
#[derive(Clone, Debug)]
pub(crate) struct Claims {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) format: String,
    pub(crate) recipient: String,
    pub(crate) pairs: Vec<Pair>,
    pub(crate) session_name: String,
    pub(crate) session_duration: Option<i64>,
    pub(crate) session_end: Option<i64>,
    pub(crate) tags: Tags,
    pub(crate) transitive: Vec<String>,
    pub(crate) source_identity: Option<String>,
    pub(crate) attributes: Attributes,
}

/// Judges a response whose signature held, for a provider and by the addresses and the audience of its partition.
pub(crate) fn claims(
    (response, assertion): (&Node, &Node),
    endpoints: &Endpoints,
    provider: &Provider,
    now: i64,
) -> Result<Claims, Fault> {
    let status = response.only(PROTOCOL, "Status").and_then(|s| s.only(PROTOCOL, "StatusCode"));
    let version = |node: &Node| node.attribute("Version") == Some("2.0");
    if status.and_then(|s| s.attribute("Value")) != Some(SUCCESS) || !version(response) || !version(assertion) {
        return Err(Fault::invalid_response());
    }
    let issuer = assertion.only(ASSERTION, "Issuer").ok_or_else(Fault::issuer)?.trimmed().to_owned();

    let conditions = assertion.only(ASSERTION, "Conditions").ok_or_else(Fault::audience)?;
    let restrictions: Vec<_> = conditions.all(ASSERTION, "AudienceRestriction").collect();
    let meant =
        |r: &&Node| r.all(ASSERTION, "Audience").any(|a| endpoints.is_audience(a.trimmed(), provider.arn.partition));
    if restrictions.is_empty() || !restrictions.iter().all(meant) {
        return Err(Fault::audience());
    }

    let subject = assertion.only(ASSERTION, "Subject").ok_or_else(Fault::not_authorized)?;
    let name =
        subject.only(ASSERTION, "NameID").filter(|n| !n.trimmed().is_empty()).ok_or_else(Fault::not_authorized)?;
    let (recipient, until) = confirmation(subject)?;
    if !endpoints.accepts(recipient, &provider.uuid, provider.arn.partition) {
        return Err(Fault::confirmation());
    }
    if response.attribute("Destination") != Some(recipient) {
        return Err(Fault::invalid_response());
    }

    let end = time(conditions, "NotOnOrAfter")?.map_or(until, |end| end.min(until));
    if end <= now {
        return Err(Fault::expired());
    }
    for node in [response, assertion] {
        let issued = time(node, "IssueInstant")?.ok_or_else(Fault::invalid_response)?;
        if now - issued > REDEMPTION {
            return Err(Fault::stale());
        }
        if issued - now > REDEMPTION {
            return Err(Fault::invalid_response());
        }
    }
    if time(conditions, "NotBefore")?.is_some_and(|start| start > now) {
        return Err(Fault::invalid_response());
    }
    let statement = assertion.all(ASSERTION, "AuthnStatement").next().ok_or_else(Fault::invalid_response)?;
    let session_end = time(statement, "SessionNotOnOrAfter")?;
    if session_end.is_some_and(|end| end <= now) {
        return Err(Fault::expired());
    }

    let attributes = Attributes::read(assertion);
    let pairs = Pair::all(&attributes)?;
    let tags = tags(&attributes)?;
    Ok(Claims {
        issuer,
        subject: name.trimmed().into(),
        format: name.attribute("Format").unwrap_or("urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified").into(),
        recipient: recipient.into(),
        pairs,
        session_name: session_name(&attributes)?,
        session_duration: session_duration(&attributes)?,
        session_end,
        transitive: transitive(&attributes, &tags)?,
        tags,
        source_identity: source_identity(&attributes)?,
        attributes,
    })
}

fn confirmation(subject: &Node) -> Result<(&str, i64), Fault> {
    let one = subject.only(ASSERTION, "SubjectConfirmation").filter(|c| c.attribute("Method") == Some(BEARER));
    let data = one.and_then(|c| c.only(ASSERTION, "SubjectConfirmationData")).ok_or_else(Fault::confirmation)?;
    let recipient = data.attribute("Recipient").ok_or_else(Fault::confirmation)?;
    Ok((recipient, time(data, "NotOnOrAfter")?.ok_or_else(Fault::confirmation)?))
}

/// SAML times are `xs:dateTime` in UTC (core §1.3.3).
fn time(node: &Node, name: &str) -> Result<Option<i64>, Fault> {
    let Some(text) = node.attribute(name) else { return Ok(None) };
    let instant = text.ends_with('Z').then(|| text.parse::<Timestamp>().ok()).flatten();
    instant.map(|i| Some(i.as_second())).ok_or_else(Fault::invalid_response)
}

fn is_name(text: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    (2..=64).contains(&text.len()) && text.chars().all(legal)
}

fn session_name(attributes: &Attributes) -> Result<String, Fault> {
    match attributes.aws("RoleSessionName") {
        [] => Err(Fault::session_name_missing()),
        [name] if is_name(name) => Ok(name.clone()),
        _ => Err(Fault::session_name()),
    }
}

fn session_duration(attributes: &Attributes) -> Result<Option<i64>, Fault> {
    match attributes.aws("SessionDuration") {
        [] => Ok(None),
        [one] => {
            let seconds = one.parse().ok().filter(|s| (900..=43_200).contains(s));
            seconds.map(Some).ok_or_else(Fault::invalid_response)
        }
        _ => Err(Fault::invalid_response()),
    }
}

fn source_identity(attributes: &Attributes) -> Result<Option<String>, Fault> {
    match attributes.aws("SourceIdentity") {
        [] => Ok(None),
        [one] if is_name(one) && !one.starts_with("aws:") => Ok(Some(one.clone())),
        _ => Err(Fault::source_identity()),
    }
}

fn tags(attributes: &Attributes) -> Result<Tags, Fault> {
    let mut tags: Tags = Vec::new();
    let legal = |text: &str| text.chars().all(|c| c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c));
    for (key, values) in attributes.tags() {
        let [value] = values else { return Err(Fault::invalid_response()) };
        let sizes = (1..=128).contains(&key.chars().count()) && value.chars().count() <= 256;
        let repeated = tags.iter().any(|(other, _)| other.eq_ignore_ascii_case(key));
        let reserved = key.to_ascii_lowercase().starts_with("aws:");
        if !sizes || repeated || reserved || !legal(key) || !legal(value) {
            return Err(Fault::invalid_response());
        }
        tags.push((key.into(), value.clone()));
    }
    if tags.len() > 50 { Err(Fault::invalid_response()) } else { Ok(tags) }
}

fn transitive(attributes: &Attributes, tags: &Tags) -> Result<Vec<String>, Fault> {
    let keys = attributes.aws("TransitiveTagKeys");
    let known = |key: &String| tags.iter().any(|(tag, _)| tag == key);
    if keys.iter().all(known) { Ok(keys.to_vec()) } else { Err(Fault::invalid_response()) }
}
