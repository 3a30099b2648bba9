use serde::{Deserialize, Serialize};

/// A signed length of time in whole seconds, written `-5m`, `90s`, `12h` or `1d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct Span(i64);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a duration is a whole number and one of s, m, h, d, such as -5m or 12h, within 10 years; `{0}` is not")]
pub struct SpanError(pub String);

const LONGEST: i64 = 10 * 366 * 86_400;

impl Span {
    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    pub const fn as_seconds(self) -> i64 {
        self.0
    }
}

impl std::str::FromStr for Span {
    type Err = SpanError;
    fn from_str(text: &str) -> Result<Self, SpanError> {
        let refuse = || SpanError(text.chars().take(40).collect());
        let unit = match text.chars().last() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3_600,
            Some('d') => 86_400,
            _ => return Err(refuse()),
        };
        let number: i64 = text.get(..text.len() - 1).and_then(|n| n.parse().ok()).ok_or_else(refuse)?;
        let seconds = number.checked_mul(unit).ok_or_else(refuse)?;
        if seconds.abs() > LONGEST { Err(refuse()) } else { Ok(Self(seconds)) }
    }
}

impl TryFrom<String> for Span {
    type Error = SpanError;
    fn try_from(text: String) -> Result<Self, SpanError> {
        text.parse()
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (number, unit) = match self.0 {
            0 => (0, "s"),
            s if s % 86_400 == 0 => (s / 86_400, "d"),
            s if s % 3_600 == 0 => (s / 3_600, "h"),
            s if s % 60 == 0 => (s / 60, "m"),
            s => (s, "s"),
        };
        write!(f, "{number}{unit}")
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn a_span_is_written_in_its_largest_whole_unit() {
        for (text, back) in [("-5m", "-5m"), ("60s", "1m"), ("24h", "1d"), ("90s", "90s"), ("0s", "0s")] {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), back);
        }
        for bad in ["", "5", "m", "5 m", "1.5h", "9999999d", "5é"] {
            assert!(bad.parse::<Span>().is_err(), "{bad}");
        }
    }
}
