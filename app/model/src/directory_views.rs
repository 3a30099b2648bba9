use serde::{Deserialize, Serialize};

use crate::{Group, User};

/// One user with all that is known of it but the password.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UserDetail {
    pub version: u64,
    pub user: User,
    /// Direct groups and all their ancestors.
    pub all_groups: Vec<String>,
    pub has_password: bool,
}

/// A row of the list of groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GroupRow {
    pub name: String,
    pub parents: Vec<String>,
    /// Direct ones.
    pub members: u64,
}

/// One group with its direct members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GroupDetail {
    pub version: u64,
    pub group: Group,
    /// What SCIM services know it by, for as long as it lives: the name that it was made with, unless that was another's.
    pub known_as: String,
    /// Usernames of the direct members.
    pub members: Vec<String>,
    /// Groups that name it as a parent.
    pub children: Vec<String>,
}
