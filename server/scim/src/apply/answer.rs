//! An answer, as far as it matters.

/// What came back for a request.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The body, possibly empty.
    pub body: &'a [u8],
    /// `Retry-After`, in seconds, where the server sent one.
    pub retry_after: Option<u64>,
}

impl<'a> Answer<'a> {
    /// An answer without `Retry-After`.
    #[must_use]
    pub fn new(status: u16, body: &'a [u8]) -> Self {
        Self { status, body, retry_after: None }
    }
}
