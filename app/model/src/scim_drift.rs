use serde::{Deserialize, Serialize};

/// One difference between what we put there and what a comparison found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimDriftRow {
    /// `user` or `group`.
    pub kind: String,
    /// `userName` or `displayName`, as we know it.
    pub name: String,
    /// Our identifier.
    pub local: String,
    /// `missing`: deleted there; `attribute`: changed there; `member_added`, `member_removed`: by others; `strangers`:
    /// members who are not ours; `forgotten`: there with our identifier, and not in scope.
    pub what: String,
    /// The attribute, or the member's name; otherwise empty.
    pub path: String,
    /// The value here, as JSON; empty: none.
    pub ours: String,
    /// The value there, as JSON; empty: none.
    pub theirs: String,
}

/// What the last comparison found of ours that others changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ScimDrift {
    /// What a repair names, so that it cannot mean anything else; empty where nothing was found.
    pub id: String,
    /// RFC 3339. When it was found; empty: never compared, or nothing found yet.
    pub found: String,
    /// Whether it is put right, at once or after an administrator said so; otherwise it waits.
    pub repaired: bool,
    /// The first ones.
    pub rows: Vec<ScimDriftRow>,
    /// All of them.
    pub total: u64,
}
