use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use openssl::{
    hash::MessageDigest,
    pkey::PKey,
    sign::Signer,
    symm::{Cipher, decrypt_aead, encrypt_aead},
};

use crate::{
    Error,
    port::{Entropy, Sealed},
};

const NONCE: usize = 12;
const TAG: usize = 16;

/// A master key: 32 bytes, and the id that sealed values carry.
#[derive(Clone)]
pub struct MasterKey {
    id: String,
    bytes: [u8; 32],
}

impl MasterKey {
    pub fn new(bytes: [u8; 32]) -> Self {
        let id = openssl::sha::sha256(&bytes).iter().take(8).map(|b| format!("{b:02x}")).collect();
        Self { id, bytes }
    }
}

/// Seals secrets for the store: AES-256-GCM with a fresh nonce, bound to what the secret is for. Vouches for what
/// others keep for us: HMAC-SHA256 with a key made from the master key for each purpose.
pub struct Vault {
    /// The first one seals; all of them open.
    keys: Vec<MasterKey>,
}

impl Vault {
    /// The current key, then those that it replaced.
    pub fn new(current: MasterKey, former: Vec<MasterKey>) -> Self {
        let mut keys = vec![current];
        keys.extend(former);
        Self { keys }
    }

    /// The id of the key that seals.
    pub fn current_id(&self) -> &str {
        self.keys.first().map(|key| key.id.as_str()).unwrap_or_default()
    }

    /// Whether what is sealed with the key of this id can be opened.
    pub fn knows(&self, id: &str) -> bool {
        self.keys.iter().any(|key| key.id == id)
    }

    /// The ids of all keys, the one that seals first.
    pub fn ids(&self) -> Vec<&str> {
        self.keys.iter().map(|key| key.id.as_str()).collect()
    }

    /// The same secret under the key that seals. None: it is under that one already.
    pub fn reseal(&self, entropy: &dyn Entropy, purpose: &str, sealed: &Sealed) -> Result<Option<Sealed>, Error> {
        if sealed.key_id == self.current_id() {
            return Ok(None);
        }
        let secret = self.open(purpose, sealed)?;
        self.seal(entropy, purpose, &secret).map(Some)
    }

    /// `purpose` is authenticated: a sealed value moved to another place does not open.
    pub fn seal(&self, entropy: &dyn Entropy, purpose: &str, secret: &[u8]) -> Result<Sealed, Error> {
        let key = self.keys.first().ok_or_else(|| Error::Internal("no master key".into()))?;
        let mut nonce = [0u8; NONCE];
        entropy.fill(&mut nonce);
        let mut tag = [0u8; TAG];
        let mut sealed =
            encrypt_aead(Cipher::aes_256_gcm(), &key.bytes, Some(&nonce), purpose.as_bytes(), secret, &mut tag)
                .map_err(|e| Error::Internal(format!("sealing failed: {e}")))?;
        sealed.extend_from_slice(&tag);
        Ok(Sealed { key_id: key.id.clone(), nonce: STANDARD.encode(nonce), ciphertext: STANDARD.encode(sealed) })
    }

    pub fn open(&self, purpose: &str, sealed: &Sealed) -> Result<Vec<u8>, Error> {
        let key = self.keys.iter().find(|k| k.id == sealed.key_id).ok_or_else(|| {
            Error::Internal(format!("{purpose} is sealed with the master key {}, which is not here", sealed.key_id))
        })?;
        let broken = || Error::Internal(format!("{purpose} does not open: it was altered or belongs elsewhere"));
        let nonce = STANDARD.decode(&sealed.nonce).map_err(|_| broken())?;
        let bytes = STANDARD.decode(&sealed.ciphertext).map_err(|_| broken())?;
        let (body, tag) = bytes.split_at_checked(bytes.len().saturating_sub(TAG)).ok_or_else(broken)?;
        decrypt_aead(Cipher::aes_256_gcm(), &key.bytes, Some(&nonce), purpose.as_bytes(), body, tag)
            .map_err(|_| broken())
    }

