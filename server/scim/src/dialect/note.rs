//! What happened to a value on its way out, in words for the administrator.

use crate::dialect::answers::Forecast;
use serde::{Deserialize, Serialize};

/// One remark about one attribute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Note {
    /// The attribute, for example `name.givenName`.
    pub path: String,
    /// What was found or done.
    pub what: String,
    /// The rule behind it.
    pub why: String,
    /// What the administrator can do.
    pub fix: String,
    /// What the service would answer if this alone were sent as it is. `None`: its words are not known, or the rule is ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Forecast>,
}

impl Note {
    /// A remark.
    #[must_use]
    pub fn new(
        path: impl Into<String>,
        what: impl Into<String>,
        why: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { path: path.into(), what: what.into(), why: why.into(), fix: fix.into(), answer: None }
    }

    /// The same with what the service would answer.
    #[must_use]
    pub fn answered(self, answer: Option<Forecast>) -> Self {
        Self { answer, ..self }
    }
}

/// At most 60 characters of a value, for a remark.
pub(crate) fn excerpt(value: &str) -> String {
    const LIMIT: usize = 60;
    let mut cut: String = value.chars().take(LIMIT).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if value.chars().nth(LIMIT).is_some() {
        cut.push('…');
    }
    cut
}
