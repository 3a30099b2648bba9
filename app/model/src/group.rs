use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Attributes;

/// A group of users. It may have several parents; its members are members of every ancestor too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub name: String,
    #[serde(default)]
    pub attributes: Attributes,
    #[serde(default)]
    pub parents: BTreeSet<String>,
}
