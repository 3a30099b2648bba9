use std::collections::BTreeSet;

use model::{Attributes, Group};
use serde::{Deserialize, Serialize};

/// A group as a file writes it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredGroup {
    pub name: String,
    /// The name that it had before. A group of that name is renamed as long as there is none of the new one; after that
    /// the line says what services know the group by, and changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
    #[serde(default)]
    pub attributes: Attributes,
    #[serde(default)]
    pub parents: BTreeSet<String>,
}

impl DeclaredGroup {
    /// The group that is meant.
    pub(super) fn group(&self) -> Group {
        Group { name: self.name.clone(), attributes: self.attributes.clone(), parents: self.parents.clone() }
    }

    /// `first_name`: the name that it was made with, where it has another now.
    pub(super) fn of(group: Group, first_name: Option<&str>) -> Self {
        let Group { name, attributes, parents } = group;
        Self { name, renamed_from: first_name.map(str::to_owned), attributes, parents }
    }
}