    /// What shows later that `text` came from here, for this purpose; for addresses and cookies.
    pub fn vouch(&self, purpose: &str, text: &str) -> Result<String, Error> {
        let key = self.keys.first().ok_or_else(|| Error::Internal("no master key".into()))?;
        Ok(URL_SAFE_NO_PAD.encode(key.vouch(purpose, text)?))
    }

    /// Whether `text` was vouched for here, by any of the keys. Takes the same time however much of it is right.
    pub fn vouched(&self, purpose: &str, text: &str, mac: &str) -> Result<bool, Error> {
        let Ok(given) = URL_SAFE_NO_PAD.decode(mac) else { return Ok(false) };
        for key in &self.keys {
            let right = key.vouch(purpose, text)?;
            if right.len() == given.len() && openssl::memcmp::eq(&right, &given) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl MasterKey {
    fn vouch(&self, purpose: &str, text: &str) -> Result<Vec<u8>, Error> {
        let derived = hmac(&self.bytes, &format!("rolecall vouches for {purpose}"))?;
        hmac(&derived, text)
    }
}

fn hmac(key: &[u8], text: &str) -> Result<Vec<u8>, Error> {
    let failed = |e: openssl::error::ErrorStack| Error::Internal(format!("hmac: {e}"));
    let key = PKey::hmac(key).map_err(failed)?;
    let mut signer = Signer::new(MessageDigest::sha256(), &key).map_err(failed)?;
    signer.update(text.as_bytes()).map_err(failed)?;
    signer.sign_to_vec().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::{MasterKey, Vault};
    use crate::port::Entropy;

    struct Counting(std::sync::atomic::AtomicU8);
    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        }
    }

    #[test]
    fn a_sealed_secret_opens_only_where_it_belongs_and_unaltered() {
        let entropy = Counting(1.into());
        let old = Vault::new(MasterKey::new([1; 32]), vec![]);
        let sealed = old.seal(&entropy, "key idp", b"secret").unwrap();
        assert!(!sealed.ciphertext.contains("secret"));
        assert_eq!(old.open("key idp", &sealed).unwrap(), b"secret");
        assert!(old.open("key other", &sealed).is_err());
        let mut altered = sealed.clone();
        altered.ciphertext.replace_range(0..1, if sealed.ciphertext.starts_with('A') { "B" } else { "A" });
        assert!(old.open("key idp", &altered).is_err());

        let rotated = Vault::new(MasterKey::new([2; 32]), vec![MasterKey::new([1; 32])]);
        assert_eq!(rotated.open("key idp", &sealed).unwrap(), b"secret");
        let newest = Vault::new(MasterKey::new([2; 32]), vec![]);
        assert!(newest.open("key idp", &sealed).is_err());

        let anew = rotated.reseal(&entropy, "key idp", &sealed).unwrap().unwrap();
        assert_eq!(newest.open("key idp", &anew).unwrap(), b"secret");
        assert!(rotated.reseal(&entropy, "key idp", &anew).unwrap().is_none(), "it was under the newest already");
        assert!(rotated.reseal(&entropy, "key other", &sealed).is_err());
    }

    #[test]
    fn what_is_vouched_for_holds_for_its_text_and_purpose_and_after_a_change_of_the_master_key() {
        let old = Vault::new(MasterKey::new([1; 32]), vec![]);
        let mac = old.vouch("cookie", "ada").unwrap();
        assert!(old.vouched("cookie", "ada", &mac).unwrap());
        for (purpose, text, mac) in
            [("cookie", "bda", mac.as_str()), ("link", "ada", &mac), ("cookie", "ada", ""), ("cookie", "ada", "?")]
        {
            assert!(!old.vouched(purpose, text, mac).unwrap(), "{purpose} {text} {mac}");
        }
        let rotated = Vault::new(MasterKey::new([2; 32]), vec![MasterKey::new([1; 32])]);
        assert!(rotated.vouched("cookie", "ada", &mac).unwrap());
        assert!(!Vault::new(MasterKey::new([2; 32]), vec![]).vouched("cookie", "ada", &mac).unwrap());
    }
}
