use scim::id::{Kind, Object};

use super::scope::{Covers, Scope};
use crate::{Error, Services, person::Person, port::ScimRecord};

/// Users read at a time.
const BATCH: u32 = 1_000;

impl Services {
    /// Whether there is anything to synchronise under an identifier of ours: something that is at the service or was
    /// refused there, or somebody or something here that is in scope.
    pub(super) async fn is_object(&self, record: &ScimRecord, object: &Object) -> Result<bool, Error> {
        let name = &record.provider.name;
        // What is known of another service is dropped before anything is sent to this one.
        if !self.scim_state(name).await?.is_of_another(&record.provider.url) {
            let rows = self.object_rows(name).await?;
            let kind = super::view::word(object.kind);
            if rows.iter().any(|row| row.kind == kind && row.local == object.id.0) {
                return Ok(true);
            }
        }
        let snapshot = self.snapshot();
        match object.kind {
            Kind::Group => {
                let scope = Scope::new(&snapshot, &record.provider);
                Ok(scope.groups().iter().any(|group| snapshot.group_ids.of(group) == object.id.0))
            }
            Kind::User => {
                let Some(person) = self.user_of(&object.id.0).await? else { return Ok(false) };
                let provider = record.provider.clone();
                // A policy that says nothing in time keeps nobody out.
                self.busy(move || Scope::new(&snapshot, &provider).covers(&person) != Covers::No).await
            }
        }
    }

    /// The user with an identifier. There is no index of them, so all are looked through: for what somebody asked for by
    /// hand, and no service has.
    async fn user_of(&self, uid: &str) -> Result<Option<Person>, Error> {
        let mut after = String::new();
        loop {
            let batch = self.store().users_after(&after, BATCH).await?;
            let Some(last) = batch.last() else { return Ok(None) };
            after = last.value.user.username.to_lowercase();
            if let Some(found) = batch.into_iter().find(|record| record.value.user.uid == uid) {
                return Ok(Some(Person::new(found.value.user, &self.snapshot())));
            }
        }
    }
}
