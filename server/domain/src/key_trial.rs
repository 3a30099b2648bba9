//! A key that does not sign yet is tried on the way of every sign-on: an administrator's own, signed with that key.

use model::SamlProvider;

use crate::{Caller, Error, identifiers, key_fit, key_life, port::Kind};

/// What of a sign-on is another in a trial.
pub(crate) struct Trial {
    /// As if the key signed.
    pub provider: SamlProvider,
    pub fingerprint: String,
    /// Of this response alone, so that whoever names it has taken the response.
    pub session_index: String,
}

impl Caller {
    /// The trial of a key that the metadata of an application's provider shows. Administrators.
    pub(crate) fn trial(&self, slug: &str, key: &str) -> Result<Trial, Error> {
        self.admin()?;
        let snapshot = self.services.snapshot();
        let provider = snapshot.provider_of(snapshot.application(slug)?)?;
        let shown = key_life::shown(provider, snapshot.default_key());
        let found = snapshot.configuration.keys.get(key).filter(|_| shown.iter().any(|(name, _)| name == key));
        let fingerprint = found.ok_or_else(|| Error::missing(Kind::Key, key))?.value.key.fingerprint.clone();
        key_fit::check(&snapshot, provider, key)?;
        Ok(Trial {
            provider: SamlProvider { signing_key: Some(key.to_owned()), ..provider.clone() },
            fingerprint,
            session_index: format!("_{}", identifiers::hex::<16>(self.services.entropy())),
        })
    }
}
