use serde::{Deserialize, Serialize};

use crate::{FieldError, Span};

/// What kind of service is provisioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ScimDialect {
    /// AWS IAM Identity Center.
    #[default]
    Aws,
    /// Any server of RFC 7643 and RFC 7644, by what it says of itself.
    Rfc7644,
}

/// What happens to users who leave the scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Deprovision {
    /// They stay, without access: what is assigned to them is there when they return.
    #[default]
    Deactivate,
    /// They are deleted, at once or when `deprovision_grace` is over.
    Delete,
}

/// What happens to groups that leave the scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GroupDeprovision {
    /// Our members are taken out; the group and what is assigned to it stay.
    #[default]
    Empty,
    /// The group is deleted, and with it, at AWS, every assignment to it.
    Delete,
    /// Nothing.
    Keep,
}

/// What happens to objects that are there already under the name of one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Adoption {
    /// They are left alone, and ours are reported.
    #[default]
    Never,
    /// They become ours.
    SameName,
    /// An administrator decides about each one. On the first connection nothing is written before all are decided.
    Ask,
}

/// What happens to what others changed of ours at the service, when a comparison has found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DriftPolicy {
    /// It is shown, and put right when an administrator says so.
    #[default]
    Report,
    /// It is shown and put right at once.
    Repair,
}

/// How much may be taken away without an administrator's consent, by one plan and within 24 hours; in that time `count` is
/// at least one in a hundred of what was there. More than this waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemovalThreshold {
    /// The most users who lose access, the most groups that are deleted, and the most memberships that are taken from
    /// people who stay, also by deleting a group. What goes with somebody who leaves is counted with the user.
    #[serde(default = "most")]
    pub count: u32,
    /// The largest share of the users, of the groups and of the memberships, in percent.
    #[serde(default = "percent")]
    pub percent: u8,
    /// Up to this many the share does not matter: one of three people is a third.
    #[serde(default = "floor")]
    pub floor: u32,
}

fn most() -> u32 {
    100
}
fn percent() -> u8 {
    20
}
fn floor() -> u32 {
    5
}
/// The shortest time between two comparisons, in seconds.
const SHORTEST_VERIFY: i64 = 300;

/// How often a provider is compared with what is there unless something else is asked for: once a day.
pub fn verify_daily() -> Option<Span> {
    Some(Span::seconds(86_400))
}
fn yes() -> bool {
    true
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_true(flag: &bool) -> bool {
    *flag
}

impl Default for RemovalThreshold {
    fn default() -> Self {
        Self { count: most(), percent: percent(), floor: floor() }
    }
}

/// A service that users and groups are pushed to. Its tokens are not part of it: they are kept sealed and never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScimProvider {
    pub name: String,
    /// Base of the SCIM endpoint, as the service's console shows it.
    pub url: String,
    #[serde(default)]
    pub dialect: ScimDialect,
    /// Property mappings that render a user. None named: the managed default.
    #[serde(default)]
    pub user_mappings: Vec<String>,
    /// Property mappings that render a group. None named: the managed default.
    #[serde(default)]
    pub group_mappings: Vec<String>,
    /// Which groups are pushed, and with them only their members. None named: all groups, and everybody in scope.
    #[serde(default)]
    pub groups: Vec<String>,
    #[serde(default = "yes")]
    pub exclude_service_accounts: bool,
    #[serde(default)]
    pub deprovision: Deprovision,
    /// Where users are deleted: how long they stay deactivated before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprovision_grace: Option<Span>,
    #[serde(default)]
    pub group_deprovision: GroupDeprovision,
    #[serde(default)]
    pub adopt: Adoption,
    /// Names at the service that are never touched; `*` stands for any text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protected: Vec<String>,
    #[serde(default)]
    pub removal_threshold: RemovalThreshold,
    /// Writes a second. None: what the service is known to take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writes_per_second: Option<u32>,
    /// How often what is there is compared with what we put there. None: only on demand.
    #[serde(default = "verify_daily")]
    pub verify_every: Option<Span>,
    #[serde(default)]
    pub drift: DriftPolicy,
    /// Whether changes are sent at all.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub enabled: bool,
}

impl ScimProvider {
    /// A provider with everything as it is unless something else is asked for.
    pub fn new(name: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            url: url.into(),
            dialect: ScimDialect::default(),
            user_mappings: Vec::new(),
            group_mappings: Vec::new(),
            groups: Vec::new(),
            exclude_service_accounts: true,
            deprovision: Deprovision::default(),
            deprovision_grace: None,
            group_deprovision: GroupDeprovision::default(),
            adopt: Adoption::default(),
            protected: Vec::new(),
            removal_threshold: RemovalThreshold::default(),
            writes_per_second: None,
            verify_every: verify_daily(),
            drift: DriftPolicy::default(),
            enabled: true,
        }
    }

    /// What is wrong with the numbers and times, whatever else there is: the same in the browser and on the server.
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut add = |field: &str, message: &str| faults.push(FieldError::new(field, message));
        if self.deprovision_grace.is_some_and(|grace| grace.as_seconds() < 0) {
            add("deprovision_grace", "this is zero or positive, such as 30d");
        }
        if self.removal_threshold.percent > 100 {
            add("removal_threshold.percent", "this is 0 to 100");
        }
        if self.writes_per_second.is_some_and(|rate| rate == 0 || rate > 10_000) {
            add("writes_per_second", "this is 1 to 10000");
        }
        if self.verify_every.is_some_and(|every| every.as_seconds() < SHORTEST_VERIFY) {
            add(
                "verify_every",
                "a comparison reads everything: leave at least 5m between two, or have none: null in a file, empty in the form",
            );
        }
        faults
    }
}
