use serde::{Serialize, de::DeserializeOwned};

use super::worker::Worker;
use crate::{Error, Services, port::StoreError};

impl Services {
    /// What a worker wrote down under a name; None: nothing yet.
    pub(super) async fn scim_note<T: DeserializeOwned>(&self, provider: &str, name: &str) -> Result<Option<T>, Error> {
        let Some(text) = self.provisioning().note(provider, name).await? else { return Ok(None) };
        let corrupt = |e| Error::from(StoreError::Corrupt(format!("note {name} of {provider}: {e}")));
        serde_json::from_str(&text).map(Some).map_err(corrupt)
    }
}

impl Worker {
    /// Writes something down for people to read, of bounded size.
    pub(super) async fn put_note<T: Serialize>(&self, name: &str, note: &T) -> Result<(), Error> {
        let text = serde_json::to_string(note).map_err(|e| Error::Internal(format!("SCIM note: {e}")))?;
        Ok(self.services.provisioning().put_note(&self.provider, self.lease, name, Some(&text)).await?)
    }
}
