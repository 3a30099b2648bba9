use model::{Event, ListQuery, Page, UserRow};

use crate::{Auditor, Error};

impl Auditor<'_> {
    /// Newest first; `filter` is the code of an event kind.
    pub async fn events(&self, query: &ListQuery) -> Result<Page<Event>, Error> {
        Ok(self.0.services.store().events(query).await?)
    }

    /// How many events came after one that is known, up to `limit`.
    pub async fn events_after(&self, id: &str, limit: u32) -> Result<u32, Error> {
        Ok(self.0.services.store().events_after(id, limit).await?)
    }

    pub async fn event(&self, id: &str) -> Result<Event, Error> {
        let found = self.0.services.store().event(id).await?;
        found.ok_or_else(|| Error::NotFound { kind: "event", key: id.chars().take(40).collect() })
    }

    /// Search in username, name and email.
    pub async fn users(&self, query: &ListQuery) -> Result<Page<UserRow>, Error> {
        Ok(self.0.services.store().users(query).await?)
    }
}
