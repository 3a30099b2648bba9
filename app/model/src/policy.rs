use serde::{Deserialize, Serialize};

/// A Python expression that decides: a true result passes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub name: String,
    pub expression: String,
}
