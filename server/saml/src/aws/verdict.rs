//! One rule's word on one response.

/// How a rule came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// AWS will accept this.
    Passed,
    /// AWS may accept this, though probably not as meant.
    Warning,
    /// AWS will refuse this.
    Failed,
}

/// One rule's word on one response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsVerdict {
    /// A short name for people, for example `Role pairs`.
    pub rule: &'static str,
    /// How the rule came out.
    pub level: Level,
    /// A sentence with the value that was found.
    pub found: String,
    /// What AWS would show, in its words: those of the service that the response goes to. Empty when the rule passed, or
    /// when AWS says nothing, which `found` then tells.
    pub aws_message: &'static str,
    /// The property mapping that produced the value, or empty.
    pub source: String,
}

impl AwsVerdict {
    pub(super) fn passed(rule: &'static str, found: impl Into<String>) -> Self {
        Self { rule, level: Level::Passed, found: found.into(), aws_message: "", source: String::new() }
    }

    pub(super) fn warning(rule: &'static str, found: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::passed(rule, found) }
    }

    pub(super) fn failed(rule: &'static str, found: impl Into<String>, aws_message: &'static str) -> Self {
        Self { level: Level::Failed, aws_message, ..Self::passed(rule, found) }
    }

    /// An attribute of IAM's in a response for Identity Center.
    pub(super) fn ignored(rule: &'static str, attribute: &str) -> Self {
        Self::warning(rule, format!("{attribute} is for IAM; IAM Identity Center ignores it."))
    }

    pub(super) fn from(mut self, source: &str) -> Self {
        source.clone_into(&mut self.source);
        self
    }
}
