use model::EventKind;
use scim::read::probe_request;
use serde_json::json;

use super::{
    reading, settings,
    token_slots::{days, ending},
    worker::Worker,
};
use crate::{
    Error, identifiers,
    port::{ChangeSet, Document, Expect, ScimRecord, ScimToken, Write},
};

/// Of address and tokens: changed, a refusal is no reason to stop any more.
pub(super) fn fingerprint(record: &ScimRecord) -> String {
    let tokens: Vec<&str> = record.tokens.iter().map(|token| token.sealed.ciphertext.as_str()).collect();
    identifiers::sha256(format!("{} {}", record.provider.url, tokens.join(" ")).as_bytes())
}

impl Worker {
    /// Tries the second token and, where it is accepted, puts it in the place of the first.
    pub(super) async fn next_token_works(&mut self, record: &ScimRecord, tokens: &[String]) -> Result<bool, Error> {
        let Some(next) = tokens.get(1) else { return Ok(false) };
        let dialect = settings::dialect(&record.provider, self.config.as_ref());
        let sender = self.sender(&record.provider.url, next, dialect);
        if reading::good(sender.read(&probe_request()).await).is_err() {
            return Ok(false);
        }
        let snapshot = self.services.snapshot();
        let Some(found) = snapshot.configuration.scim_providers.get(&self.provider) else { return Ok(false) };
        if found.value != *record {
            return Ok(true);
        }
        let mut changed = record.clone();
        changed.tokens.remove(0);
        let message = format!("the second token of {} took the place of the first, which was refused", self.provider);
        let event = self.services.scim_event(EventKind::ProvisioningResumed, &self.provider, message, json!({}));
        let expect = Expect::Version(found.version);
        let writes = vec![Write::Put { document: Document::ScimProvider(changed), expect }];
        self.services.commit(ChangeSet { writes, events: vec![event], ..ChangeSet::default() }).await?;
        if !self.state.stopped_for.is_empty() {
            // With that it is told already that it goes on.
            self.state.stopped_for = String::new();
            self.keep_state().await?;
        }
        Ok(true)
    }

    /// Tells once when a token ends within 60, 30 or 7 days, and when it has ended.
    pub(super) async fn warn_of_tokens(&mut self, record: &ScimRecord, now: i64) -> Result<(), Error> {
        let before = self.state.warned.clone();
        let prints: Vec<String> = record.tokens.iter().map(print).collect();
        self.state.warned.retain(|warned| prints.iter().any(|print| warned.starts_with(print)));
        for (slot, (token, print)) in record.tokens.iter().zip(&prints).enumerate() {
            let Some((days, Some(mark))) = days(token, now) else { continue };
            if self.state.warned.insert(format!("{print} {mark}")) {
                let message = format!("{}: {}", self.provider, ending(slot, days, mark));
                let detail = json!({ "slot": slot + 1, "days": days });
                self.tell(EventKind::TokenExpires, message, detail).await?;
            }
        }
        // Written down at once: what a round forgets is told again.
        if self.state.warned == before { Ok(()) } else { self.keep_state().await }
    }
}

/// What a token is remembered by.
fn print(token: &ScimToken) -> String {
    identifiers::sha256(token.sealed.ciphertext.as_bytes()).chars().take(12).collect()
}
