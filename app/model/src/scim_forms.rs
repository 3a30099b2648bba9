use serde::{Deserialize, Serialize};

/// What a form of a SCIM provider may choose from: names, and slugs of applications.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimChoices {
    pub user_mappings: Vec<String>,
    pub group_mappings: Vec<String>,
    pub groups: Vec<String>,
    pub applications: Vec<String>,
}

/// Whether a person's sign-on at IAM Identity Center can find the user that was pushed: the NameID of the one must equal
/// the userName of the other, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// Whether IAM Identity Center would find everybody in scope of an application.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NameIdReport {
    /// The SCIM provider that pushes them. None: none yet, and there is nothing to compare.
    pub scim_provider: Option<String>,
    /// The NameID is the userName that is pushed, one setting for both; otherwise a mapping of its own makes it.
    pub follows: bool,
    /// People in scope, active and let in, who were looked at.
    pub looked_at: u64,
    /// Everybody was looked at. Of very many people the first are while somebody waits, and all of them in time.
    pub all: bool,
    /// So many of them would not be found.
    pub differ: u64,
    /// The first of those.
    pub shown: Vec<NameIdDifference>,
}

impl NameIdReport {
    /// So many users are looked at while somebody waits, the first by name: some seconds of a processor.
    pub const MOST: u64 = 20_000;

    /// Whether somebody is in scope and all who are would be found.
    pub fn is_good(&self) -> bool {
        self.all && self.looked_at > 0 && self.differ == 0
    }
}

/// Somebody whom IAM Identity Center would not find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NameIdDifference {
    pub username: String,
    /// Empty where none could be made.
    pub name_id: String,
    /// What the person is called there, or will be.
    pub user_name: String,
    /// What is wrong, in a sentence.
    pub why: String,
}
