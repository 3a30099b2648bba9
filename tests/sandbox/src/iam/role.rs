//! A role of an account.

use super::TrustPolicy;
use crate::arn::Arn;

/// A role. Times are unix seconds.
#[derive(Clone, Debug)]
pub struct Role {
    /// `arn:aws:iam::ACCOUNT:role/PATH/NAME`
    pub arn: Arn,
    /// `AROA…`
    pub id: String,
    /// Begins and ends with a slash.
    pub path: String,
    /// Free text.
    pub description: Option<String>,
    /// The trust policy as it was given.
    pub document: String,
    /// The longest session that the API gives, in seconds.
    pub max_session: i64,
    /// When it was made.
    pub created: i64,
    pub(crate) trust: TrustPolicy,
}

/// What a role is made from.
#[derive(Clone, Debug)]
pub struct NewRole {
    /// `[\w+=,.@-]{1,64}`
    pub name: String,
    /// Begins and ends with a slash; `/` by default.
    pub path: String,
    /// Free text.
    pub description: Option<String>,
    /// The trust policy, JSON.
    pub trust_policy: String,
    /// 3,600 to 43,200 seconds.
    pub max_session: i64,
}

impl NewRole {
    /// A role with this trust policy and AWS's defaults: path `/`, sessions of an hour.
    #[must_use]
    pub fn new(name: &str, trust_policy: &str) -> Self {
        Self {
            name: name.into(),
            path: "/".into(),
            description: None,
            trust_policy: trust_policy.into(),
            max_session: 3_600,
        }
    }
}
