//! Identifiers in the shapes that AWS gives.

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::rand::rand_bytes;

use crate::fault::Fault;

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn bytes<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    rand_bytes(&mut bytes).map_err(Fault::internal)?;
    Ok(bytes)
}

/// A unique id of IAM: a prefix that names the kind (`ASIA`, `AROA`, `SAMLSP`) and 16 characters.
pub(crate) fn unique_id(prefix: &str) -> Result<String, Fault> {
    let random = bytes::<16>()?;
    let letter = |b: &u8| ALPHABET.get(usize::from(b & 31)).copied().map_or('A', char::from);
    Ok(prefix.chars().chain(random.iter().map(letter)).collect())
}

/// A secret access key: 40 characters of base64.
pub(crate) fn secret() -> Result<String, Fault> {
    Ok(STANDARD.encode(bytes::<30>()?))
}

/// A session token: long and opaque.
pub(crate) fn session_token() -> Result<String, Fault> {
    Ok(STANDARD.encode(bytes::<180>()?))
}

/// The id of an `AuthnRequest`, as Identity Center makes them.
pub(crate) fn authn_request_id() -> Result<String, Fault> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz01234567890A";
    let letter = |b: &u8| LETTERS.get(usize::from(b & 63)).copied().map_or('A', char::from);
    Ok("aws_".chars().chain(bytes::<32>()?.iter().map(letter)).collect())
}

/// A request id: a version 4 UUID.
pub(crate) fn request_id() -> String {
    let random = bytes::<16>().map_or(0, u128::from_be_bytes);
    let id = format!("{:032x}", (random & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62));
    let part = |from: usize, to: usize| id.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}
