use serde_json::{Map, Value};

/// What an expression may read. Built by the caller; nothing is fetched while the expression runs.
#[derive(Debug, Clone, Default)]
pub struct Context {
    pub user: Option<UserContext>,
    /// Set where a SCIM group is rendered.
    pub group: Option<Map<String, Value>>,
    pub provider: Map<String, Value>,
    pub application: Map<String, Value>,
    pub request: Map<String, Value>,
}

#[derive(Debug, Clone, Default)]
pub struct UserContext {
    pub username: String,
    pub name: String,
    pub given_name: String,
    pub family_name: String,
    pub email: String,
    pub uid: String,
    pub is_active: bool,
    pub attributes: Map<String, Value>,
    /// All groups, ancestors included, by name.
    pub groups: Vec<GroupContext>,
    /// What `user.group_attributes()` gives.
    pub group_attributes: Map<String, Value>,
}

#[derive(Debug, Clone)]
pub struct GroupContext {
    pub name: String,
    pub attributes: Map<String, Value>,
}
