//! Identifiers that differ from one service provider to the next (SAML core §8.3.7): two of them cannot find out that
//! they speak of one person.

use crate::error::SamlError;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;

/// The shortest key, in bytes: that of the output, for less would be the weaker part.
const MIN_KEY: usize = 32;

/// The persistent identifier of a user at a service provider: HMAC-SHA256 (RFC 2104) of both, in 64 hexadecimal digits.
///
/// The same key gives the same identifier for good, so it must outlive every signing key. `user` is something that never
/// changes and is never given to somebody else.
///
/// # Errors
/// [`SamlError::Key`] for a key of fewer than 32 bytes; [`SamlError::Malformed`] when a name is empty;
/// [`SamlError::Crypto`] when the library fails.
pub fn pairwise(key: &[u8], sp_entity_id: &str, user: &str) -> Result<String, SamlError> {
    if key.len() < MIN_KEY {
        return Err(SamlError::Key(format!("the key of pairwise identifiers has fewer than {MIN_KEY} bytes")));
    }
    if sp_entity_id.is_empty() || user.is_empty() {
        return Err(SamlError::malformed("pairwise identifier", "the service provider or the user is empty"));
    }
    let key = PKey::hmac(key)?;
    let mut signer = Signer::new(MessageDigest::sha256(), &key)?;
    // With its length before it, no name can run over into the next: `ab` + `c` is not `a` + `bc`.
    for part in [sp_entity_id, user] {
        signer.update(&(part.len() as u64).to_be_bytes())?;
        signer.update(part.as_bytes())?;
    }
    Ok(signer.sign_to_vec()?.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn an_identifier_stays_the_same_and_differs_by_key_service_provider_and_user() {
        let made = |key: &[u8], sp, user| pairwise(key, sp, user).unwrap();
        let first = made(&KEY, "https://sp", "u1");
        assert_eq!(first, "76dbaf7a48df7ea8ae37397fe58d0776f23e2e7a563ce4f50e690e687619a15d");
        assert_eq!(first, made(&KEY, "https://sp", "u1"));
        for other in
            [made(&[8; 32], "https://sp", "u1"), made(&KEY, "https://sp2", "u1"), made(&KEY, "https://sp", "u2")]
        {
            assert_ne!(first, other);
        }
        assert_ne!(made(&KEY, "ab", "c"), made(&KEY, "a", "bc"));
    }

    #[test]
    fn a_short_key_and_empty_names_are_refused() {
        assert!(matches!(pairwise(&KEY[1..], "sp", "u"), Err(SamlError::Key(_))));
        assert!(pairwise(&KEY, "", "u").is_err() && pairwise(&KEY, "sp", "").is_err());
    }
}
