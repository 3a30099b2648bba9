use model::{FieldError, Webhook};

use super::{address::web_address, faults::Faults};

pub fn webhook(webhook: &Webhook) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", &webhook.name);
    if let Err(why) = web_address(&webhook.url) {
        faults.add("url", why);
    }
    faults.0
}
