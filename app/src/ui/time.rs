use leptos::prelude::*;

use super::browser::seconds_until;

/// A moment: absolute as the server renders it and in the tooltip, relative once the browser has taken over.
#[component]
pub fn Time(
    /// RFC 3339, UTC.
    #[prop(into)]
    at: String,
) -> impl IntoView {
    let whole = absolute(&at);
    let text = RwSignal::new(whole.clone());
    let moment = at.clone();
    Effect::new(move |_| {
        if let Some(seconds) = seconds_until(&moment) {
            text.set(relative(seconds));
        }
    });
    view! { <time datetime=at title=whole>{move || text.get()}</time> }
}

/// `2026-11-24 15:54 UTC` of `2026-11-24T15:54:04.123Z`.
fn absolute(at: &str) -> String {
    match at.split_once('T') {
        Some((day, rest)) if at.ends_with('Z') => format!("{day} {} UTC", rest.get(..5).unwrap_or(rest)),
        _ => at.to_owned(),
    }
}

fn relative(seconds: i64) -> String {
    let past = seconds <= 0;
    let amount = seconds.unsigned_abs();
    let (number, unit) = match amount {
        0..45 => return if past { "just now".to_owned() } else { "in a moment".to_owned() },
        45..3_600 => (amount.div_ceil(60), "minute"),
        3_600..86_400 => (amount / 3_600, "hour"),
        86_400..5_184_000 => (amount / 86_400, "day"),
        5_184_000..63_072_000 => (amount / 2_592_000, "month"),
        _ => (amount / 31_536_000, "year"),
    };
    let plural = if number == 1 { "" } else { "s" };
    if past { format!("{number} {unit}{plural} ago") } else { format!("in {number} {unit}{plural}") }
}

#[cfg(test)]
mod tests {
    use super::{absolute, relative};

    #[test]
    fn a_moment_is_said_in_its_largest_unit() {
        for (seconds, text) in [
            (0, "just now"),
            (-90, "2 minutes ago"),
            (-3_600, "1 hour ago"),
            (86_400, "in 1 day"),
            (31_536_000, "in 12 months"),
            (94_608_000, "in 3 years"),
        ] {
            assert_eq!(relative(seconds), text);
        }
        assert_eq!(absolute("2026-11-24T15:54:04.123Z"), "2026-11-24 15:54 UTC");
        assert_eq!(absolute("garbage"), "garbage");
    }
}
