use serde::{Deserialize, Serialize};

/// What a list asks for. It is kept in the address, so that a list can be bookmarked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ListQuery {
    /// Free text; empty: everything.
    #[serde(default)]
    pub q: String,
    /// From 1.
    #[serde(default)]
    pub page: u32,
    /// A column; a leading `-` sorts descending. Empty: the list's own order.
    #[serde(default)]
    pub sort: String,
    /// A filter of the list's own, such as an event kind. Empty: none.
    #[serde(default)]
    pub filter: String,
    /// Of events: what they are about, exactly, such as `application aws`. Empty: anything. Never in the address.
    #[serde(default)]
    pub target: String,
}

impl ListQuery {
    pub const PAGE_SIZE: u32 = 25;

    /// The page asked for, never below 1.
    pub fn page_number(&self) -> u32 {
        self.page.max(1)
    }

    pub fn offset(&self) -> u64 {
        u64::from(self.page_number() - 1) * u64::from(Self::PAGE_SIZE)
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Of all pages.
    pub total: u64,
    pub page: u32,
    pub page_size: u32,
}

/// A thing and the version it was read at; saving with an older version is a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versioned<T> {
    pub version: u64,
    pub value: T,
}
