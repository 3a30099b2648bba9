use serde::{Deserialize, Serialize};

/// A page as the server drew it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing {
    /// Of the document.
    pub title: String,
    /// Everything in it was escaped when it was drawn.
    pub html: String,
    /// Of the document, where this is all of it.
    pub status: u16,
}

/// What a form that was posted came to, in place of what reading its address would give.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone)]
pub struct Posted(pub Drawing);
