//! `xs:dateTime` in UTC. SAML core §1.3.3: every time value is in UTC and carries no other time zone.

use crate::error::{SamlError, excerpt};
use jiff::Timestamp;

/// The last second that both `xs:dateTime` with a four-digit year and the calendar library can hold.
const LATEST: i64 = 253_402_207_200;

/// A moment in unix seconds as `2026-11-24T15:00:00Z` (SAML core §1.3.3).
///
/// Moments before 1970 or after 9999-12-30T22:00:00Z are moved to that bound: no message of ours can need them.
#[must_use]
pub fn instant(unix: i64) -> String {
    Timestamp::from_second(unix.clamp(0, LATEST)).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

/// Reads an `xs:dateTime` that names its offset, to whole unix seconds (SAML core §1.3.3).
///
/// # Errors
/// [`SamlError::Malformed`] when the text is not such a time, or has no time zone.
pub fn parse_instant(text: &str) -> Result<i64, SamlError> {
    // The calendar library reads more than xs:dateTime allows: a space for the `T`, zone names in brackets.
    let lexical = text.len() <= 64
        && text.as_bytes().get(10) == Some(&b'T')
        && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b':' | b'.' | b'T' | b'Z'));
    if !lexical {
        return Err(SamlError::malformed("time", format!("`{}` is not xs:dateTime", excerpt(text))));
    }
    let parsed: Result<Timestamp, _> = text.parse();
    parsed
        .map(Timestamp::as_second)
        .map_err(|error| SamlError::malformed("time", format!("`{}`: {error}", excerpt(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_utc_with_a_z_and_no_fraction() {
        assert_eq!(instant(1_795_532_400), "2026-11-24T15:00:00Z");
        assert_eq!(instant(0), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn an_instant_out_of_range_is_clamped_and_never_negative() {
        assert_eq!(instant(i64::MIN), "1970-01-01T00:00:00Z");
        assert_eq!(instant(i64::MAX), "9999-12-30T22:00:00Z");
    }

    #[test]
    fn reading_gives_back_what_was_written() {
        for unix in [0, 1, 1_795_532_400, LATEST] {
            assert_eq!(parse_instant(&instant(unix)).unwrap(), unix);
        }
    }

    #[test]
    fn fractions_and_offsets_are_understood() {
        assert_eq!(parse_instant("2026-11-24T15:00:00.123Z").unwrap(), 1_795_532_400);
        assert_eq!(parse_instant("2026-11-24T16:00:00+01:00").unwrap(), 1_795_532_400);
    }

    #[test]
    fn a_time_without_a_zone_or_in_another_notation_is_refused() {
        for text in
            ["2026-11-24T15:00:00", "2026-11-24 15:00:00Z", "yesterday", "", "2026-11-24T15:00:00Z[Europe/Paris]"]
        {
            assert!(parse_instant(text).is_err(), "{text}");
        }
    }
}
