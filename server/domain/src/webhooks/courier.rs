use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, AtomicI64, Ordering},
};

use model::{Event, ListQuery};

use super::{
    message::message,
    state::{Progress, place},
};
use crate::{
    Error, Services, identifiers,
    port::{Lease, LeaseClaim, WebhookRecord},
};

/// How long a lease lasts that nobody renews, in seconds; longer than one message may take.
const LEASE: i64 = 60;
/// An event may be written this much later than its id says, in microseconds: it waited for the disk, or another server's
/// clock is behind. So events are looked for from this far back.
const LATE: i64 = 600 * 1_000_000;
/// Messages are given up after so many seconds.
const PATIENCE: i64 = 3 * 86_400;
/// The longest pause between attempts, in seconds; the first is [`FIRST`], and each doubles.
const LONGEST: i64 = 3_600;
const FIRST: i64 = 5;
/// Without a new event the trail is looked through this often, in microseconds, for those that came late.
const LOOK: i64 = 60 * 1_000_000;
/// A new event is one of the time since the last look and this much before it, in microseconds.
const OVERLAP: i64 = 10 * 1_000_000;

/// Tells webhooks of events, each event until it is taken. The trail is the outbox: an event is there once it has
/// happened, and what was told is written down after the answer, so after a crash a message may come twice, with the same
/// id, and none is lost.
pub struct Courier {
    services: Services,
    holder: String,
    /// When the trail was last looked through, in microseconds of unix time.
    looked: AtomicI64,
    /// Whether something was left then.
    left: AtomicBool,
}

impl Courier {
    pub fn new(services: Services) -> Self {
        let holder = identifiers::hex::<16>(services.entropy());
        Self { holder, services, looked: AtomicI64::new(0), left: AtomicBool::new(false) }
    }

    /// Sends what is due now. Of several servers, one works for a webhook at a time.
    pub async fn round(&self) -> Result<(), Error> {
        let snapshot = self.services.snapshot();
        let webhooks = &snapshot.configuration.webhooks;
        if webhooks.values().all(|record| !record.value.webhook.enabled) || !self.worth_a_look().await? {
            return Ok(());
        }
        let mut left = false;
        for (name, record) in webhooks.iter().filter(|(_, record)| record.value.webhook.enabled) {
            left |= self.serve(name, &record.value).await?;
        }
        self.left.store(left, Ordering::Relaxed);
        Ok(())
    }

    /// Most of the time nothing has happened, and this is one read.
    async fn worth_a_look(&self) -> Result<bool, Error> {
        let (now, looked) = (self.services.clock().now_micros(), self.looked.load(Ordering::Relaxed));
        let since = identifiers::event_time(looked - OVERLAP);
        let look = self.left.load(Ordering::Relaxed)
            || now - looked > LOOK
            || self.services.store().events_after(&since, 1).await? > 0;
        if look {
            self.looked.store(now, Ordering::Relaxed);
        }
        Ok(look)
    }

    /// Whether something is left to be sent.
    async fn serve(&self, name: &str, record: &WebhookRecord) -> Result<bool, Error> {
        let progress = self.services.webhook_progress(name).await?;
        let now = self.services.clock().now();
        if progress.from.is_some() {
            if self.waiting(record, &progress).await?.is_empty() {
                return Ok(false);
            }
            if now < progress.next {
                return Ok(true);
            }
        }
        let (place, store) = (place(name), self.services.provisioning());
        let claim =
            LeaseClaim { provider: &place, holder: &self.holder, now, expires: now + LEASE, sole: store.is_sole() };
        match store.lease(claim).await? {
            Some(lease) => self.deliver(name, record, lease).await,
            None => Ok(true),
        }
    }

    async fn deliver(&self, name: &str, record: &WebhookRecord, lease: Lease) -> Result<bool, Error> {
        // Read again: another server may have been at work until now.
        let mut progress = self.services.webhook_progress(name).await?;
        let micros = self.services.clock().now_micros();
        if progress.from.is_none() {
            // What was before it is none of its business.
            progress.from = Some(micros);
            self.services.keep_webhook_progress(name, lease, &progress).await?;
            return Ok(false);
        }
        let now = micros.div_euclid(1_000_000);
        let secret = self.services.open_webhook_secret(record)?;
        for event in self.waiting(record, &progress).await? {
            let sent = message(&event, &record.webhook.url, &secret, self.services.public_url(), now)?;
            let went = match self.services.webhook_transport().post(&sent).await {
                Ok(status) if (200..300).contains(&status) => {
                    progress.taken(&event.id, now);
                    true
                }
                answer => {
                    let why = answer.map_or_else(|why| why, |status| format!("the answer has the status {status}"));
                    progress.failed(&event, why, now)
                }
            };
            self.services.keep_webhook_progress(name, lease, &progress).await?;
            if !went {
                return Ok(true);
            }
        }
        // All that there was is settled, so only what may still come late must be looked for.
        progress.from = progress.from.max(Some(micros - LATE));
        let first = progress.from.map(identifiers::event_time).unwrap_or_default();
        progress.settled.retain(|id| *id >= first);
        self.services.keep_webhook_progress(name, lease, &progress).await?;
        Ok(false)
    }

    /// Events that are not settled, oldest first.
    async fn waiting(&self, record: &WebhookRecord, progress: &Progress) -> Result<Vec<Event>, Error> {
        let oldest = self.services.clock().now_micros() - 2 * PATIENCE * 1_000_000;
        let first = identifiers::event_time(progress.from.unwrap_or_default().max(oldest));
        let mut waiting = BTreeMap::new();
        for kind in record.webhook.kinds() {
            for page in 1.. {
                let query = ListQuery { filter: kind.code().to_owned(), page, ..ListQuery::default() };
                let rows = self.services.store().events(&query).await?.rows;
                let all = rows.len();
                let fresh: Vec<Event> = rows.into_iter().take_while(|event| event.id >= first).collect();
                let end = fresh.len() < all || all < ListQuery::PAGE_SIZE as usize;
                waiting.extend(fresh.into_iter().map(|event| (event.id.clone(), event)));
                if end {
                    break;
                }
            }
        }
        Ok(waiting.into_values().filter(|event| !progress.settled.contains(&event.id)).collect())
    }
}

impl Progress {
    fn taken(&mut self, id: &str, now: i64) {
        self.settled.insert(id.to_owned());
        self.state.delivered += 1;
        self.state.last_delivered = Some(identifiers::rfc3339(now));
        self.state.attempts = 0;
        self.state.last_error = String::new();
        self.next = 0;
    }

    /// Takes note of a failed attempt; true: the message is given up, and the next one goes.
    fn failed(&mut self, event: &Event, why: String, now: i64) -> bool {
        self.state.last_error = why;
        if identifiers::unix(&event.at).is_some_and(|at| now - at > PATIENCE) {
            self.settled.insert(event.id.clone());
            self.state.given_up += 1;
            self.state.attempts = 0;
            return true;
        }
        let factor = 1_i64.checked_shl(self.state.attempts.min(20)).unwrap_or(i64::MAX);
        self.next = now + FIRST.saturating_mul(factor).min(LONGEST);
        self.state.attempts = self.state.attempts.saturating_add(1);
        false
    }
}
