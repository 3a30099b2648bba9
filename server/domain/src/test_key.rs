//! The key of the test page's service provider. Only the service has the private half of its own key, so for a test the
//! assertion is encrypted to this one and opened with it, as the service would open what it gets.

use model::{AssertionEncryption, SamlProvider};
use saml::{DecryptionKey, KeyKind, SigningKey};

use crate::Error;

/// Assertions are encrypted to RSA keys only, and every cipher fits every size of them.
const KIND: KeyKind = KeyKind::Rsa(2048);

/// A pair that is made for one test and gone after it. Nobody else can have anything decrypted with it.
pub(crate) struct TestKey {
    /// PEM.
    certificate: String,
    pub private: DecryptionKey,
}

impl TestKey {
    /// Makes one, which takes a processor some hundred milliseconds. `now` in unix seconds.
    pub fn generate(now: i64) -> Result<Self, Error> {
        let internal = |error: saml::SamlError| Error::Internal(format!("making the key of a test: {error}"));
        let made = SigningKey::generate(KIND, "Rolecall test", 1, now).map_err(internal)?;
        let pair = SigningKey::from_pem(&made.certificate_pem, &made.private_key_pem).map_err(internal)?;
        let private = DecryptionKey::new(pair).map_err(internal)?;
        Ok(Self { certificate: made.certificate_pem, private })
    }

    /// The provider as if the service's certificate were this one: all else of how it encrypts stays.
    pub fn instead(&self, provider: &SamlProvider) -> SamlProvider {
        let encryption = provider.encryption.as_ref().map(|encryption| AssertionEncryption {
            certificate: self.certificate.clone(),
            key: None,
            cipher: encryption.cipher,
        });
        SamlProvider { encryption, ..provider.clone() }
    }
}
