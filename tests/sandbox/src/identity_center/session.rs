//! A session in the portal.

/// A person who signed in. Times are unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalSession {
    /// The id of the user in the directory.
    pub user_id: String,
    /// The user's name, which was the NameID.
    pub user_name: String,
    /// The display name.
    pub display_name: String,
    /// When it began.
    pub started: i64,
    /// When it ends: the earlier of what the instance gives and what the identity provider allows.
    pub ends: i64,
    /// The attributes for access control: key and value.
    pub access_control: Vec<(String, String)>,
    /// The request that was answered; nothing if the identity provider began.
    pub request_id: Option<String>,
    /// The assertion consumer service that it came by.
    pub consumer_service: String,
    /// What came beside the response.
    pub relay_state: Option<String>,
}
