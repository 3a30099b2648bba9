//! Encrypted assertions (XML Encryption 1.1), opened with the keys that a provider has.

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::encrypt::Decrypter;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Padding;
use openssl::symm::{Cipher, Crypter, Mode, decrypt_aead};
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::xml::{ASSERTION, DSIG, Node, XENC, XENC11};

const TAG: usize = 16;
const NONCE: usize = 12;

/// The document with the assertion in the place of the encrypted one, and without the signature of the response, which
/// covered the latter. `None` if anything is not as it must be; a caller learns nothing more.
pub(crate) fn opened(document: &[u8], root: &Node, keys: &[PKey<Private>]) -> Option<Vec<u8>> {
    if root.descendants().iter().any(|node| node.is(ASSERTION, "Assertion")) {
        return None;
    }
    let encrypted = root.only(ASSERTION, "EncryptedAssertion")?;
    let plain = keys.iter().find_map(|key| assertion(encrypted, key))?;
    let text = std::str::from_utf8(document).ok()?;
    let mut out = Vec::new();
    let mut at = 0;
    for (name, start, end) in children(text)? {
        let replacement: &[u8] = match name.as_str() {
            "EncryptedAssertion" => &plain,
            "Signature" => &[],
            _ => continue,
        };
        out.extend_from_slice(document.get(at..start)?);
        out.extend_from_slice(replacement);
        at = end;
    }
    out.extend_from_slice(document.get(at..)?);
    Some(out)
}

/// Local name and octets, from and to, of every child of the root.
fn children(text: &str) -> Option<Vec<(String, usize, usize)>> {
    let mut reader = Reader::from_str(text);
    let mut found = Vec::new();
    let (mut depth, mut open) = (0_usize, None);
    loop {
        let before = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let after = usize::try_from(reader.buffer_position()).ok()?;
        let name = |raw: &[u8]| String::from_utf8(raw.to_vec()).ok();
        match event {
            Event::Start(start) => {
                if depth == 1 {
                    open = Some((name(start.local_name().as_ref())?, before));
                }
                depth += 1;
            }
            Event::Empty(start) if depth == 1 => found.push((name(start.local_name().as_ref())?, before, after)),
            Event::End(_) => {
                depth = depth.checked_sub(1)?;
                if depth == 1 {
                    let (name, start) = open.take()?;
                    found.push((name, start, after));
                }
            }
            Event::Eof => return Some(found),
            _ => {}
        }
    }
}

fn assertion(encrypted: &Node, key: &PKey<Private>) -> Option<Vec<u8>> {
    let data = encrypted.only(XENC, "EncryptedData")?;
    let inside = data.only(DSIG, "KeyInfo").and_then(|info| info.only(XENC, "EncryptedKey"));
    let wrapped = inside.or_else(|| encrypted.only(XENC, "EncryptedKey"))?;
    let secret = unwrap_key(wrapped, key)?;
    let octets = octets(data)?;
    match data.only(XENC, "EncryptionMethod")?.attribute("Algorithm")? {
        "http://www.w3.org/2001/04/xmlenc#aes128-cbc" => cbc(Cipher::aes_128_cbc(), &secret, &octets),
        "http://www.w3.org/2001/04/xmlenc#aes192-cbc" => cbc(Cipher::aes_192_cbc(), &secret, &octets),
        "http://www.w3.org/2001/04/xmlenc#aes256-cbc" => cbc(Cipher::aes_256_cbc(), &secret, &octets),
        "http://www.w3.org/2009/xmlenc11#aes128-gcm" => gcm(Cipher::aes_128_gcm(), &secret, &octets),
        "http://www.w3.org/2009/xmlenc11#aes192-gcm" => gcm(Cipher::aes_192_gcm(), &secret, &octets),
        "http://www.w3.org/2009/xmlenc11#aes256-gcm" => gcm(Cipher::aes_256_gcm(), &secret, &octets),
        _ => None,
    }
}

