use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::port::Entropy;

/// Lower-case hexadecimal of `N` unpredictable bytes.
pub fn hex<const N: usize>(entropy: &dyn Entropy) -> String {
    let mut bytes = [0u8; N];
    entropy.fill(&mut bytes);
    to_hex(&bytes)
}

pub fn to_hex(bytes: &[u8]) -> String {
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.filter_map(|half| char::from_digit(half.into(), 16)).collect()
}

/// 256 unpredictable bits for a cookie or a link.
pub fn secret(entropy: &dyn Entropy) -> String {
    let mut bytes = [0u8; 32];
    entropy.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Lower-case hexadecimal SHA-256.
pub fn sha256(bytes: &[u8]) -> String {
    // In one call the library looks the algorithm up each time, which takes longer than to run it over a session's id.
    let mut hash = openssl::sha::Sha256::new();
    hash.update(bytes);
    to_hex(&hash.finish())
}

/// What is kept of a secret.
pub fn fingerprint(secret: &str) -> String {
    sha256(secret.as_bytes())
}

/// Sorts by time, and cannot collide with another of the same microsecond.
pub fn event_id(micros: i64, entropy: &dyn Entropy) -> String {
    format!("{}{}", event_time(micros), hex::<6>(entropy))
}

/// What the ids of events of this moment (microseconds of unix time) begin with.
pub fn event_time(micros: i64) -> String {
    format!("{:016x}", micros.max(0))
}

/// The unix seconds of an RFC 3339 text.
pub fn unix(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second)
}

/// RFC 3339 in UTC, whole seconds.
pub fn rfc3339(unix: i64) -> String {
    jiff::Timestamp::from_second(unix).map_or_else(|_| unix.to_string(), |t| t.to_string())
}
