use model::EventKind;
use serde_json::{Value, json};

use crate::{events::Entry, port::LogoutJourney};

/// What is told of a logout that has come to its end.
pub(super) fn over(journey: &LogoutJourney) -> Entry<'_> {
    let detail = json!({
        "ended": journey.ended, "failed": journey.failed, "unanswered": unanswered(journey),
    });
    entry(journey, "is over", String::new(), detail)
}

/// What is told of a logout whose time is up.
pub(super) fn lost(journey: &LogoutJourney) -> Entry<'_> {
    let place = journey.waiting.as_ref().map(|waiting| waiting.slug.as_str());
    let untold: Vec<&str> = journey.queue.iter().map(|participant| participant.slug.as_str()).collect();
    let how = match place {
        Some(place) => format!("got lost at {place}, which did not send the browser back"),
        None => "got lost before anybody was told".to_owned(),
    };
    let rest = format!(", not told: {}", words(&untold));
    let detail = json!({
        "ended": journey.ended, "failed": journey.failed, "unanswered": unanswered(journey), "lost_at": place,
        "not_told": untold,
    });
    entry(journey, &how, rest, detail)
}

fn entry<'a>(journey: &'a LogoutJourney, how: &str, rest: String, detail: Value) -> Entry<'a> {
    let username = &journey.username;
    let unanswered = unanswered(journey);
    let silent = if unanswered.is_empty() { String::new() } else { format!(", no answer from {}", words(&unanswered)) };
    let message = format!(
        "logout of {username} {how}: ended at {}, not ended at {}{silent}{rest}",
        words(&journey.ended),
        words(&journey.failed)
    );
    Entry {
        kind: EventKind::SignOut,
        actor: username,
        target: format!("user {username}"),
        address: "",
        message,
        detail,
    }
}

fn unanswered(journey: &LogoutJourney) -> Vec<&str> {
    journey.unanswered.iter().map(|waiting| waiting.slug.as_str()).collect()
}

fn words(slugs: &[impl AsRef<str>]) -> String {
    let slugs: Vec<&str> = slugs.iter().map(AsRef::as_ref).collect();
    if slugs.is_empty() { "none".to_owned() } else { slugs.join(", ") }
}
