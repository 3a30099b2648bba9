use serde::{Deserialize, Serialize};

/// How one step of the access decision answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessStep {
    /// `group aws-admins`, `policy office-hours` …
    pub binding: String,
    pub passed: bool,
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Granted,
    Denied,
}

/// Why a person may or may not open an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessTrace {
    pub decision: Decision,
    pub summary: String,
    pub steps: Vec<AccessStep>,
}

/// One attribute of the assertion and where its values came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PreviewAttribute {
    pub name: String,
    pub friendly_name: Option<String>,
    pub values: Vec<String>,
    /// The mapping's name, or `role table`.
    pub source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum VerdictStatus {
    Passed,
    Warning,
    Failed,
}

/// What AWS would say to one of its rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verdict {
    pub rule: String,
    pub status: VerdictStatus,
    /// What was found, with the value.
    pub found: String,
    /// The error AWS would show, word for word; empty where it passed.
    pub aws_message: String,
    /// The mapping the value came from; empty where none.
    pub source: String,
}

/// The very response a person would get, without a session being made or anything sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Preview {
    pub application: String,
    pub username: String,
    pub access: AccessTrace,
    pub name_id: String,
    pub name_id_format: String,
    pub attributes: Vec<PreviewAttribute>,
    pub verdicts: Vec<Verdict>,
    /// Mappings that failed: name and message with line and column.
    pub mapping_errors: Vec<(String, String)>,
    /// The response as it would be sent; empty where none would be. Only the command that runs with the master key has the
    /// values of its signatures.
    pub xml: String,
}
