//! The response around the assertion (core §3.2.2, bindings §3.5.5.2).

use super::{Examined, ServiceProvider};
use crate::aws::Level;
use crate::error::excerpt;
use crate::time::parse_instant;
use crate::verify;
use crate::xml::name::{ds, saml, samlp};
use crate::xml::tree::Element;

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
/// A response is used at once; this is how long people may take, in seconds.
const LIFETIME: i64 = 300;

/// Judges the response itself; tells whether its own signature holds.
pub fn examine(seen: &mut Examined, root: &Element, service: &ServiceProvider<'_>) -> bool {
    let attribute = |name| root.attribute(name).unwrap_or_default().to_owned();
    seen.response_id = attribute("ID");
    seen.destination = attribute("Destination");
    seen.in_response_to = root.attribute("InResponseTo").map(str::to_owned);
    let version = attribute("Version");
    seen.check("Version", version == "2.0", "SAML 2.0.", format!("`{}`, not 2.0.", excerpt(&version)));
    status(seen, root);
    let destination = excerpt(&seen.destination);
    seen.check(
        "Destination",
        service.acs.contains(&seen.destination),
        format!("{destination}, one of this service's addresses."),
        format!("`{destination}` is none of this service's addresses."),
    );
    issuer(seen, root, "Issuer of the response", service);
    issue_instant(seen, root, service);
    answers(seen, service);
    signature(seen, root, service)
}

fn status(seen: &mut Examined, root: &Element) {
    let status = root.child(samlp("Status"));
    let code = status.and_then(|s| s.child(samlp("StatusCode")));
    let value = code.and_then(|c| c.attribute("Value")).unwrap_or_default();
    let nested = code.and_then(|c| c.child(samlp("StatusCode"))).and_then(|c| c.attribute("Value"));
    let message = status.and_then(|s| s.child(samlp("StatusMessage"))).map(Element::text).unwrap_or_default();
    let short = |uri: &str| excerpt(uri.rsplit(':').next().unwrap_or_default());
    let failed = format!("{} {} {}", short(value), nested.map(short).unwrap_or_default(), excerpt(&message));
    seen.check("Status", value == SUCCESS, "Success.", format!("{}.", failed.trim()));
}

/// `Issuer` may be left out of a response (core §3.2.2) but not of an assertion (core §2.3.3).
pub fn issuer(seen: &mut Examined, element: &Element, rule: &'static str, service: &ServiceProvider<'_>) {
    match element.child(saml("Issuer")).map(|issuer| issuer.text().trim().to_owned()) {
        None if element.is(samlp("Response")) => seen.say(rule, Level::Passed, "There is none, and none is required."),
        None => seen.say(rule, Level::Failed, "There is none."),
        Some(found) => {
            let known = service.issuers.contains(&found);
            let text = excerpt(&found);
            seen.check(
                rule,
                known,
                format!("{text}."),
                format!("`{text}` is not the identity provider that is known."),
            );
            if seen.issuer.is_empty() {
                seen.issuer = found;
            }
        }
    }
}

pub fn issue_instant(seen: &mut Examined, root: &Element, service: &ServiceProvider<'_>) {
    const RULE: &str = "Issue time";
    let Ok(issued) = parse_instant(root.attribute("IssueInstant").unwrap_or_default()) else {
        return seen.say(RULE, Level::Failed, "IssueInstant is no time.");
    };
    seen.issued = Some(issued);
    let age = service.now.saturating_sub(issued);
    let fresh = age >= -service.skew && age <= LIFETIME + service.skew;
    seen.check(
        RULE,
        fresh,
        format!("Issued {} s ago.", age.max(0)),
        format!("Issued {age} s ago; a response is used within {LIFETIME} s."),
    );
}

/// Profiles §4.1.4.3: the answer is to the request that was sent, and to none where none was.
fn answers(seen: &mut Examined, service: &ServiceProvider<'_>) {
    let (found, text) = match &seen.in_response_to {
        Some(id) => (Some(id.as_str()), format!("It answers the request {}.", excerpt(id))),
        None => (None, "It answers no request: sign-on began at the identity provider.".to_owned()),
    };
    let right = found == service.request;
    seen.check("InResponseTo", right, text.clone(), format!("{text} That is not what this service asked."));
}

fn signature(seen: &mut Examined, root: &Element, service: &ServiceProvider<'_>) -> bool {
    const RULE: &str = "Signature of the response";
    if root.child(ds("Signature")).is_none() {
        seen.say(RULE, Level::Passed, "There is none; the assertion must then carry one.");
        return false;
    }
    let by = service.certificates.iter().find(|(_, key)| verify::response(root, std::slice::from_ref(key)).is_ok());
    match by {
        Some((name, _)) => {
            seen.say(RULE, Level::Passed, format!("It verifies with the certificate of {name}."));
            true
        }
        None => {
            let all: Vec<_> = service.certificates.iter().map(|(_, key)| key.clone()).collect();
            let why = verify::response(root, &all).map_or_else(|error| error.to_string(), |_| String::new());
            seen.say(RULE, Level::Failed, format!("{why}."));
            false
        }
    }
}
