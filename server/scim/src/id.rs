//! Names of things on both sides. Two types, so that the two can never be taken for each other.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The identifier of a user or a group here: immutable, and sent as `externalId` when a mapping gives no other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalId(pub String);

/// The `id` that the remote service gave to a resource (RFC 7643 §3.1): opaque, never parsed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RemoteId(pub String);

impl LocalId {
    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl RemoteId {
    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for LocalId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl From<&str> for RemoteId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl fmt::Display for LocalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for RemoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The two resource types that are provisioned (RFC 7643 §4.1 and §4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person.
    User,
    /// A group of users; groups inside groups do not exist on the wire.
    Group,
}

impl Kind {
    /// The endpoint of the resource type, below the base URL (RFC 7644 §3.2).
    #[must_use]
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::User => "/Users",
            Self::Group => "/Groups",
        }
    }

    /// The attribute that people know the object by, unique in the remote store: `userName` or `displayName`.
    #[must_use]
    pub fn name_attribute(self) -> &'static str {
        match self {
            Self::User => "userName",
            Self::Group => "displayName",
        }
    }
}

/// One object of ours.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Object {
    /// A user or a group.
    pub kind: Kind,
    /// Its identifier here.
    pub id: LocalId,
}

impl Object {
    /// A user of ours.
    #[must_use]
    pub fn user(id: &LocalId) -> Self {
        Self { kind: Kind::User, id: id.clone() }
    }

    /// A group of ours.
    #[must_use]
    pub fn group(id: &LocalId) -> Self {
        Self { kind: Kind::Group, id: id.clone() }
    }
}
