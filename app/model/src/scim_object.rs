use serde::{Deserialize, Serialize};

/// An object at the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimObjectRow {
    /// `user` or `group`.
    pub kind: String,
    /// `userName` or `displayName` there.
    pub name: String,
    /// Our identifier, which the addresses of an object have: of a user the `uid`, of a group the name that it was made
    /// with. Empty for what is not ours.
    pub local: String,
    /// Of a group of ours: its name here now, which differs from `local` where it was renamed. Empty for users, for what
    /// is not ours, and for a group that is here no more.
    pub here: String,
    /// Its identifier there; empty while it is not there.
    pub remote: String,
    /// `active`, `deactivated`, `foreign`; `parked` where the service refused it, it cannot be sent as it is, or a mapping or
    /// a policy fails for it.
    pub state: String,
    /// What the service said last, or why it cannot be sent or made, and what helps; empty where nothing is wrong.
    pub words: String,
    pub fix: String,
    /// Of groups.
    pub members: u64,
}

/// One request of a synchronisation of a single object, and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimLogLine {
    /// RFC 3339.
    pub at: String,
    /// Method and path below the address of the endpoint.
    pub request: String,
    /// What was sent, as JSON, cut at some length; empty: nothing.
    pub body: String,
    /// The status, or why there is no answer.
    pub answer: String,
    /// The answer's body, cut at some length.
    pub answer_body: String,
}

/// What the last synchronisation of a single object did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ScimObjectLog {
    /// RFC 3339.
    pub at: String,
    /// How it ended, in a sentence.
    pub outcome: String,
    /// Whether the object is there as it should be.
    pub good: bool,
    pub lines: Vec<ScimLogLine>,
}

/// One object with all that its page shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ScimObjectDetail {
    /// How it stands at the service. None: it is not known to be there, and nothing was refused.
    pub row: Option<ScimObjectRow>,
    /// What the last synchronisation of this object alone did. None: nobody ever asked for one.
    pub log: Option<ScimObjectLog>,
    /// A synchronisation of this object alone was asked for and is not done yet.
    pub waits: bool,
}
