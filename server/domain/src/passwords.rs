use std::{collections::HashSet, sync::Arc};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier, SaltString},
};

use crate::{
    Error,
    port::{Entropy, PasswordHasher},
};

/// Which passwords are accepted, and what compares them.
pub struct PasswordPolicy {
    /// Known from breaches, in lower case; none of them is accepted.
    pub breached: HashSet<String>,
    pub hasher: Arc<dyn PasswordHasher>,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { breached: HashSet::new(), hasher: Arc::new(Argon2id) }
    }
}

const SHORTEST: usize = 12;
/// Bounds the work that a sign-in can ask for.
const LONGEST: usize = 256;

impl PasswordPolicy {
    /// Says what is wrong with a new password.
    pub fn check(&self, username: &str, password: &str) -> Result<(), Error> {
        let length = password.chars().count();
        if length < SHORTEST {
            return Err(Error::invalid("password", format!("a password has at least {SHORTEST} characters")));
        }
        if password.len() > LONGEST {
            return Err(Error::invalid("password", format!("a password has at most {LONGEST} bytes")));
        }
        let lower = password.to_lowercase();
        if lower.contains(&username.to_lowercase()) && username.len() > 3 {
            return Err(Error::invalid("password", "the password contains the user name"));
        }
        if self.breached.contains(&lower) {
            return Err(Error::invalid("password", "this password is in a list of breached passwords; take another"));
        }
        Ok(())
    }
}

/// Compares with Argon2id, at the cost that the PHC string names.
pub struct Argon2id;

impl PasswordHasher for Argon2id {
    fn matches(&self, phc: &str, password: &str) -> bool {
        let (Ok(hasher), Ok(parsed)) = (hasher(), PasswordHash::new(phc)) else { return false };
        hasher.verify_password(password.as_bytes(), &parsed).is_ok()
    }
}

/// Argon2id with 19 MiB, two passes, one lane.
fn hasher() -> Result<Argon2<'static>, Error> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A PHC string. Takes tens of milliseconds: never on an async thread.
pub fn hash(entropy: &dyn Entropy, password: &str) -> Result<String, Error> {
    let mut salt = [0u8; 16];
    entropy.fill(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(|e| Error::Internal(e.to_string()))?;
    let hash = hasher()?.hash_password(password.as_bytes(), &salt).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(hash.to_string())
}

/// A well-formed hash that no password has.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Compares in constant time. With no stored hash it does the same work and answers no,
/// so that the time taken does not tell whether a user exists.
pub fn verify(hasher: &dyn PasswordHasher, stored: Option<&str>, password: &str) -> bool {
    password.len() <= LONGEST && hasher.matches(stored.unwrap_or(NOBODY), password) && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::{Argon2id, NOBODY, PasswordHash, PasswordPolicy, hash};
    use crate::port::Entropy;

    struct Zero;
    impl Entropy for Zero {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    #[test]
    fn only_the_right_password_verifies_and_nobody_has_none() {
        let stored = hash(&Zero, "correct horse battery").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        let verify = |stored: Option<&str>, password: &str| super::verify(&Argon2id, stored, password);
        assert!(verify(Some(&stored), "correct horse battery"));
        assert!(!verify(Some(&stored), "correct horse batterz"));
        assert!(!verify(None, "correct horse battery"));
        assert!(!verify(Some("not a hash"), "x"));
    }

    #[test]
    fn the_hash_of_nobody_costs_what_a_real_one_costs() {
        // If it did not parse, an unknown name would be answered at once, and told apart by that.
        let (nobody, real) = (PasswordHash::new(NOBODY).unwrap(), hash(&Zero, "correct horse battery").unwrap());
        let real = PasswordHash::new(&real).unwrap();
        assert_eq!((nobody.algorithm, nobody.version, &nobody.params), (real.algorithm, real.version, &real.params));
        assert_eq!(nobody.hash.unwrap().len(), real.hash.unwrap().len());
    }

    #[test]
    fn short_breached_and_telling_passwords_are_refused() {
        let policy = PasswordPolicy { breached: ["password12345".to_owned()].into(), ..PasswordPolicy::default() };
        assert!(policy.check("ada", "Password12345").is_err());
        assert!(policy.check("ada", "short").is_err());
        assert!(policy.check("lovelace", "xx-Lovelace-1843").is_err());
        assert!(policy.check("ada", "analytical-engine").is_ok());
    }
}
