use serde::{Deserialize, Serialize};

/// A day of the calendar in UTC, written `2027-01-31`, from 1970 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
#[expect(clippy::struct_field_names, reason = "that is what a day of a month is called")]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a day is written 2027-01-31; `{0}` is none")]
pub struct DayError(pub String);

impl Day {
    /// Unix seconds of its beginning.
    pub fn unix_seconds(self) -> i64 {
        let years = (1970..self.year).map(|year| if leap(year) { 366 } else { 365 }).sum::<i64>();
        let months = (1..self.month).map(|month| i64::from(days(self.year, month))).sum::<i64>();
        (years + months + i64::from(self.day) - 1) * 86_400
    }
}

fn leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// How many days a month has; none where there is no such month.
fn days(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap(year) => 29,
        2 => 28,
        _ => 0,
    }
}

impl std::str::FromStr for Day {
    type Err = DayError;
    fn from_str(text: &str) -> Result<Self, DayError> {
        let refuse = || DayError(text.chars().take(40).collect());
        let number = |part: Option<&str>, digits: usize| {
            let part = part.filter(|p| p.len() == digits && p.bytes().all(|b| b.is_ascii_digit()));
            part.and_then(|p| p.parse::<u16>().ok()).ok_or_else(refuse)
        };
        let mut parts = text.split('-');
        let (year, month, day) = (number(parts.next(), 4)?, number(parts.next(), 2)?, number(parts.next(), 2)?);
        let (month, day) = (u8::try_from(month).map_err(|_| refuse())?, u8::try_from(day).map_err(|_| refuse())?);
        if parts.next().is_some() || year < 1970 || day == 0 || day > days(year, month) {
            return Err(refuse());
        }
        Ok(Self { year, month, day })
    }
}

impl TryFrom<String> for Day {
    type Error = DayError;
    fn try_from(text: String) -> Result<Self, DayError> {
        text.parse()
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn a_day_is_counted_from_1970_over_leap_years() {
        for (text, seconds) in [
            ("1970-01-01", 0),
            ("2000-02-29", 951_782_400),
            ("2026-11-25", 1_795_564_800),
            ("2100-03-01", 4_107_542_400),
        ] {
            let day: Day = text.parse().unwrap();
            assert_eq!((day.unix_seconds(), day.to_string().as_str()), (seconds, text));
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for bad in [
            "",
            "2027",
            "2027-1-1",
            "2027-13-01",
            "2027-02-29",
            "2100-02-29",
            "2027-01-01T",
            "1969-12-31",
            "+027-01-01",
            "２027-01-01",
        ] {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }
}
