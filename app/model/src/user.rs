use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Attributes, Role};

/// A person (or a service account) of the directory. The username is its natural key: compared without regard to case, kept as written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct User {
    pub username: String,
    /// Immutable and opaque; what persistent name identifiers are made from.
    pub uid: String,
    pub name: String,
    pub given_name: String,
    pub family_name: String,
    pub email: String,
    pub active: bool,
    pub role: Role,
    pub service_account: bool,
    /// The groups this user is a direct member of, by name.
    pub groups: BTreeSet<String>,
    pub attributes: Attributes,
}

impl User {
    /// What a user name may be: 1 to 128 characters without white space or control characters, and no folder of an address.
    pub fn username_fault(username: &str) -> Option<&'static str> {
        let length = username.chars().count();
        if length == 0 || length > 128 {
            return Some("a user name has 1 to 128 characters");
        }
        if username.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Some("a user name has no spaces or control characters");
        }
        if crate::name::is_folder(username) {
            return Some("`.` and `..` are no user names: in an address they mean a folder");
        }
        None
    }
}

/// A row of the user list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UserRow {
    pub username: String,
    pub name: String,
    pub email: String,
    pub active: bool,
    pub role: Role,
}
