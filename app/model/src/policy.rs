use serde::{Deserialize, Serialize};

/// A Python expression that decides: a true result passes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub name: String,
    pub expression: String,
}

/// A row of the list of policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyRow {
    pub name: String,
    /// Slugs of the applications with a binding that names it.
    pub used_by: Vec<String>,
}

/// One policy, and who uses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyDetail {
    pub version: u64,
    pub policy: Policy,
    /// Slugs of the applications with a binding that names it.
    pub used_by: Vec<String>,
}

/// What a policy said of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PolicyTrial {
    /// The value as JSON, and whether Python takes it as true.
    Answered { passed: bool, json: String },
    /// It raised or is not Python; with the line where that is known.
    Failed { message: String, line: Option<u32> },
}
