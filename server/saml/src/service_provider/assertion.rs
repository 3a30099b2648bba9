//! The assertion inside (core §2.3.3; profiles §4.1.4.2, §4.1.4.3).

use super::envelope::issuer;
use super::{Examined, ServiceProvider};
use crate::aws::Level;
use crate::error::excerpt;
use crate::name_id::NameId;
use crate::response::Attribute;
use crate::time::{instant, parse_instant};
use crate::verify;
use crate::xml::name::{ds, saml};
use crate::xml::tree::Element;

/// What is said of the confirmation.
const CONFIRMATION: &str = "Subject confirmation";
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// The one answer to whatever is wrong with an assertion that does not open.
const CLOSED: &str = "It is encrypted, and the key of this service provider does not open it, or there is no assertion \
                      inside; opened are AES-128 and AES-256 in GCM or CBC under RSA-OAEP with SHA-1 or SHA-256.";

/// Judges the one assertion there must be.
pub fn examine(seen: &mut Examined, root: &Element, response_signed: bool, service: &ServiceProvider<'_>) {
    const RULE: &str = "One assertion";
    let plain: Vec<&Element> = root.named(saml("Assertion")).collect();
    let encrypted: Vec<&Element> = root.named(saml("EncryptedAssertion")).collect();
    match (plain.as_slice(), encrypted.as_slice()) {
        (&[], &[]) => seen.say(RULE, Level::Failed, "There is none."),
        (&[one], &[]) => {
            seen.say(RULE, Level::Passed, "There is one, not encrypted.");
            content(seen, &[root], one, response_signed, service);
        }
        (&[], &[one]) => {
            seen.encrypted = true;
            let Some(key) = service.decryption_key else {
                let text = "It is encrypted to the service: only the service's own key opens it.";
                return seen.say(RULE, Level::Warning, text);
            };
            // Of what does not open nothing more is said, as by every service provider that thinks of oracles.
            let Some(opened) = key.assertion(root, one) else { return seen.say(RULE, Level::Failed, CLOSED) };
            seen.say(RULE, Level::Passed, "There is one, encrypted. The key of this service provider opens it.");
            seen.opened = opened.text;
            content(seen, &[root, one], &opened.element, response_signed, service);
        }
        (some, hidden) => seen.say(RULE, Level::Failed, format!("There are {}.", some.len() + hidden.len())),
    }
}

/// Judges what the assertion says. `outer` are the elements around it, the response first.
fn content(
    seen: &mut Examined,
    outer: &[&Element],
    assertion: &Element,
    response_signed: bool,
    service: &ServiceProvider<'_>,
) {
    seen.assertion_id = assertion.attribute("ID").unwrap_or_default().to_owned();
    if let Ok(issued) = parse_instant(assertion.attribute("IssueInstant").unwrap_or_default()) {
        seen.issued = Some(issued);
    }
    signature(seen, outer, assertion, response_signed, service);
    issuer(seen, assertion, "Issuer of the assertion", service);
    subject(seen, assertion, service);
    conditions(seen, assertion, service);
    authentication(seen, assertion, service);
    attributes(seen, assertion);
}

fn signature(
    seen: &mut Examined,
    outer: &[&Element],
    assertion: &Element,
    response_signed: bool,
    service: &ServiceProvider<'_>,
) {
    const RULE: &str = "Signature of the assertion";
    seen.assertion_signed = assertion.child(ds("Signature")).is_some();
    if !seen.assertion_signed {
        let text = "There is none; the signature of the response covers it. AWS wants the assertion itself signed.";
        let (level, text) = if response_signed {
            (Level::Warning, text)
        } else {
            (Level::Failed, "There is none, and none of the response that holds.")
        };
        return seen.say(RULE, level, text);
    }
    let certificates = service.certificates.iter();
    let by =
        certificates.clone().find(|(_, key)| verify::assertion(outer, assertion, std::slice::from_ref(key)).is_ok());
    match by {
        Some((name, _)) => seen.say(RULE, Level::Passed, format!("It verifies with the certificate of {name}.")),
        None => {
            let all: Vec<_> = certificates.map(|(_, key)| key.clone()).collect();
            let why = verify::assertion(outer, assertion, &all).err().map(|error| error.to_string());
            seen.say(RULE, Level::Failed, format!("{}.", why.unwrap_or_default()));
        }
    }
}

