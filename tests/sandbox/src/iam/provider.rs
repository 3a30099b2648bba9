//! A SAML provider of an account.

use openssl::pkey::{PKey, Private};

use super::encryption::{Encryption, EncryptionMode, PrivateKey};
use super::metadata::{Entity, Metadata};
use crate::arn::Arn;
use crate::fault::Fault;
use crate::saml::Message;

/// A SAML provider. Times are unix seconds.
#[derive(Clone, Debug)]
pub struct Provider {
    /// `arn:aws:iam::ACCOUNT:saml-provider/NAME`
    pub arn: Arn,
    /// `SAMLSP…`, the last part of the provider's own consumer service.
    pub uuid: String,
    /// The metadata document as it was given.
    pub document: String,
    /// When it was made.
    pub created: i64,
    pub(crate) metadata: Metadata,
    pub(crate) encryption: Encryption,
}

impl Provider {
    /// When the metadata ends.
    #[must_use]
    pub fn valid_until(&self) -> i64 {
        self.metadata.valid_until
    }

    /// The entity of an issuer, which must equal the `entityID` exactly.
    pub(crate) fn entity(&self, issuer: &str) -> Option<&Entity> {
        self.metadata.entities.iter().find(|entity| entity.id == issuer)
    }

    /// Whether it takes encrypted assertions; not at all without a mode.
    #[must_use]
    pub fn encryption_mode(&self) -> Option<EncryptionMode> {
        self.encryption.mode
    }

    /// Its private keys.
    #[must_use]
    pub fn private_keys(&self) -> &[PrivateKey] {
        &self.encryption.keys
    }

    /// Opens an encrypted assertion, and insists on one if that is the mode.
    pub(crate) fn open(&self, message: Message) -> Result<Message, Fault> {
        match (message.is_encrypted(), self.encryption.mode) {
            (true, None) | (false, Some(EncryptionMode::Required)) => Err(Fault::invalid_response()),
            (false, _) => Ok(message),
            (true, Some(_)) => {
                let keys: Vec<PKey<Private>> = self.encryption.keys.iter().map(|one| one.key.clone()).collect();
                message.opened(&keys)
            }
        }
    }

    /// Whether responses must come by the provider's own consumer service.
    pub(crate) fn insists_on_own_service(&self) -> bool {
        self.encryption.mode == Some(EncryptionMode::Required)
    }
}
