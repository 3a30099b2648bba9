//! A SAML provider of an account.

use super::metadata::{Entity, Metadata};
use crate::arn::Arn;

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
}
