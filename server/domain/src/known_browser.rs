use crate::{Error, Vault, identifiers, port::Entropy};

/// Seconds for which a browser stays known after a sign-in.
pub const KNOWN_BROWSER_LIFE: i64 = 90 * 86_400;

/// So many accounts of one browser are remembered, the last ones.
const MOST: usize = 4;
/// Longer than any pass is.
const LONGEST: usize = 160;
const ACCOUNT: &str = "a browser that is known to an account";
const PASSWORD: &str = "the password of an account that knows a browser";

/// A browser that has signed in to an account before, as its cookie shows. No session, and no part of one: with it the
/// password is still asked for, but guesses of others make it wait no longer.
///
/// The cookie holds a pass for each account, between `~`: `expires.id.password.mac`. What names the password is bound to
/// its stored hash, so that another password ends the pass.
pub struct KnownBrowser {
    /// What its failures are counted by.
    pub id: String,
    password: String,
}

impl KnownBrowser {
    /// The one of the cookie's passes that was given out for this account and has not ended. Nothing here depends on
    /// whether there is such an account.
    pub fn of(vault: &Vault, account: &str, cookie: &str, now: i64) -> Result<Option<Self>, Error> {
        for pass in passes(cookie, now).take(MOST) {
            if vault.vouched(ACCOUNT, &text(account, pass.expires, pass.id, pass.password), pass.mac)? {
                return Ok(Some(Self { id: pass.id.to_owned(), password: pass.password.to_owned() }));
            }
        }
        Ok(None)
    }

    /// Whether the account's password is still the one that the browser signed in with. `hash`: as it is stored.
    pub fn fits(&self, vault: &Vault, hash: Option<&str>) -> Result<bool, Error> {
        hash.map_or(Ok(false), |hash| vault.vouched(PASSWORD, hash, &self.password))
    }
}

/// A cookie with a new pass for this account, and those that the browser had for others. What is no pass any more is
/// left out.
pub fn known_again(
    vault: &Vault,
    entropy: &dyn Entropy,
    account: &str,
    hash: &str,
    former: Option<&str>,
    now: i64,
) -> Result<String, Error> {
    let (id, password) = (identifiers::hex::<8>(entropy), vault.vouch(PASSWORD, hash)?);
    let expires = now + KNOWN_BROWSER_LIFE;
    let mac = vault.vouch(ACCOUNT, &text(account, expires, &id, &password))?;
    let mut kept = vec![format!("{expires}.{id}.{password}.{mac}")];
    for pass in passes(former.unwrap_or_default(), now).take(MOST) {
        let same = vault.vouched(ACCOUNT, &text(account, pass.expires, pass.id, pass.password), pass.mac)?;
        if !same && kept.len() < MOST {
            kept.push(pass.whole.to_owned());
        }
    }
    Ok(kept.join("~"))
}

struct Pass<'a> {
    whole: &'a str,
    expires: i64,
    id: &'a str,
    password: &'a str,
    mac: &'a str,
}

/// What has the form of a pass and is not over; who made it is not looked at.
fn passes(cookie: &str, now: i64) -> impl Iterator<Item = Pass<'_>> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    cookie.split('~').filter(move |whole| whole.len() < LONGEST && whole.chars().all(plain)).filter_map(move |whole| {
        let mut parts = whole.split('.');
        let (expires, id) = (parts.next()?.parse::<i64>().ok()?, parts.next()?);
        let (password, mac) = (parts.next()?, parts.next()?);
        let pass = Pass { whole, expires, id, password, mac };
        (parts.next().is_none() && now < expires).then_some(pass)
    })
}

/// What is vouched for. An account may hold any letter, what follows it no line break.
fn text(account: &str, expires: i64, id: &str, password: &str) -> String {
    format!("{account}\n{expires}\n{id}\n{password}")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::{KNOWN_BROWSER_LIFE, KnownBrowser, known_again};
    use crate::{MasterKey, Vault, port::Entropy};

    #[derive(Default)]
    struct Counting(AtomicU8);
    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    fn vault(byte: u8) -> Vault {
        Vault::new(MasterKey::new([byte; 32]), Vec::new())
    }

    fn known(account: &str, cookie: &str, now: i64) -> bool {
        let found = KnownBrowser::of(&vault(1), account, cookie, now).unwrap();
        found.is_some_and(|found| found.fits(&vault(1), Some("hash")).unwrap())
    }

    #[test]
    fn a_pass_is_worth_something_to_its_account_its_password_and_its_time_only() {
        let entropy = Counting::default();
        let cookie = known_again(&vault(1), &entropy, "ada", "hash", None, 100).unwrap();
        assert!(known("ada", &cookie, 100));
        assert!(known("ada", &cookie, 99 + KNOWN_BROWSER_LIFE));
        assert!(!known("ada", &cookie, 100 + KNOWN_BROWSER_LIFE));
        assert!(!known("grace", &cookie, 100));
        let found = KnownBrowser::of(&vault(1), "ada", &cookie, 100).unwrap().unwrap();
        assert!(!found.fits(&vault(1), Some("another hash")).unwrap());
        assert!(!found.fits(&vault(1), None).unwrap());
        assert!(KnownBrowser::of(&vault(2), "ada", &cookie, 100).unwrap().is_none());
        let longer = cookie.replacen(&(100 + KNOWN_BROWSER_LIFE).to_string(), "99999999999", 1);
        assert_ne!(longer, cookie);
        for made_up in [longer.as_str(), "", "~", "1.2.3.4", "99999999999.a.b.c", "99999999999...", "é"] {
            assert!(!known("ada", made_up, 100), "{made_up}");
        }
    }

    #[test]
    fn a_browser_stays_known_to_the_last_accounts_that_it_signed_in_to() {
        let entropy = Counting::default();
        let mut cookie = "rubbish; \"x~y".to_owned();
        for account in ["eve", "ada", "grace", "ada", "root", "alan"] {
            cookie = known_again(&vault(1), &entropy, account, "hash", Some(&cookie), 100).unwrap();
        }
        let of = |account: &str| known(account, &cookie, 100);
        assert_eq!(["ada", "grace", "root", "alan", "eve"].map(of), [true, true, true, true, false]);
        assert_eq!(cookie.split('~').count(), 4);
        assert!(cookie.len() < 700 && !cookie.contains("rubbish"), "{cookie}");
    }
}
