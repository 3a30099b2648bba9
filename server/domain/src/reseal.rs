use std::collections::BTreeMap;

use model::EventKind;
use serde_json::json;

use crate::{
    Error, Finding, Services,
    events::Entry,
    port::{ChangeSet, Document, Expect, KeyRecord, ResponseRecord, Sealed, Write},
    snapshot::{PAIRWISE_SECRET, Snapshot, key_purpose},
};

/// Kept responses read at a time.
const BATCH: u32 = 200;

/// What was sealed anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Resealed {
    /// Private keys, SCIM providers with tokens, webhooks, and the secret of persistent NameIDs.
    pub secrets: usize,
    pub responses: usize,
    /// Kept responses that no key of here opens. They go by themselves.
    pub closed: usize,
}

impl Services {
    /// Seals everything under the newest master key that is sealed under another. Broken off, it is done in part and good
    /// as it is; done again, it does the rest. For the operator of the machine.
    pub async fn reseal(&self, actor: &str) -> Result<Resealed, Error> {
        self.refresh().await?;
        let snapshot = self.snapshot();
        let writes = self.resealed_documents(&snapshot)?;
        let mut done = Resealed { secrets: writes.len(), ..Resealed::default() };
        let mut after = String::new();
        while let Some(batch) = self.responses_after(&mut after).await? {
            for record in batch {
                match self.resealed_response(record) {
                    Ok(Some(record)) => {
                        self.store().replace_response(&record).await?;
                        done.responses += 1;
                    }
                    Ok(None) => {}
                    Err(_) => done.closed += 1,
                }
            }
        }
        if done.secrets + done.responses == 0 {
            return Ok(done);
        }
        let newest = self.vault().current_id();
        let event = self.event(Entry {
            kind: EventKind::Updated,
            actor,
            target: "the store".to_owned(),
            address: "",
            message: format!("{actor} sealed everything under the master key {newest}"),
            detail: json!({ "master_key": newest, "secrets": done.secrets, "responses": done.responses }),
        });
        self.commit(ChangeSet { writes, events: vec![event], ..ChangeSet::default() }).await?;
        Ok(done)
    }

    fn resealed_documents(&self, snapshot: &Snapshot) -> Result<Vec<Write>, Error> {
        let configuration = &snapshot.configuration;
        let mut writes = Vec::new();
        let mut put = |document: Option<Document>, version: u64| {
            let write = document.map(|document| Write::Put { document, expect: Expect::Version(version) });
            writes.extend(write);
        };
        for record in configuration.keys.values() {
            let Some(sealed) = &record.value.private_key else { continue };
            let anew = self.vault().reseal(self.entropy(), &key_purpose(&record.value.key.name), sealed)?;
            let anew = anew.map(|sealed| KeyRecord { private_key: Some(sealed), ..record.value.clone() });
            put(anew.map(Document::Key), record.version);
        }
        for record in configuration.scim_providers.values() {
            put(self.resealed_tokens(&record.value)?.map(Document::ScimProvider), record.version);
        }
        for record in configuration.webhooks.values() {
            put(self.resealed_webhook(&record.value)?.map(Document::Webhook), record.version);
        }
        if let (Some(record), Some(sealed)) = (configuration.settings.get(PAIRWISE_SECRET), sealed_pairwise(snapshot))
            && sealed.key_id != self.vault().current_id()
        {
            put(Some(self.pairwise_setting(&snapshot.pairwise_secret)?), record.version);
        }
        Ok(writes)
    }

    /// The next kept responses; none when all were read.
    async fn responses_after(&self, after: &mut String) -> Result<Option<Vec<ResponseRecord>>, Error> {
        let batch = self.store().kept_responses_after(after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(None) };
        after.clone_from(&last.id);
        Ok(Some(batch))
    }

    /// Which master keys seal how much. While an older one does, its line cannot go.
    pub(crate) async fn examine_seals(&self) -> Result<Finding, Error> {
        let (snapshot, vault) = (self.snapshot(), self.vault());
        let mut under: BTreeMap<String, usize> = BTreeMap::new();
        for id in sealed(&snapshot) {
            *under.entry(id).or_default() += 1;
        }
        let mut after = String::new();
        while let Some(batch) = self.responses_after(&mut after).await? {
            // One that does not open goes by itself.
            for id in batch.into_iter().map(|record| record.sealed.key_id).filter(|id| vault.knows(id)) {
                *under.entry(id).or_default() += 1;
            }
        }
        let place = "secrets by master key";
        let lines = vault.ids().into_iter().enumerate().map(|(index, id)| {
            let count = under.get(id).copied().unwrap_or_default();
            let idle = if count == 0 && index > 0 { ", so it may go" } else { "" };
            format!("line {} of master.key ({id}) seals {count}{idle}", index + 1)
        });
        let unknown: Vec<&String> = under.keys().filter(|id| !vault.knows(id)).collect();
        let gone = unknown.iter().map(|id| format!("{id} seals some and is not in master.key"));
        let found = lines.chain(gone).collect::<Vec<_>>().join("; ");
        let newest = vault.current_id();
        Ok(if !unknown.is_empty() {
            Finding::bad(place, found, "put its line back, or set anew what it sealed")
        } else if under.keys().any(|id| id != newest) {
            let fix = "to be rid of an older one: `rolecall master-key reseal`, then take its line out";
            Finding::warning(place, found, fix)
        } else {
            Finding::good(place, found)
        })
    }
}

/// The ids of the master keys that the secrets of the configuration are sealed under, once for each secret.
fn sealed(snapshot: &Snapshot) -> Vec<String> {
    let configuration = &snapshot.configuration;
    let keys = configuration.keys.values().filter_map(|key| key.value.private_key.as_ref());
    let tokens = configuration.scim_providers.values().flat_map(|p| &p.value.tokens).map(|token| &token.sealed);
    let webhooks = configuration.webhooks.values().map(|webhook| &webhook.value.secret);
    let all = keys.chain(tokens).chain(webhooks).map(|sealed| sealed.key_id.clone());
    all.chain(sealed_pairwise(snapshot).map(|sealed| sealed.key_id)).collect()
}

fn sealed_pairwise(snapshot: &Snapshot) -> Option<Sealed> {
    snapshot.setting(PAIRWISE_SECRET)
}
