use serde::{Deserialize, Serialize};

/// What a form of a SCIM provider may choose from: names, and slugs of applications.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ScimChoices {
    pub user_mappings: Vec<String>,
    pub group_mappings: Vec<String>,
    pub groups: Vec<String>,
    pub applications: Vec<String>,
}

/// Whether a person's sign-on at IAM Identity Center can find the user that was pushed: the NameID of the one must equal
/// the userName of the other, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameIdCheck {
    pub username: String,
    pub name_id: String,
    /// The identifier of the format.
    pub format: String,
    /// It is the emailAddress format, and an address.
    pub is_email: bool,
    /// The SCIM provider that would push the user. None: none yet, so the managed mapping was asked.
    pub scim_provider: Option<String>,
    /// The userName that is pushed; empty where none could be made.
    pub user_name: String,
    pub equal: bool,
    pub may_open: bool,
    /// The person is pushed. None: there is no SCIM provider yet.
    pub in_scope: Option<bool>,
    /// What is wrong and what helps, a sentence each; empty: all is well.
    pub problems: Vec<String>,
}
