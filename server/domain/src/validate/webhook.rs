use model::{FieldError, Webhook};

use super::{address::web_address, faults::Faults};

pub fn webhook(webhook: &Webhook) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", &webhook.name);
    if let Err(why) = web_address(&webhook.url) {
        faults.add("url", why);
    }
    if webhook.events.iter().any(|event| !Webhook::choices().any(|kind| kind == *event)) {
        faults.add("events", "a test is one message of its own, and nobody is told of it again: leave it out");
    }
    faults.0
}
