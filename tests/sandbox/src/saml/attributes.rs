//! The attributes of an assertion.

use crate::xml::{ASSERTION, Node};

const PREFIX: &str = "https://aws.amazon.com/SAML/Attributes/";

/// Attributes by name, in order. Of several with one name AWS maps only one: here the first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attributes(Vec<(String, Vec<String>)>);

impl Attributes {
    /// Reads every attribute statement.
    pub(crate) fn read(assertion: &Node) -> Self {
        let mut all: Vec<(String, Vec<String>)> = Vec::new();
        let statements = assertion.all(ASSERTION, "AttributeStatement");
        for attribute in statements.flat_map(|statement| statement.all(ASSERTION, "Attribute")) {
            let name = attribute.attribute("Name").unwrap_or_default();
            if !all.iter().any(|(other, _)| other == name) {
                let values = attribute.all(ASSERTION, "AttributeValue").map(|value| value.text.clone());
                all.push((name.into(), values.collect()));
            }
        }
        Self(all)
    }

    /// The values under the exact name; empty if there is no such attribute.
    pub(crate) fn named(&self, name: &str) -> &[String] {
        self.0.iter().find(|(other, _)| other == name).map_or(&[], |(_, values)| values)
    }

    /// The values of one of AWS's own attributes.
    pub(crate) fn aws(&self, name: &str) -> &[String] {
        self.named(&format!("{PREFIX}{name}"))
    }

    /// The `PrincipalTag:` attributes: key and values.
    pub(crate) fn tags(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().filter_map(|(name, values)| {
            let key = name.strip_prefix(PREFIX)?.strip_prefix("PrincipalTag:")?;
            Some((key, values.as_slice()))
        })
    }
}
