use model::{ScimStepRow, ScimStoredPlan};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Error, Services, port::StoreError};

/// Plans that are kept of a provider; for a new one the oldest makes room.
const KEPT: usize = 20;
/// Steps in one note.
const PAGE: usize = 200;

/// A plan as it is kept, but for its steps, which are in notes of their own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PlanRecord {
    pub stored: ScimStoredPlan,
    /// Of its steps.
    pub digest: String,
    /// Of what it takes away.
    pub removals: String,
}

fn name(id: &str) -> String {
    format!("plan/{id}")
}

fn steps(id: &str) -> String {
    format!("plan-steps/{id}/")
}

fn written<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| Error::Internal(format!("SCIM plan: {e}")))
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|e| StoreError::Corrupt(format!("SCIM plan: {e}")).into())
}

impl Services {
    /// The newest first.
    pub(super) async fn plan_records(&self, provider: &str) -> Result<Vec<PlanRecord>, Error> {
        let notes = self.provisioning().notes(provider, &name("")).await?;
        notes.iter().rev().map(|(_, text)| read(text)).collect()
    }

    pub(super) async fn plan_record(&self, provider: &str, id: &str) -> Result<PlanRecord, Error> {
        let missing = || Error::NotFound { kind: "plan", key: id.chars().take(50).collect() };
        // What is no id is the id of no plan.
        let well_formed = !id.is_empty() && id.len() < 50 && id.bytes().all(|b| b.is_ascii_hexdigit());
        let found = if well_formed { self.provisioning().note(provider, &name(id)).await? } else { None };
        read(&found.ok_or_else(missing)?)
    }

    pub(super) async fn plan_steps(&self, provider: &str, id: &str) -> Result<Vec<ScimStepRow>, Error> {
        let notes = self.provisioning().notes(provider, &steps(id)).await?;
        let pages = notes.iter().map(|(_, text)| read(text)).collect::<Result<Vec<Vec<ScimStepRow>>, Error>>()?;
        Ok(pages.into_iter().flatten().collect())
    }

    pub(super) async fn put_plan_record(&self, provider: &str, record: &PlanRecord) -> Result<(), Error> {
        let note = (name(&record.stored.id), Some(written(record)?));
        Ok(self.provisioning().keep_notes(provider, vec![note]).await?)
    }

    /// Keeps a new plan with its steps, and forgets the oldest for it.
    pub(super) async fn keep_plan(
        &self,
        provider: &str,
        record: &PlanRecord,
        rows: &[ScimStepRow],
    ) -> Result<(), Error> {
        let mut notes = vec![(name(&record.stored.id), Some(written(record)?))];
        for (page, rows) in rows.chunks(PAGE).enumerate() {
            notes.push((format!("{}{page:06}", steps(&record.stored.id)), Some(written(&rows)?)));
        }
        // The new one is not among them yet.
        for old in self.plan_records(provider).await?.iter().skip(KEPT - 1) {
            notes.extend(self.plan_notes(provider, &old.stored.id).await?);
        }
        Ok(self.provisioning().keep_notes(provider, notes).await?)
    }

    pub(super) async fn drop_plan(&self, provider: &str, id: &str) -> Result<(), Error> {
        let notes = self.plan_notes(provider, id).await?;
        Ok(self.provisioning().keep_notes(provider, notes).await?)
    }

    /// Everything of a plan, to be taken away.
    async fn plan_notes(&self, provider: &str, id: &str) -> Result<Vec<(String, Option<String>)>, Error> {
        let pages = self.provisioning().notes(provider, &steps(id)).await?;
        Ok(pages.into_iter().map(|(page, _)| page).chain([name(id)]).map(|note| (note, None)).collect())
    }
}
