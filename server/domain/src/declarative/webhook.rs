use model::{EventKind, Webhook};
use serde::{Deserialize, Serialize};

use super::{
    file::{Secret, SecretResolver},
    plan::Plan,
    planning::step,
    source::Source,
};
use crate::{
    Error, Services,
    port::{ChangeSet, Document, WebhookRecord},
};

/// A webhook as a file writes it. Where no secret is written, the one that is there stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredWebhook {
    pub name: String,
    pub url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
    /// None named: the alarms of provisioning.
    #[serde(default)]
    pub events: Vec<EventKind>,
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub enabled: bool,
}

fn yes() -> bool {
    true
}

impl DeclaredWebhook {
    pub(super) fn webhook(self) -> Webhook {
        Webhook { name: self.name, url: self.url, events: self.events, enabled: self.enabled }
    }
}

impl Services {
    pub(super) fn plan_webhook(
        &self,
        declared: &DeclaredWebhook,
        resolver: SecretResolver<'_>,
        source: &mut Source<'_>,
        plan: &mut Plan,
        change: &mut ChangeSet,
    ) -> Result<(), Error> {
        let snapshot = self.snapshot();
        let name = &declared.name;
        let known = snapshot.configuration.webhooks.get(name);
        let kept =
            known.map(|k| self.open_webhook_secret(&k.value).map(|plain| (plain, &k.value.secret))).transpose()?;
        let given = match declared.secret.as_ref().map(|secret| secret.resolve(resolver)).transpose() {
            Ok(given) => given,
            Err(why) => {
                source.fault("webhooks", name, name, &format!("secret: {why}"));
                return Ok(());
            }
        };
        // A secret that is there already stays as it is sealed, so that nothing changes.
        let secret = match (given, kept) {
            (None, Some((_, sealed))) => sealed.clone(),
            (Some(plain), Some((known, sealed))) if plain.trim() == known => sealed.clone(),
            (Some(plain), _) => match self.seal_webhook_secret(name, &plain) {
                Ok(sealed) => sealed,
                Err(Error::Invalid(faults)) => {
                    source.faults("webhooks", name, faults);
                    return Ok(());
                }
                Err(error) => return Err(error),
            },
            (None, None) => {
                source.fault("webhooks", name, name, "secret: a webhook has one, such as { env: WEBHOOK_SECRET }");
                return Ok(());
            }
        };
        let record = WebhookRecord { webhook: declared.clone().webhook(), secret };
        if known.is_some_and(|k| k.value == record) {
            plan.unchanged += 1;
        } else {
            step(plan, change, Document::Webhook(record), known.map(|k| k.version));
        }
        Ok(())
    }

    pub(super) fn exported_webhook(&self, record: &WebhookRecord, secrets: bool) -> Result<DeclaredWebhook, Error> {
        let secret = secrets.then(|| self.open_webhook_secret(record)).transpose()?.map(Secret::Literal);
        let Webhook { name, url, events, enabled } = record.webhook.clone();
        Ok(DeclaredWebhook { name, url, secret, events, enabled })
    }
}
