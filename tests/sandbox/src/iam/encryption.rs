//! Encrypted assertions: whether a provider takes them, and the private keys that open them.

use openssl::pkey::{Id, PKey, Private};

use crate::entropy::unique_id;
use crate::fault::Fault;

/// The most private keys of a provider.
const LIMIT: usize = 2;
/// The longest private key, in characters of PEM.
const LONGEST: usize = 16_384;

/// `AssertionEncryptionMode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncryptionMode {
    /// Only encrypted assertions, and only at the provider's own consumer service.
    Required,
    /// Encrypted or not.
    Allowed,
}

impl EncryptionMode {
    /// As the API writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "Required",
            Self::Allowed => "Allowed",
        }
    }

    /// # Errors
    /// `ValidationError`.
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "Required" => Ok(Self::Required),
            "Allowed" => Ok(Self::Allowed),
            other => Err(Fault::validation(format!(
                "1 validation error detected: Value '{other}' at 'assertionEncryptionMode' failed to satisfy constraint: \
                 Member must satisfy enum value set: [Required, Allowed]"
            ))),
        }
    }
}

/// A private key that the identity provider's side made and uploaded.
#[derive(Clone, Debug)]
pub struct PrivateKey {
    /// The id by which it is removed.
    pub id: String,
    /// When it was added. Unix seconds.
    pub added: i64,
    pub(crate) key: PKey<Private>,
}

/// What shall change. Adding and removing do not go together.
#[derive(Clone, Copy, Debug, Default)]
pub struct EncryptionChange<'a> {
    /// Another mode.
    pub mode: Option<EncryptionMode>,
    /// A private key in PEM.
    pub add_private_key: Option<&'a str>,
    /// The id of a private key.
    pub remove_private_key: Option<&'a str>,
}

impl EncryptionChange<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.mode.is_none() && self.add_private_key.is_none() && self.remove_private_key.is_none()
    }
}

/// How a provider stands to encryption. Without a mode, encrypted assertions are not taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Encryption {
    pub(crate) mode: Option<EncryptionMode>,
    pub(crate) keys: Vec<PrivateKey>,
}

impl Encryption {
    /// All of a change, or none of it.
    pub(crate) fn changed(&self, change: EncryptionChange<'_>, now: i64) -> Result<Self, Fault> {
        let mut next = self.clone();
        match (change.add_private_key, change.remove_private_key) {
            (Some(_), Some(_)) => {
                return Err(invalid(
                    "Unable to add and remove private keys in the same request. Set a value for only one of the two \
                     parameters.",
                ));
            }
            (Some(pem), None) => {
                let key = private_key(pem).ok_or_else(|| invalid("Invalid private key."))?;
                if next.keys.len() >= LIMIT {
                    return Err(Fault::new(409, "LimitExceeded", "Private key limit of 2 is reached."));
                }
                next.keys.push(PrivateKey { id: unique_id("SAMLPK")?, added: now, key });
            }
            (None, Some(id)) => {
                next.keys.retain(|key| key.id != id);
                if next.keys.len() == self.keys.len() {
                    return Err(invalid("Failed to remove private key."));
                }
            }
            (None, None) => {}
        }
        next.mode = change.mode.or(next.mode);
        if next.mode == Some(EncryptionMode::Required) && next.keys.is_empty() {
            return Err(invalid(
                "Unable to set assertion encryption mode to Required because no private key is provided.",
            ));
        }
        Ok(next)
    }
}

fn private_key(pem: &str) -> Option<PKey<Private>> {
    // Not encrypted: a passphrase would be asked for on the terminal otherwise.
    let key = PKey::private_key_from_pem_callback(pem.as_bytes(), |_| Ok(0)).ok()?;
    (pem.chars().count() <= LONGEST && key.id() == Id::RSA && key.bits() >= 1024).then_some(key)
}

fn invalid(message: &str) -> Fault {
    Fault::new(400, "InvalidInput", message)
}
