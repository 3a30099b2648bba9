//! The encodings around a message: base64, raw DEFLATE and percent-encoding (bindings §3.4.4.1, §3.5.4).

use crate::error::SamlError;
use crate::xml::limits::Limits;
use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder};
use std::io::Read;

const MAX_BYTES: usize = Limits::MESSAGE.bytes;
/// Four characters for three bytes, and as much again for line breaks.
const MAX_CHARACTERS: usize = MAX_BYTES / 3 * 8;

/// Some senders leave the padding out; the bytes are the same either way.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes behind base64 that may hold line breaks and lack its padding.
pub fn decode(what: &'static str, text: &str) -> Result<Vec<u8>, SamlError> {
    if text.len() > MAX_CHARACTERS {
        return Err(SamlError::TooLarge { what: "base64 in characters", limit: MAX_CHARACTERS });
    }
    decode_any_size(text).ok_or_else(|| SamlError::malformed(what, "not base64"))
}

/// As [`decode`], for text whose size is bounded by the document it stands in.
pub fn decode_any_size(text: &str) -> Option<Vec<u8>> {
    let compact: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    LENIENT.decode(compact).ok()
}

/// Inflates a message. No more than the limit is ever held.
pub fn inflate(what: &'static str, deflated: &[u8]) -> Result<Vec<u8>, SamlError> {
    let mut xml = Vec::new();
    // One byte more than allowed is read, to tell a document of the full size from a bomb.
    DeflateDecoder::new(deflated)
        .take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut xml)
        .map_err(|_| SamlError::malformed(what, "not raw DEFLATE"))?;
    if xml.len() > MAX_BYTES {
        return Err(SamlError::TooLarge { what: "XML in bytes", limit: MAX_BYTES });
    }
    Ok(xml)
}

/// The value of `SAMLRequest` or `SAMLResponse` in the Redirect binding, before percent-encoding.
pub fn deflate(xml: &str) -> Result<String, SamlError> {
    let mut deflated = Vec::with_capacity(xml.len() / 2);
    DeflateEncoder::new(xml.as_bytes(), Compression::default())
        .read_to_end(&mut deflated)
        .map_err(|_| SamlError::malformed("message", "it could not be deflated"))?;
    Ok(STANDARD.encode(deflated))
}

/// Percent-encodes everything but the unreserved characters (RFC 3986 §2.3), with upper-case digits.
pub fn percent_encode(text: &str) -> String {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or('0');
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    out
}

/// Decodes one name or value of a query string, `+` being a space; `None` when it is not one in UTF-8.
pub fn percent_decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16).and_then(|value| u8::try_from(value).ok());
                let (high, low) = (digit()?, digit()?);
                out.push(high << 4 | low);
            }
            b'+' => out.push(b' '),
            _ => out.push(byte),
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_comes_back_and_broken_encoding_does_not_decode() {
        let text = "a+b/c= é%&~_-.";
        assert_eq!(percent_encode("+/= "), "%2B%2F%3D%20");
        assert_eq!(percent_decode(&percent_encode(text)).as_deref(), Some(text));
        assert_eq!(percent_decode("a+b%2f").as_deref(), Some("a b/"));
        for broken in ["%", "%2", "%zz", "%ff", "%+1"] {
            assert_eq!(percent_decode(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_bomb_is_refused_before_its_end_is_reached() {
        let mut bomb = decode("x", &deflate(&" ".repeat(16 * 1024 * 1024)).unwrap()).unwrap();
        // Whoever inflates to the end finds it broken; whoever stops at the limit never gets there.
        bomb.truncate(bomb.len() - 10);
        assert!(matches!(inflate("x", &bomb), Err(SamlError::TooLarge { .. })));
    }

    #[test]
    fn deflating_comes_back() {
        let deflated = decode("x", &deflate("<a>é</a>").unwrap()).unwrap();
        assert_eq!(inflate("x", &deflated).unwrap(), "<a>é</a>".as_bytes());
    }
}
