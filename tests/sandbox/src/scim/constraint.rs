//! Length and characters of texts, as Identity Center's store has them.

use std::sync::LazyLock;

use regex::Regex;

/// What is asked of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `userName`: 1 to 128 characters, no white space.
    UserName,
    /// `externalId`: 1 to 256 characters, no white space.
    ExternalId,
    /// Everything else: 1 to 1024 characters.
    Text,
}

const TIGHT: &str = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+";
/// As AWS prints it; its own class has the no-break and the ideographic space too.
const LOOSE: &str = r"[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+";
const LOOSE_CLASS: &str = r"[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u{a0}\u{3000}]+";

static TIGHT_TEXT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!(r"\A{TIGHT}\z")).ok());
static LOOSE_TEXT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!(r"\A{LOOSE_CLASS}\z")).ok());

impl Kind {
    fn longest(self) -> usize {
        match self {
            Self::UserName => 128,
            Self::ExternalId => 256,
            Self::Text => 1_024,
        }
    }

    fn pattern(self) -> (&'static str, Option<&'static Regex>) {
        match self {
            Self::UserName | Self::ExternalId => (TIGHT, TIGHT_TEXT.as_ref()),
            Self::Text => (LOOSE, LOOSE_TEXT.as_ref()),
        }
    }

    /// Says in AWS's words what is wrong with the text at `path`.
    pub(crate) fn judge(self, path: &str, text: &str, violations: &mut Vec<String>) {
        let length = text.chars().count();
        if length < 1 {
            violations.push(too_short(path));
        }
        if length > self.longest() {
            violations.push(violation(path, &format!("have length less than or equal to {}", self.longest())));
        }
        let (shown, pattern) = self.pattern();
        if !pattern.is_some_and(|pattern| pattern.is_match(text)) {
            violations.push(violation(path, &format!("satisfy regular expression pattern: {shown}")));
        }
    }
}

/// A required value that is not there.
pub(crate) fn absent(path: &str) -> String {
    violation(path, "not be null")
}

/// An empty text or list.
pub(crate) fn too_short(path: &str) -> String {
    violation(path, "have length greater than or equal to 1")
}

fn violation(path: &str, rule: &str) -> String {
    format!("Value at '{path}' failed to satisfy constraint: Member must {rule}")
}
