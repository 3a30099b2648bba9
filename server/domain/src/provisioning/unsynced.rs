use std::collections::HashSet;

use model::{Event, EventKind, ListQuery, Page};
use scim::{id::Object, plan::Plan};

use super::{wanted::Failure, worker::Worker};
use crate::{
    Error, Services,
    identifiers::{event_time, rfc3339, unix},
};

/// The events of changes.
const CHANGES: [EventKind; 4] = [EventKind::Created, EventKind::Updated, EventKind::Deleted, EventKind::Applied];

impl Services {
    async fn events_of(&self, kind: EventKind, page: u32) -> Result<Page<Event>, Error> {
        let query = ListQuery { filter: kind.code().to_owned(), page, ..ListQuery::default() };
        Ok(self.store().events(&query).await?)
    }

    /// The oldest event of a kind from an id on. The trail is read by pages, newest first, and a page costs as much as all
    /// before it: so the page is looked for near the beginning first, twice as far each time, and then by halves.
    async fn oldest(&self, kind: EventKind, first: &str) -> Result<Option<Event>, Error> {
        let is_new = |event: &Event| event.id.as_str() >= first;
        let mut found = self.events_of(kind, 1).await?;
        if !found.rows.first().is_some_and(is_new) {
            return Ok(None);
        }
        let last = found.total.div_ceil(u64::from(ListQuery::PAGE_SIZE));
        let (mut low, mut high) = (1, u32::try_from(last).unwrap_or(u32::MAX));
        let mut passed = false;
        while low < high {
            let middle = if passed { high - (high - low) / 2 } else { high.min(low.saturating_mul(2)) };
            let page = self.events_of(kind, middle).await?;
            if page.rows.first().is_some_and(is_new) {
                (low, found) = (middle, page);
            } else {
                (high, passed) = (middle - 1, true);
            }
        }
        Ok(found.rows.into_iter().rev().find(is_new))
    }
}

impl Worker {
    /// Takes note that everything of an epoch was followed, or is known to wait.
    pub(super) fn followed(&mut self, epoch: u64) {
        self.done_epoch = Some(epoch);
        self.state.health.followed = epoch;
        self.state.followed_at = self.state.began;
    }

    /// When the oldest change was made that was not followed yet, in unix seconds. Whoever was at work until now has seen
    /// each change at once; a worker that has just begun asks the trail what there was before it.
    pub(super) async fn oldest_change(&self) -> Result<i64, Error> {
        let now = self.services.clock().now();
        if self.done_epoch.is_some() || self.state.followed_at == 0 {
            return Ok(now);
        }
        let first = event_time(self.state.followed_at);
        let mut oldest = now;
        for kind in CHANGES {
            let found = self.services.oldest(kind, &first).await?;
            oldest = oldest.min(found.and_then(|event| unix(&event.at)).unwrap_or(now));
        }
        Ok(oldest)
    }

    /// Takes note that something is not there yet.
    pub(super) async fn unsynced(&mut self) -> Result<(), Error> {
        if self.state.health.unsynced_since.is_none() {
            self.state.health.unsynced_since = Some(rfc3339(self.oldest_change().await?));
        }
        Ok(())
    }

    /// Takes note of what is left where nothing more can be sent: what the service refused, what it cannot take, and what
    /// could not be made are changes that have not arrived.
    pub(super) async fn keep_unsynced(&mut self, plan: &Plan, failures: &[Failure]) -> Result<(), Error> {
        let refused = self.keep_refused(plan, failures).await?;
        let waiting: HashSet<&Object> = plan.waiting.iter().map(|step| &step.object).collect();
        let parked = self.mirror()?.observed.parked.iter();
        let parked = parked.filter(|parked| waiting.contains(&parked.step.object)).map(|parked| parked.since).min();
        self.state.health.unsynced_since = refused.into_iter().chain(parked).min().map(rfc3339);
        Ok(())
    }
}
