use model::{EventKind, WebhookTest};
use serde_json::{Value, json};

use super::message::message;
use crate::{Admin, Error, events::Entry};

impl Admin<'_> {
    /// Sends a webhook one signed message of a kind of its own, now and once, also where it is switched off. The event that
    /// the message tells of is kept before it is sent: a crash leaves no message of which nobody here knows. What became of
    /// it is an event as well, which names the first one; what waits for the webhook is not touched.
    pub async fn test_webhook(&self, name: &str) -> Result<WebhookTest, Error> {
        let caller = self.caller();
        let services = &caller.services;
        let record = self.webhook_record(name)?;
        let secret = services.open_webhook_secret(&record)?;
        let told = |message: String, detail: Value| {
            services.event(Entry {
                kind: EventKind::WebhookTested,
                actor: caller.username(),
                target: format!("webhook {name}"),
                address: &caller.origin.address,
                message,
                detail,
            })
        };
        let about = format!("{} sends a test message to the webhook {name}", caller.username());
        let event = told(about, json!({ "token": caller.token }));
        let now = services.clock().now();
        let sent = message(&event, &record.webhook.url, &secret, services.public_url(), now)?;
        let id = event.id.clone();
        services.store().append_events(vec![event]).await?;
        let (status, words) = match services.webhook_transport().post(&sent).await {
            Ok(status) => (Some(status), format!("the answer has the status {status}")),
            Err(why) => (None, why),
        };
        let taken = status.is_some_and(|status| (200..300).contains(&status));
        let outcome = if taken { "was taken" } else { "was not taken" };
        let about =
            format!("the test message that {} sent to the webhook {name} {outcome}: {words}", caller.username());
        let detail = json!({ "test": id, "taken": taken, "status": status, "outcome": words, "token": caller.token });
        services.store().append_events(vec![told(about, detail)]).await?;
        Ok(WebhookTest { id, taken, status, words })
    }
}
