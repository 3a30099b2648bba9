use serde::{Deserialize, Serialize};

/// Who or what a binding asks about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BindingSubject {
    Group(String),
    User(String),
    Policy(String),
}

/// One test on the way into an application: member of a group, this very user, or a policy that passes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "Written", into = "Written")]
pub struct AccessBinding {
    pub subject: BindingSubject,
    /// Turns the answer round.
    pub negate: bool,
    /// Bindings are asked in ascending order.
    pub order: i32,
    pub enabled: bool,
    /// The answer when the policy itself fails (raises, runs out of time). Never turned round by `negate`.
    pub failure_result: bool,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    policy: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    negate: bool,
    #[serde(default)]
    order: i32,
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    enabled: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    failure_result: bool,
}

fn yes() -> bool {
    true
}

impl TryFrom<Written> for AccessBinding {
    type Error = &'static str;
    fn try_from(w: Written) -> Result<Self, Self::Error> {
        let subject = match (w.group, w.user, w.policy) {
            (Some(name), None, None) => BindingSubject::Group(name),
            (None, Some(name), None) => BindingSubject::User(name),
            (None, None, Some(name)) => BindingSubject::Policy(name),
            _ => return Err("a binding names exactly one of `group`, `user` and `policy`"),
        };
        Ok(Self { subject, negate: w.negate, order: w.order, enabled: w.enabled, failure_result: w.failure_result })
    }
}

impl From<AccessBinding> for Written {
    fn from(b: AccessBinding) -> Self {
        let (group, user, policy) = match b.subject {
            BindingSubject::Group(name) => (Some(name), None, None),
            BindingSubject::User(name) => (None, Some(name), None),
            BindingSubject::Policy(name) => (None, None, Some(name)),
        };
        Self {
            group,
            user,
            policy,
            negate: b.negate,
            order: b.order,
            enabled: b.enabled,
            failure_result: b.failure_result,
        }
    }
}
