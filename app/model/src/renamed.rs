use serde::{Deserialize, Serialize};

/// What a rename has done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Renamed {
    /// The name from now on.
    pub name: String,
    /// How many other things named it and name it anew.
    pub followed: u64,
    /// Expressions that speak of the old name. They are code, so they stay as they are: look at them.
    pub mentioned_in: Vec<String>,
}
