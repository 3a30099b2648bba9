//! How much of an untrusted document is looked at.

/// Bounds on a document that others wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest document, in bytes.
    pub bytes: usize,
    /// The deepest nesting, the root being level 1.
    pub depth: usize,
    /// The most elements and attributes, taken together. Each takes some 250 bytes in memory, however short it is.
    pub parts: usize,
    /// The most `EntityDescriptor` elements in one metadata file.
    pub entities: usize,
    /// Whether comments may stand between elements. Inside a value they never may.
    pub comments: bool,
}

impl Limits {
    /// A protocol message: 128 KiB, 32 levels, no comments. Real ones are a few kilobytes.
    pub const MESSAGE: Self = Self { bytes: 128 * 1024, depth: 32, parts: 40_000, entities: 0, comments: false };
    /// A metadata file: 10 MiB, 32 levels, 400,000 elements and attributes, 10,000 entities. People write comments into these.
    pub const METADATA: Self =
        Self { bytes: 10 * 1024 * 1024, depth: 32, parts: 400_000, entities: 10_000, comments: true };
}

impl Default for Limits {
    /// [`Limits::METADATA`].
    fn default() -> Self {
        Self::METADATA
    }
}