/// RSA-OAEP in both of its names. PKCS #1 1.5 is not taken: it gives keys away.
fn unwrap_key(wrapped: &Node, key: &PKey<Private>) -> Option<Vec<u8>> {
    let method = wrapped.only(XENC, "EncryptionMethod")?;
    let mask = match method.attribute("Algorithm")? {
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p" => MessageDigest::sha1(),
        "http://www.w3.org/2009/xmlenc11#rsa-oaep" => match method.only(XENC11, "MGF") {
            None => MessageDigest::sha1(),
            Some(mask) => match mask.attribute("Algorithm")? {
                "http://www.w3.org/2009/xmlenc11#mgf1sha1" => MessageDigest::sha1(),
                "http://www.w3.org/2009/xmlenc11#mgf1sha256" => MessageDigest::sha256(),
                "http://www.w3.org/2009/xmlenc11#mgf1sha384" => MessageDigest::sha384(),
                "http://www.w3.org/2009/xmlenc11#mgf1sha512" => MessageDigest::sha512(),
                _ => return None,
            },
        },
        _ => return None,
    };
    let digest = match method.only(DSIG, "DigestMethod").and_then(|digest| digest.attribute("Algorithm")) {
        None | Some("http://www.w3.org/2000/09/xmldsig#sha1") => MessageDigest::sha1(),
        Some("http://www.w3.org/2001/04/xmlenc#sha256") => MessageDigest::sha256(),
        Some("http://www.w3.org/2001/04/xmldsig-more#sha384") => MessageDigest::sha384(),
        Some("http://www.w3.org/2001/04/xmlenc#sha512") => MessageDigest::sha512(),
        Some(_) => return None,
    };
    let octets = octets(wrapped)?;
    let mut decrypter = Decrypter::new(key).ok()?;
    decrypter.set_rsa_padding(Padding::PKCS1_OAEP).ok()?;
    decrypter.set_rsa_oaep_md(digest).ok()?;
    decrypter.set_rsa_mgf1_md(mask).ok()?;
    let mut secret = vec![0; decrypter.decrypt_len(&octets).ok()?];
    let length = decrypter.decrypt(&octets, &mut secret).ok()?;
    secret.truncate(length);
    Some(secret)
}

fn octets(encrypted: &Node) -> Option<Vec<u8>> {
    let value = encrypted.only(XENC, "CipherData")?.only(XENC, "CipherValue")?;
    STANDARD.decode(value.text.split_ascii_whitespace().collect::<String>()).ok()
}

/// The last octet says how many are padding; the others of the padding may be anything (XML Encryption §5.2.2).
fn cbc(cipher: Cipher, secret: &[u8], octets: &[u8]) -> Option<Vec<u8>> {
    let (iv, data) = octets.split_at_checked(cipher.iv_len()?)?;
    (secret.len() == cipher.key_len() && !data.is_empty()).then_some(())?;
    let mut crypter = Crypter::new(cipher, Mode::Decrypt, secret, Some(iv)).ok()?;
    crypter.pad(false);
    let mut plain = vec![0; data.len() + cipher.block_size()];
    let mut length = crypter.update(data, &mut plain).ok()?;
    length += crypter.finalize(plain.get_mut(length..)?).ok()?;
    plain.truncate(length);
    let padding = usize::from(*plain.last()?);
    ((1..=cipher.block_size()).contains(&padding)).then(|| plain.truncate(length - padding))?;
    Some(plain)
}

fn gcm(cipher: Cipher, secret: &[u8], octets: &[u8]) -> Option<Vec<u8>> {
    let (nonce, rest) = octets.split_at_checked(NONCE)?;
    let (data, tag) = rest.split_at_checked(rest.len().checked_sub(TAG)?)?;
    (secret.len() == cipher.key_len()).then(|| decrypt_aead(cipher, secret, Some(nonce), &[], data, tag).ok())?
}
