//! The parameters of a form.

use crate::fault::Fault;

/// A form, decoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters(pub(crate) Vec<(String, String)>);

impl Parameters {
    /// A parameter that may be absent; an empty one is absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// A parameter that must be there.
    pub(crate) fn require(&self, name: &str) -> Result<&str, Fault> {
        self.get(name).ok_or_else(|| {
            let mut first = name.chars();
            let lower: String = first.next().map(|c| c.to_ascii_lowercase()).into_iter().chain(first).collect();
            Fault::validation(format!(
                "1 validation error detected: Value null at '{lower}' failed to satisfy constraint: Member must not be null"
            ))
        })
    }

    /// A whole number that may be absent.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, Fault> {
        let parse = |text: &str| text.parse().map_err(|_| Fault::new(400, "MalformedInput", "Unexpected character"));
        self.get(name).map(parse).transpose()
    }
}