fn subject(seen: &mut Examined, assertion: &Element, service: &ServiceProvider<'_>) {
    let subject = assertion.child(saml("Subject"));
    match subject.and_then(|s| s.child(saml("NameID"))).map(NameId::of) {
        Some(Ok(name_id)) => {
            seen.name_id = name_id.value;
            seen.name_id_format = name_id.format.unwrap_or_default();
            let format = seen.name_id_format.rsplit(':').next().unwrap_or_default();
            let text = format!("`{}`, {}.", excerpt(&seen.name_id), excerpt(format));
            seen.say("NameID", Level::Passed, text);
        }
        Some(Err(error)) => seen.say("NameID", Level::Failed, format!("{error}.")),
        None => seen.say("NameID", Level::Failed, "There is none."),
    }
    let mut bearers = subject.into_iter().flat_map(|s| s.named(saml("SubjectConfirmation")));
    let bearer = bearers.find(|c| c.attribute("Method") == Some(BEARER));
    let Some(data) = bearer.and_then(|c| c.child(saml("SubjectConfirmationData"))) else {
        return seen.say(CONFIRMATION, Level::Failed, "There is no bearer confirmation with its data.");
    };
    seen.recipient = data.attribute("Recipient").unwrap_or_default().to_owned();
    let ends = data.attribute("NotOnOrAfter").and_then(|time| parse_instant(time).ok());
    let trouble = if !service.acs.contains(&seen.recipient) {
        Some(format!("Recipient `{}` is none of this service's addresses.", excerpt(&seen.recipient)))
    } else if data.attribute("NotBefore").is_some() {
        Some("It has a NotBefore, which a bearer confirmation must not.".to_owned())
    } else if data.attribute("InResponseTo") != service.request {
        Some("InResponseTo is not what this service asked.".to_owned())
    } else {
        match ends {
            None => Some("It has no NotOnOrAfter.".to_owned()),
            Some(end) if end.saturating_add(service.skew) <= service.now => {
                Some(format!("It ended at {}.", instant(end)))
            }
            Some(_) => None,
        }
    };
    let good = format!("Bearer, for {}, until {}.", excerpt(&seen.recipient), instant(ends.unwrap_or_default()));
    seen.check(CONFIRMATION, trouble.is_none(), good, trouble.clone().unwrap_or_default());
}

fn conditions(seen: &mut Examined, assertion: &Element, service: &ServiceProvider<'_>) {
    const RULE: &str = "Conditions";
    let Some(conditions) = assertion.child(saml("Conditions")) else {
        return seen.say(RULE, Level::Failed, "There are none.");
    };
    let time = |name| conditions.attribute(name).map(parse_instant);
    let (from, until) = (time("NotBefore"), time("NotOnOrAfter"));
    let trouble = match (&from, &until) {
        (Some(Err(_)), _) | (_, Some(Err(_))) => Some("A bound is no time.".to_owned()),
        (Some(Ok(from)), _) if service.now.saturating_add(service.skew) < *from => {
            Some(format!("They hold from {} on only.", instant(*from)))
        }
        (_, Some(Ok(until))) if until.saturating_add(service.skew) <= service.now => {
            Some(format!("They held until {}.", instant(*until)))
        }
        _ => None,
    };
    seen.not_on_or_after = until.and_then(Result::ok);
    let until = seen.not_on_or_after.map_or_else(|| "without end".to_owned(), |end| format!("until {}", instant(end)));
    seen.check(RULE, trouble.is_none(), format!("They hold now, {until}."), trouble.clone().unwrap_or_default());
    let audiences: Vec<String> = conditions
        .named(saml("AudienceRestriction"))
        .flat_map(|restriction| restriction.named(saml("Audience")))
        .map(|audience| audience.text().trim().to_owned())
        .collect();
    seen.audience = audiences.first().cloned().unwrap_or_default();
    let found = excerpt(&audiences.join(", "));
    seen.check(
        "Audience",
        audiences.iter().any(|audience| audience == service.entity_id),
        format!("{found}, this service."),
        format!("`{found}` is not `{}`.", excerpt(service.entity_id)),
    );
}

fn authentication(seen: &mut Examined, assertion: &Element, service: &ServiceProvider<'_>) {
    const RULE: &str = "Authentication";
    let Some(statement) = assertion.child(saml("AuthnStatement")) else {
        return seen.say(RULE, Level::Failed, "There is no AuthnStatement, so nothing says that anybody signed in.");
    };
    let time = |name| statement.attribute(name).and_then(|time| parse_instant(time).ok());
    seen.session_end = time("SessionNotOnOrAfter");
    let ended = seen.session_end.is_some_and(|end| end.saturating_add(service.skew) <= service.now);
    let when = time("AuthnInstant").map(instant).unwrap_or_default();
    let until = seen.session_end.map(|end| format!("; the session ends at {}", instant(end))).unwrap_or_default();
    seen.check(
        RULE,
        !ended,
        format!("Signed in at {when}{until}."),
        format!("Signed in at {when}{until}, which is over."),
    );
}

fn attributes(seen: &mut Examined, assertion: &Element) {
    const RULE: &str = "Attributes";
    let statements = assertion.named(saml("AttributeStatement"));
    seen.attributes = statements
        .flat_map(|statement| statement.named(saml("Attribute")))
        .map(|attribute| Attribute {
            name: attribute.attribute("Name").unwrap_or_default().to_owned(),
            friendly_name: attribute.attribute("FriendlyName").map(str::to_owned),
            name_format: attribute.attribute("NameFormat").map(str::to_owned),
            values: attribute.named(saml("AttributeValue")).map(Element::text).collect(),
        })
        .collect();
    let mut names: Vec<&str> = seen.attributes.iter().map(|a| a.name.as_str()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    if names.len() < count {
        return seen.say(RULE, Level::Warning, format!("{count}, some of the same name: many services read only one."));
    }
    seen.say(RULE, Level::Passed, format!("{count}, each name once."));
}
