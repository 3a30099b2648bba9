//! `xs:duration` (XML Schema part 2 §3.2.6) in whole seconds.

const DAY: i64 = 86_400;

/// The length of a duration; `None` when it is not one, or negative. A month counts 30 days and a year 365: no calendar
/// is known here, and for the time a file may be kept it makes no difference.
pub fn seconds(text: &str) -> Option<i64> {
    let rest = text.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (rest, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let days = part(date, &[('Y', 365 * DAY), ('M', 30 * DAY), ('D', DAY)])?;
    days.checked_add(part(time, &[('H', 3600), ('M', 60), ('S', 1)])?)
}

/// Numbers with units, each unit at most once and in this order.
fn part(text: &str, units: &[(char, i64)]) -> Option<i64> {
    let (mut rest, mut total) = (text, 0_i64);
    for (unit, length) in units {
        let Some((number, after)) = rest.split_once(*unit) else { continue };
        // Only seconds may have a fraction, and what it adds is less than one.
        let number = match number.split_once('.') {
            Some((whole, fraction)) if *unit == 'S' && !fraction.is_empty() => {
                fraction.bytes().all(|b| b.is_ascii_digit()).then_some(whole)?
            }
            _ => number,
        };
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(*length)?)?;
        rest = after;
    }
    rest.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_every_unit() {
        for (text, expected) in [
            ("PT1H", 3600),
            ("P1D", DAY),
            ("P1Y2M3DT4H5M6.7S", 365 * DAY + 60 * DAY + 3 * DAY + 4 * 3600 + 5 * 60 + 6),
            ("PT0S", 0),
            ("P7D", 7 * DAY),
            ("PT90M", 5400),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "P",
            "PT",
            "P1",
            "1D",
            "-P1D",
            "PT1D",
            "P1H",
            "PDT1H",
            "P1DT",
            "PT1.S",
            "P1.5D",
            "P1D1Y",
            "3600",
            "PT99999999999999999999S",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
