//! Attributes for access control.

use std::collections::BTreeSet;

use super::PortalRefusal;
use crate::xml::{ASSERTION, Node};

const PREFIX: &str = "https://aws.amazon.com/SAML/Attributes/AccessControl:";
const FORMATS: [&str; 3] = [
    "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified",
    "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
    "urn:oasis:names:tc:SAML:2.0:attrname-format:basic",
];
/// The most of them.
const LIMIT: usize = 50;

/// Reads the `AccessControl:` attributes: key and value, in order.
pub(crate) fn read(assertion: &Node) -> Result<Vec<(String, String)>, PortalRefusal> {
    let mut found = Vec::new();
    let mut names = BTreeSet::new();
    let statements = assertion.all(ASSERTION, "AttributeStatement");
    for attribute in statements.flat_map(|statement| statement.all(ASSERTION, "Attribute")) {
        let name = attribute.attribute("Name").unwrap_or_default();
        let Some(key) = name.strip_prefix(PREFIX) else { continue };
        if !names.insert(name) {
            return Err(refusal(key, "is there twice"));
        }
        if attribute.attribute("NameFormat").is_some_and(|format| !FORMATS.contains(&format)) {
            return Err(refusal(key, "has a NameFormat that SAML does not specify"));
        }
        let value = attribute.only(ASSERTION, "AttributeValue").filter(|_| attribute.children.len() == 1);
        let value = value.ok_or_else(|| refusal(key, "does not have exactly one value"))?;
        if !value.children.is_empty() {
            return Err(refusal(key, "has XML as its value"));
        }
        let fits = (1..=128).contains(&key.chars().count()) && (1..=256).contains(&value.text.chars().count());
        if !fits {
            return Err(refusal(key, "is too long or empty"));
        }
        found.push((key.to_owned(), value.text.clone()));
    }
    if found.len() > LIMIT {
        return Err(PortalRefusal::unexpected("there are more than 50 attributes for access control"));
    }
    Ok(found)
}

fn refusal(key: &str, what: &str) -> PortalRefusal {
    PortalRefusal::unexpected(format!("the attribute for access control {key} {what}"))
}
