use serde::{Deserialize, Serialize};

/// Something that a search leads to: a page, something to do, or a thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// What it is, in a word or two: `page`, `action`, `user`.
    pub kind: String,
    pub title: String,
    /// What tells it from others of the same title; may be empty.
    pub detail: String,
    pub href: String,
}
