use std::sync::Arc;

use model::{EventKind, ScimDialect, ScimStatus};
use scim::{
    id::Kind,
    read::{Pager, probe_request},
};
use serde_json::json;

use super::{
    control::Control,
    description::description,
    reading,
    sender::Sender,
    settings,
    tokens::fingerprint,
    trouble::Trouble,
    worker::{Next, Worker},
};
use crate::{Error, port::ScimRecord, snapshot::Snapshot};

/// Nothing is left alone for longer, in seconds.
pub(super) const LONGEST: i64 = 3_600;

impl Worker {
    /// One round, with the lease at hand.
    pub(super) async fn work(&mut self, snapshot: &Arc<Snapshot>) -> Result<Next, Error> {
        let Some(found) = snapshot.configuration.scim_providers.get(&self.provider) else { return Ok(Next::Gone) };
        let record = found.value.clone();
        let (epoch, now) = (snapshot.configuration.epoch, self.services.clock().now());
        self.due = now + LONGEST;
        self.state.began = self.services.clock().now_micros();
        let control = Control::of(snapshot, &self.provider);
        self.asked = control.sync;
        self.warn_of_tokens(&record, now).await?;
        if !record.provider.enabled {
            return self.rest(epoch, ScimStatus::Disabled, "switched off".to_owned()).await;
        }
        let tokens = self.services.open_scim_tokens(&record)?;
        let Some(token) = tokens.first() else {
            return self.rest(epoch, ScimStatus::NotConnected, "there is no token".to_owned()).await;
        };
        if control.is_cancelled() {
            return self.cancelled(epoch).await;
        }
        let fingerprint = fingerprint(&record);
        let stopped = self.state.stopped_for == fingerprint;
        let resumes = !self.state.stopped_for.is_empty();
        // Each request to run again is one question, however much changes here after it.
        let asked = control.sync != self.state.sync_seen && control.sync != self.state.probe_seen;
        if stopped && !asked && now < self.ask_at {
            self.due = self.ask_at;
            return self.rest(epoch, ScimStatus::Stopped, self.state.health.words.clone()).await;
        }
        if let Some(quiet) = self.quiet(&record) {
            return self.sent_away(quiet).await;
        }
        if stopped {
            self.state.probe_seen = control.sync;
        }
        let config = self.config.clone();
        let dialect = settings::dialect(&record.provider, config.as_ref());
        let mut sender = self.sender(&record.provider.url, token, dialect);
        if self.failures > 0 {
            sender = sender.careful();
        }
        if resumes || (record.provider.dialect == ScimDialect::Rfc7644 && config.is_none()) {
            match self.probe(&record, &sender, resumes).await {
                Ok(()) => {}
                Err(trouble) => return self.troubled(trouble, &record, &tokens, epoch).await,
            }
            let dialect = settings::dialect(&record.provider, self.config.as_ref());
            sender = self.sender(&record.provider.url, token, dialect);
        }
        if resumes {
            // Another token is no better for being another one: it goes on since one was accepted.
            self.state.stopped_for = String::new();
            let message = format!("provisioning to {} goes on", self.provider);
            self.tell(EventKind::ProvisioningResumed, message, json!({})).await?;
            self.keep_state().await?;
        }
        if self.failures > 0 {
            sender = sender.careful();
        }
        match self.sync(snapshot, &record, &control, &Arc::new(sender)).await {
            Ok(next) => Ok(next),
            Err(trouble) => self.troubled(trouble, &record, &tokens, epoch).await,
        }
    }

    /// Asks whether address and token are good, and what the service is. `resumes`: one of them was refused before.
    async fn probe(&mut self, record: &ScimRecord, sender: &Sender, resumes: bool) -> Result<(), Trouble> {
        if record.provider.dialect != ScimDialect::Rfc7644 {
            return reading::good(sender.read(&probe_request()).await).map(|_| ());
        }
        self.config = Some(description(sender).await?);
        let dialect = settings::dialect(&record.provider, self.config.as_ref());
        // What it is, many a server says to anybody; who is there, only to whom it knows.
        match Pager::all(Kind::User, &dialect).request().filter(|_| resumes) {
            Some(users) => reading::good(sender.read(&users).await).map(|_| ()),
            None => Ok(()),
        }
    }
}
