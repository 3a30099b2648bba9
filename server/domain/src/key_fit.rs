//! Whether the algorithm that a SAML provider demands can be had of its keys, and whether those can that we encrypt to or that are to decrypt.
//!
//! A key that does not fit signs nothing, so each sign-on would fail from the moment it signs: it is refused where it is
//! named, which may be weeks before.

use model::{FieldError, KeyState, SamlProvider, key_words};
use saml::{Certificate, KeyKind};

use crate::{Error, issue::algorithm, key_life::shown, snapshot::Snapshot};

/// Why a provider cannot sign with a key; None: it can, or the certificate cannot be read, which shows elsewhere.
fn misfit(provider: &SamlProvider, name: &str, certificate: &str) -> Option<String> {
    let algorithm = algorithm(provider.signature_algorithm?);
    let kind = Certificate::from_pem(certificate).ok()?.kind();
    if kind.fits(algorithm) {
        return None;
    }
    let word = algorithm.uri().rsplit('#').next().unwrap_or_default();
    let wanted = if algorithm.is_elliptic() { "keys on elliptic curves" } else { "RSA keys" };
    let words = key_words(match kind {
        KeyKind::Rsa(bits) => bits,
        KeyKind::P256 => 256,
        KeyKind::P384 => 384,
    });
    Some(format!("{word} is for {wanted}, and the key `{name}` is {words}: leave the algorithm to the key"))
}

/// The keys that a provider shows and cannot sign or decrypt with, and the one that it cannot encrypt to, as faults of the fields that name them.
pub(crate) fn faults(
    provider: &SamlProvider,
    default: Option<&str>,
    certificate: impl Fn(&str) -> Option<String>,
) -> Vec<FieldError> {
    let shown = shown(provider, default).into_iter();
    let faults = shown.filter_map(|(name, state)| {
        let why = misfit(provider, &name, &certificate(&name)?)?;
        let field = match state {
            KeyState::Current => "signature_algorithm",
            KeyState::Next => "next_signing_key",
            KeyState::Retiring => "retiring_keys",
        };
        Some(FieldError::new(field, why))
    });
    faults.chain(undecipherable(provider, &certificate)).chain(unencryptable(provider, &certificate)).collect()
}

/// A key that is to decrypt, and is on a curve.
fn undecipherable(provider: &SamlProvider, certificate: impl Fn(&str) -> Option<String>) -> Option<FieldError> {
    let name = provider.decryption_key.as_deref()?;
    let kind = Certificate::from_pem(&certificate(name)?).ok()?.kind();
    if matches!(kind, KeyKind::Rsa(_)) {
        return None;
    }
    let why = format!("the key `{name}` is {}, and only RSA keys decrypt: name one of those", key_words(kind.bits()));
    Some(FieldError::new("decryption_key", why))
}

/// A key that assertions are encrypted to, and is on a curve.
fn unencryptable(provider: &SamlProvider, certificate: impl Fn(&str) -> Option<String>) -> Option<FieldError> {
    let name = provider.encryption.as_ref()?.key.as_deref()?;
    let kind = Certificate::from_pem(&certificate(name)?).ok()?.kind();
    if matches!(kind, KeyKind::Rsa(_)) {
        return None;
    }
    let words = key_words(kind.bits());
    let why = format!("the key `{name}` is {words}, and assertions are encrypted to RSA keys only: name one of those");
    Some(FieldError::new("encryption.key", why))
}

/// Refuses a key that is to sign for a provider from now on, and cannot.
pub(crate) fn check(snapshot: &Snapshot, provider: &SamlProvider, key: &str) -> Result<(), Error> {
    if provider.decryption_key.as_deref() == Some(key) {
        let why =
            format!("the SAML provider `{}` decrypts with `{key}`, and one that decrypts does not sign", provider.name);
        return Err(Error::Conflict(why));
    }
    let found = snapshot.configuration.keys.get(key);
    match found.and_then(|found| misfit(provider, key, &found.value.key.certificate)) {
        Some(why) => Err(Error::Conflict(format!("the SAML provider `{}` cannot sign so: {why}", provider.name))),
        None => Ok(()),
    }
}

/// Refuses a default key that a provider which names none could not sign with.
pub(crate) fn check_default(snapshot: &Snapshot, key: &str) -> Result<(), Error> {
    let providers = snapshot.configuration.saml_providers.values().map(|p| &p.value);
    providers.filter(|p| p.signing_key.is_none()).try_for_each(|provider| check(snapshot, provider, key))
}
