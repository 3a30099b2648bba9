//! Times as they are written.

use jiff::Timestamp;

/// ISO 8601 to the second, in UTC.
pub(crate) fn instant(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| String::new(), |instant| instant.to_string())
}

/// `yyyy-MM-dd HH:mm:ss.SSS`, as the SCIM endpoint writes the time of an error.
pub(crate) fn stamp(seconds: i64) -> String {
    format!("{}.000", instant(seconds).replace('T', " ").trim_end_matches('Z'))
}
