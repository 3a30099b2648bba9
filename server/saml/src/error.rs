//! The one error of the crate.

/// Why a message could not be read or made.
///
/// The text never repeats a message in full: a value quoted from untrusted input is cut short first.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SamlError {
    /// The input breaks a rule of XML, of SAML or of the encoding around it.
    #[error("{what} is malformed: {why}")]
    Malformed {
        /// The thing that was read, for example `AuthnRequest`.
        what: &'static str,
        /// The rule that it breaks.
        why: String,
    },
    /// The input is larger than this crate agrees to hold.
    #[error("{what} is larger than {limit}")]
    TooLarge {
        /// The thing that was measured.
        what: &'static str,
        /// The limit, in the unit that `what` is counted in (bytes, levels or characters).
        limit: usize,
    },
    /// The input is well formed, but asks for something that this crate does not do.
    #[error("{what} is not supported: {why}")]
    Unsupported {
        /// The thing that was asked for.
        what: &'static str,
        /// What is supported in its place.
        why: String,
    },
    /// A message that had to be signed was not, or not by whom it should have been.
    #[error("signature: {0}")]
    Signature(#[from] SignatureFault),
    /// What was encrypted to us does not open. Whoever sends it learns nothing of where it failed: it may be the key, the
    /// padding, the text inside or a form that is not accepted, and each answer would help to guess the text.
    #[error(
        "EncryptedID cannot be decrypted with the key that this provider has for it; accepted are AES-128 and AES-256 in GCM \
         or CBC under RSA-OAEP with SHA-1 or SHA-256, and a NameID inside"
    )]
    Undecipherable,
    /// A certificate or a private key cannot be used; the text names the reason.
    #[error("key: {0}")]
    Key(String),
    /// The cryptographic library refused an operation on a key that had been accepted.
    #[error("cryptography failed")]
    Crypto(#[from] openssl::error::ErrorStack),
}

/// Why a signature does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureFault {
    /// The message is not signed at all.
    #[error("there is none")]
    Missing,
    /// It is not in the one form that is accepted; the text names the difference.
    #[error("{0}")]
    Form(String),
    /// Its algorithm is not accepted: SHA-1, HMAC, none, or something unknown.
    #[error("the algorithm `{0}` is not accepted")]
    Algorithm(String),
    /// The signed element was changed after it was signed.
    #[error("the digest does not match: the content was changed after signing")]
    Digest,
    /// None of the sender's registered certificates verifies it.
    #[error("it verifies with none of the {0} certificates registered for the sender")]
    Value(usize),
}

impl SignatureFault {
    pub(crate) fn form(text: impl Into<String>) -> Self {
        Self::Form(text.into())
    }
}

impl SamlError {
    pub(crate) fn malformed(what: &'static str, why: impl Into<String>) -> Self {
        Self::Malformed { what, why: why.into() }
    }
}

/// At most 80 characters of an untrusted value, for an error or a verdict.
pub(crate) fn excerpt(value: &str) -> String {
    const LIMIT: usize = 80;
    let mut cut: String = value.chars().take(LIMIT).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if value.chars().nth(LIMIT).is_some() {
        cut.push('…');
    }
    cut
}
