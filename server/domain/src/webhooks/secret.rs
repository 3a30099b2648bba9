use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    Error, Services,
    port::{Sealed, WebhookRecord},
};

/// What the secrets of standard webhooks begin with; the rest is base64.
const MARK: &str = "whsec_";

/// What a secret is sealed for.
fn purpose(name: &str) -> String {
    format!("secret of the webhook {name}")
}

impl Services {
    /// A secret that nobody has used.
    pub(super) fn new_webhook_secret(&self) -> String {
        let mut bytes = [0u8; 32];
        self.entropy().fill(&mut bytes);
        format!("{MARK}{}", STANDARD.encode(bytes))
    }

    pub(crate) fn seal_webhook_secret(&self, name: &str, secret: &str) -> Result<Sealed, Error> {
        let secret = secret.trim();
        if key(secret).is_none_or(|key| !(16..=128).contains(&key.len())) {
            return Err(Error::invalid("secret", "a secret is whsec_ and the base64 of 16 to 128 bytes"));
        }
        self.vault().seal(self.entropy(), &purpose(name), secret.as_bytes())
    }

    /// A webhook with its secret under the newest master key. None: it is already.
    pub(crate) fn resealed_webhook(&self, record: &WebhookRecord) -> Result<Option<WebhookRecord>, Error> {
        let sealed = self.vault().reseal(self.entropy(), &purpose(&record.webhook.name), &record.secret)?;
        Ok(sealed.map(|secret| WebhookRecord { secret, ..record.clone() }))
    }

    /// As it was given.
    pub(crate) fn open_webhook_secret(&self, record: &WebhookRecord) -> Result<String, Error> {
        let purpose = purpose(&record.webhook.name);
        let bytes = self.vault().open(&purpose, &record.secret)?;
        String::from_utf8(bytes).map_err(|_| Error::Internal(format!("{purpose} is not text")))
    }
}

/// The bytes of a secret.
pub(super) fn key(secret: &str) -> Option<Vec<u8>> {
    STANDARD.decode(secret.strip_prefix(MARK)?).ok()
}
