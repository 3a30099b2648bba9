use model::{EventKind, WebhookTest};
use serde_json::json;

use super::message::message;
use crate::{Admin, Error, events::Entry};

impl Admin<'_> {
    /// Sends a webhook one signed message of a kind of its own, now and once, also where it is switched off. What became
    /// of it is kept as the event that the message tells of; what waits for the webhook is not touched.
    pub async fn test_webhook(&self, name: &str) -> Result<WebhookTest, Error> {
        let caller = self.caller();
        let services = &caller.services;
        let record = self.webhook_record(name)?;
        let secret = services.open_webhook_secret(&record)?;
        let mut event = services.event(Entry {
            kind: EventKind::WebhookTested,
            actor: caller.username(),
            target: format!("webhook {name}"),
            address: &caller.origin.address,
            message: format!("{} sent a test message to the webhook {name}", caller.username()),
            detail: json!({}),
        });
        let now = services.clock().now();
        let sent = message(&event, &record.webhook.url, &secret, services.public_url(), now)?;
        let (status, words) = match services.webhook_transport().post(&sent).await {
            Ok(status) => (Some(status), format!("the answer has the status {status}")),
            Err(why) => (None, why),
        };
        let taken = status.is_some_and(|status| (200..300).contains(&status));
        let outcome = if taken { "it was taken" } else { "it was not taken" };
        event.message = format!("{}: {outcome}, {words}", event.message);
        event.detail = json!({ "taken": taken, "status": status, "outcome": words, "token": caller.token });
        let id = event.id.clone();
        services.store().append_events(vec![event]).await?;
        Ok(WebhookTest { id, taken, status, words })
    }
}
