use model::{EventKind, ListQuery, Page, Webhook, WebhookDetail, WebhookRow};
use serde_json::json;

use super::state::place;
use crate::{
    Admin, Auditor, Error,
    applications::page,
    port::{Document, Expect, Kind, WebhookRecord, Write},
    validate,
};

impl Auditor<'_> {
    /// Search in name and address; sort by `name` (default).
    pub async fn webhooks(&self, query: &ListQuery) -> Result<Page<WebhookRow>, Error> {
        let services = &self.0.services;
        let wanted = query.q.trim().to_lowercase();
        let mut rows = Vec::new();
        for record in services.snapshot().configuration.webhooks.values() {
            let webhook = &record.value.webhook;
            if [&webhook.name, &webhook.url].iter().any(|text| text.to_lowercase().contains(&wanted)) {
                let state = services.webhook_progress(&webhook.name).await?.state;
                let (name, url) = (webhook.name.clone(), webhook.url.clone());
                rows.push(WebhookRow { name, url, enabled: webhook.enabled, state });
            }
        }
        rows.sort_by_cached_key(|r| r.name.to_lowercase());
        if query.sort == "-name" {
            rows.reverse();
        }
        Ok(page(rows, query))
    }

    pub async fn webhook(&self, name: &str) -> Result<WebhookDetail, Error> {
        let services = &self.0.services;
        let snapshot = services.snapshot();
        let found = snapshot.configuration.webhooks.get(name).ok_or_else(|| Error::missing(Kind::Webhook, name))?;
        let state = services.webhook_progress(name).await?.state;
        Ok(WebhookDetail { version: found.version, webhook: found.value.webhook.clone(), state })
    }
}

impl Admin<'_> {
    /// Without a secret one is made; it is returned, this once.
    pub async fn create_webhook(&self, webhook: Webhook, secret: Option<&str>) -> Result<String, Error> {
        checked(&webhook)?;
        let services = &self.caller().services;
        let name = webhook.name.clone();
        if services.snapshot().configuration.webhooks.contains_key(&name) {
            return Err(Error::invalid("name", "there is a webhook of this name already"));
        }
        let plain = secret.map_or_else(|| services.new_webhook_secret(), str::to_owned);
        let secret = services.seal_webhook_secret(&name, &plain)?;
        let event = self.changed(EventKind::Created, Kind::Webhook, &name, None, Some(&webhook));
        let document = Document::Webhook(WebhookRecord { webhook, secret });
        self.write(Write::Put { document, expect: Expect::Absent }, event).await?;
        Ok(plain)
    }

    /// `version` is the one the change was made from; a newer one in the store is a conflict. The secret stays.
    pub async fn update_webhook(&self, name: &str, version: u64, webhook: Webhook) -> Result<(), Error> {
        if webhook.name != name {
            return Err(Error::invalid("name", "its secret is sealed for its name, so the name stays"));
        }
        checked(&webhook)?;
        let before = self.webhook_record(name)?;
        let event = self.changed(EventKind::Updated, Kind::Webhook, name, Some(&before.webhook), Some(&webhook));
        let document = Document::Webhook(WebhookRecord { webhook, secret: before.secret });
        self.write(Write::Put { document, expect: Expect::Version(version) }, event).await
    }

    /// Messages are signed with this secret from now on; without one, another is made. It is returned, this once.
    pub async fn set_webhook_secret(&self, name: &str, version: u64, secret: Option<&str>) -> Result<String, Error> {
        let services = &self.caller().services;
        let before = self.webhook_record(name)?;
        let plain = secret.map_or_else(|| services.new_webhook_secret(), str::to_owned);
        let secret = services.seal_webhook_secret(name, &plain)?;
        let event = self.changed(EventKind::Updated, Kind::Webhook, name, None, Some(&json!({ "secret": "another" })));
        let document = Document::Webhook(WebhookRecord { secret, ..before });
        self.write(Write::Put { document, expect: Expect::Version(version) }, event).await?;
        Ok(plain)
    }

    /// What waits is not sent any more.
    pub async fn delete_webhook(&self, name: &str, version: u64) -> Result<(), Error> {
        let before = self.webhook_record(name)?;
        let event = self.changed(EventKind::Deleted, Kind::Webhook, name, Some(&before.webhook), None);
        let write = Write::Delete { kind: Kind::Webhook, key: name.to_owned(), expect: Expect::Version(version) };
        self.write(write, event).await?;
        Ok(self.caller().services.provisioning().forget(&place(name)).await?)
    }

    pub(super) fn webhook_record(&self, name: &str) -> Result<WebhookRecord, Error> {
        let snapshot = self.caller().services.snapshot();
        let found = snapshot.configuration.webhooks.get(name).map(|record| record.value.clone());
        found.ok_or_else(|| Error::missing(Kind::Webhook, name))
    }
}

fn checked(webhook: &Webhook) -> Result<(), Error> {
    let faults = validate::webhook(webhook);
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}
