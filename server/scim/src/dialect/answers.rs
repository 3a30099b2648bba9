//! What a service answers to what it refuses, in its own words, as data.

use crate::dialect::attribute::{Attribute, Charset};
use serde::{Deserialize, Serialize};

/// What a service would answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Forecast {
    /// The HTTP status.
    pub status: u16,
    /// The `detail` of the error (RFC 7644 §3.12).
    pub words: String,
}

/// The words of a service. In braces stands what is put in: `{path}` of an attribute, `{most}`, `{pattern}`, `{rule}` that
/// a value breaks, `{count}` of broken rules and all of the `{violations}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answers {
    /// The status of what is not valid.
    pub invalid: u16,
    /// An attribute, a shape, a name or characters that are not supported.
    pub violates: &'static str,
    /// Values that break rules of their attributes.
    pub constraints: &'static str,
    /// One of the `{violations}`.
    pub violation: &'static str,
    /// The rule of what is required.
    pub absent: &'static str,
    /// The rule of a length.
    pub longest: &'static str,
    /// The rule of characters.
    pub pattern: &'static str,
    /// The pattern of texts without spaces, as the service prints it.
    pub solid: &'static str,
    /// The pattern of texts with spaces, as the service prints it.
    pub prose: &'static str,
    /// More values than a list takes.
    pub crowded: &'static str,
    /// The same for attributes of which the service says it in other words.
    pub crowded_otherwise: &'static [(&'static str, &'static str)],
    /// The status of a value that another object has.
    pub conflict: u16,
    /// A value that another object has.
    pub taken: &'static str,
}

impl Answers {
    /// To an attribute, a shape, a name or characters that are not supported.
    #[must_use]
    pub fn violates(&self) -> Forecast {
        self.invalid(self.violates.to_owned())
    }

    /// To more values at `path` than the `most` that a list takes.
    #[must_use]
    pub fn crowded(&self, path: &str, most: usize) -> Forecast {
        let words = self.crowded_otherwise.iter().find(|(of, _)| *of == path).map_or(self.crowded, |(_, words)| words);
        self.invalid(words.replace("{path}", path).replace("{most}", &most.to_string()))
    }

    /// To a text that `strange` characters or its length forbid; where both are good, something else about it is not.
    #[must_use]
    pub fn text(&self, attribute: &Attribute, path: &str, too_long: bool, strange: bool) -> Forecast {
        let pattern = if attribute.charset == Charset::Solid { self.solid } else { self.prose };
        let longest = self.longest.replace("{most}", &attribute.longest.to_string());
        let pattern = self.pattern.replace("{pattern}", pattern);
        let rules = [too_long.then_some(longest), strange.then_some(pattern)];
        let rules: Vec<String> = rules.into_iter().flatten().collect();
        if rules.is_empty() { self.violates() } else { self.broken(path, &rules) }
    }

    /// To a required attribute that is not there.
    #[must_use]
    pub fn absent(&self, path: &str) -> Forecast {
        self.broken(path, &[self.absent.to_owned()])
    }

    /// To a value that another object has.
    #[must_use]
    pub fn taken(&self) -> Forecast {
        Forecast { status: self.conflict, words: self.taken.to_owned() }
    }

    /// To a value at `path` that breaks rules.
    fn broken(&self, path: &str, rules: &[String]) -> Forecast {
        // A service prints the way to a part of an extension with dots, also where a PATCH has a colon.
        let inside = path.strip_prefix("urn:").and_then(|rest| rest.rsplit_once(':'));
        let path = inside.map_or_else(|| path.to_owned(), |(urn, part)| format!("urn:{urn}.{part}"));
        let violation = |rule: &String| self.violation.replace("{path}", &path).replace("{rule}", rule);
        let violations: Vec<String> = rules.iter().map(violation).collect();
        let words = self.constraints.replace("{count}", &rules.len().to_string());
        self.invalid(words.replace("{violations}", &violations.join("; ")))
    }

    fn invalid(&self, words: String) -> Forecast {
        Forecast { status: self.invalid, words }
    }
}
