use std::{collections::HashSet, sync::Arc};

use model::{EventKind, ScimDialect, ScimRun, ScimStatus};
use scim::{
    id::Object,
    plan::{Adopt, Plan, plan},
    rate::backoff,
    read::probe_request,
    state::{Desired, Observed, Status},
    verify::{drift, rebuild},
    wire::ServiceProviderConfig,
};
use serde_json::json;

use super::{
    control::Control,
    mirror::{Entry, Mirror},
    reading,
    removals::{counts, pending, removals},
    sender::Sender,
    settings,
    wanted::{Failure, Wanted},
    worker::{Next, Trouble, Worker},
};
use crate::{
    Error, identifiers,
    port::{ChangeSet, Document, Expect, ScimRecord, Write},
    snapshot::Snapshot,
};

/// Plans made in one round before the worker looks up.
const PLANS: usize = 50;
/// A provider that was refused is asked again after so many seconds, with one request.
const ASK_AGAIN: i64 = 900;
/// Rounds in a row without an answer that are told of.
const OUTAGE: u32 = 5;
/// Nothing is left alone for longer, in seconds.
const LONGEST: i64 = 3_600;

impl Worker {
    /// One round, with the lease at hand.
    pub(super) async fn work(&mut self, snapshot: &Arc<Snapshot>) -> Result<Next, Error> {
        let Some(found) = snapshot.configuration.scim_providers.get(&self.provider) else { return Ok(Next::Gone) };
        let record = found.value.clone();
        let (epoch, now) = (snapshot.configuration.epoch, self.services.clock().now());
        self.due = now + LONGEST;
        self.warn_of_tokens(&record, now).await?;
        if !record.provider.enabled {
            return self.rest(epoch, ScimStatus::Disabled, "switched off".to_owned()).await;
        }
        let tokens = self.services.open_scim_tokens(&record)?;
        let Some(token) = tokens.first() else {
            return self.rest(epoch, ScimStatus::NotConnected, "there is no token".to_owned()).await;
        };
        let control = Control::of(snapshot, &self.provider);
        let fingerprint = fingerprint(&record);
        let stopped = self.state.stopped_for == fingerprint;
        if stopped && control.sync == self.state.sync_seen && now < self.ask_at {
            self.due = self.ask_at;
            return self.rest(epoch, ScimStatus::Stopped, self.state.health.words.clone()).await;
        }
        let config = self.config.clone();
        let dialect = settings::dialect(&record.provider, config.as_ref());
        let mut sender = Sender::new(self.services.clone(), &record.provider.url, token.clone(), dialect);
        if stopped || (record.provider.dialect == ScimDialect::Rfc7644 && config.is_none()) {
            match self.probe(&record, &sender).await {
                Ok(()) => {}
                Err(trouble) => return self.troubled(trouble, &record, &tokens, epoch).await,
            }
            let dialect = settings::dialect(&record.provider, self.config.as_ref());
            sender = Sender::new(self.services.clone(), &record.provider.url, token.clone(), dialect);
        }
        if stopped || !self.state.stopped_for.is_empty() {
            self.state.stopped_for = String::new();
            let message = format!("provisioning to {} goes on", self.provider);
            self.tell(EventKind::ProvisioningResumed, message, json!({})).await?;
        }
        if self.failures > 0 {
            sender = sender.careful();
        }
        match self.sync(snapshot, &record, &control, &Arc::new(sender)).await {
            Ok(next) => Ok(next),
            Err(trouble) => self.troubled(trouble, &record, &tokens, epoch).await,
        }
    }

    /// Asks whether address and token are good, and what the service is.
    async fn probe(&mut self, record: &ScimRecord, sender: &Sender) -> Result<(), Trouble> {
        let answer = reading::good(sender.read(&probe_request()).await);
        match answer {
            Ok(answer) => self.config = ServiceProviderConfig::read(&answer.body),
            // Many servers have no such document; what matters shows when they are asked for more.
            Err(Trouble::Refused(words))
                if record.provider.dialect == ScimDialect::Rfc7644 && words.contains("404") =>
            {
                self.config = Some(ServiceProviderConfig::default());
            }
            Err(trouble) => return Err(trouble),
        }
        Ok(())
    }

    async fn sync(
        &mut self,
        snapshot: &Arc<Snapshot>,
        record: &ScimRecord,
        control: &Control,
        sender: &Arc<Sender>,
    ) -> Result<Next, Trouble> {
        let epoch = snapshot.configuration.epoch;
        let now = self.services.clock().now();
        let cache = std::mem::take(&mut self.cache);
        let (wanted, cache) = self.services.wanted(snapshot, &record.provider, cache).await?;
        self.cache = cache;
        if !wanted.connected {
            let words = "no application has it as a backchannel provider; nothing is sent or taken away".to_owned();
            return Ok(self.rest(epoch, ScimStatus::NotConnected, words).await?);
        }
        let options = settings::options(&record.provider, now);
        self.open_mirror(record, &wanted, sender, options.adopt).await?;
        self.mirror()?.observed.protected = settings::protected(&record.provider);
        if control.sync != self.state.sync_seen {
            self.state.sync_seen = control.sync;
            let parked = self.mirror()?.observed.parked.clone();
            self.write(parked.into_iter().map(|p| Entry::Unpark { object: p.step.object }).collect()).await?;
        }
        if control.verify != self.state.verify_seen {
            self.verify(sender).await?;
            self.state.verify_seen = control.verify;
        }
        let (mut sent, mut first) = (0u64, None);
        for _ in 0..PLANS {
            let open = self.resume(sender, options.adopt).await?;
            let (mut plan, failures) = self.plan(&wanted, record, now).await?;
            self.tell_failures(&failures).await?;
            // Nothing else is done to an object while it is not known what was.
            let busy: HashSet<Object> = self.mirror()?.observed.in_flight.iter().map(|s| s.object.clone()).collect();
            plan.steps.retain(|step| !busy.contains(&step.object));
            if plan.steps.is_empty() {
                if let Some(words) = open {
                    return Err(Trouble::Failing(words));
                }
                if self.read_members(sender).await? > 0 {
                    continue;
                }
                return Ok(self.synced(epoch, &plan, &failures, sent, first, sender).await?);
            }
            if !self.may_go(&plan, record, control).await? {
                self.done_epoch = Some(epoch);
                self.state.health.followed = epoch;
                self.keep_state().await?;
                self.end_run(sender, "it waits for approval").await?;
                return Ok(Next::Wait);
            }
            first.get_or_insert_with(|| counts(&plan.counts()));
            if self.state.run().is_none() {
                let started = identifiers::rfc3339(self.services.clock().now());
                self.state.begin_run(ScimRun { started, ..ScimRun::default() });
                self.state.health.unsynced_since.get_or_insert_with(|| identifiers::rfc3339(now));
                if self.failures == 0 {
                    self.state.health.status = ScimStatus::Running;
                    self.state.health.words = format!("{} steps to go", plan.steps.len());
                }
            }
            self.state.health.queue = plan.steps.len() as u64;
            if let Some(run) = self.state.run() {
                run.steps = run.steps.max(sent + plan.steps.len() as u64);
            }
            self.keep_state().await?;
            let ran = self.run(&plan.steps, sender, options.adopt, epoch).await?;
            sent += ran.settled;
            if let Some(run) = self.state.run() {
                run.settled = sent;
                run.requests = sender.requests();
                run.parked += ran.parked;
            }
            if ran.settled > 0 {
                self.failures = 0;
            } else if let Some(words) = ran.gave_up {
                return Err(Trouble::Failing(words));
            } else if !ran.moved {
                // Nothing could be sent: what it waits for is not there yet.
                self.end_run(sender, "some steps wait for others").await?;
                return Ok(Next::After(5_000));
            }
            if ran.moved {
                break;
            }
        }
        let (services, provider) = (self.services.clone(), self.provider.clone());
        self.mirror()?.tidy(&services, &provider).await?;
        self.end_run(sender, "something changed meanwhile; the rest is planned anew").await?;
        Ok(Next::After(0))
    }

    async fn open_mirror(
        &mut self,
        record: &ScimRecord,
        wanted: &Wanted,
        sender: &Sender,
        adopt: Adopt,
    ) -> Result<(), Trouble> {
        if self.mirror.is_some() {
            return Ok(());
        }
        let (services, provider) = (self.services.clone(), self.provider.clone());
        if let Some(mirror) = services.kept_mirror(&provider, self.lease).await? {
            self.mirror = Some(mirror);
            return Ok(());
        }
        // The first time, or after its loss: what is there decides, not what we believe.
        let listing = reading::listing(sender).await?;
        let (desired, _) = wanted.desired(&Observed::default());
        let protected = settings::protected(&record.provider);
        let observed = rebuild(&wanted.claims(&desired), &listing, &sender.dialect, adopt, protected);
        self.mirror = Some(Mirror::start(&services, &provider, self.lease, observed).await?);
        Ok(())
    }

    /// The plan, made where it does not hold up requests.
    async fn plan(&mut self, wanted: &Wanted, record: &ScimRecord, now: i64) -> Result<(Plan, Vec<Failure>), Error> {
        let dialect = settings::dialect(&record.provider, self.config.as_ref());
        let options = settings::options(&record.provider, now);
        let observed = std::mem::take(&mut self.mirror()?.observed);
        let (desired, failures): (Desired, _) = wanted.desired(&observed);
        let work = move || {
            let plan = plan(&desired, &observed, &dialect, &options);
            (observed, plan)
        };
        let (observed, plan) = self.services.busy(work).await?;
        self.mirror()?.observed = observed;
        Ok((plan, failures))
    }

    /// Whether a plan may be carried out without asking; otherwise it is kept for an administrator.
    async fn may_go(&mut self, plan: &Plan, record: &ScimRecord, control: &Control) -> Result<bool, Error> {
        let Some(hazard) = plan.hazard(&settings::threshold(&record.provider)) else {
            self.state.health.pending = None;
            return Ok(true);
        };
        let found = removals(plan);
        let former = self.state.health.pending.take();
        let since = identifiers::rfc3339(self.services.clock().now());
        let mut waiting = pending(plan, &hazard, &found, since);
        if control.approved == waiting.id {
            self.state.approved = found;
            return Ok(true);
        }
        if found.is_subset(&self.state.approved) {
            return Ok(true);
        }
        let words = format!("waits for approval: {}", waiting.why);
        match former.filter(|former| former.id == waiting.id) {
            Some(former) => waiting.since = former.since,
            None => {
                let message = format!("the plan for {} {words}", self.provider);
                let detail = json!({ "plan": waiting.id, "counts": waiting.counts });
                self.tell(EventKind::ProvisioningHeld, message, detail).await?;
            }
        }
        self.state.removals = found;
        self.state.health.status = ScimStatus::WaitsForApproval;
        self.state.health.queue = plan.steps.len() as u64;
        self.state.health.words = words;
        self.state.health.unsynced_since.get_or_insert_with(|| waiting.since.clone());
        self.state.health.pending = Some(waiting);
        self.keep_state().await?;
        Ok(false)
    }

    /// Compares the mirror with what is there and takes over what others changed; the next plan repairs what is ours.
    async fn verify(&mut self, sender: &Sender) -> Result<(), Trouble> {
        let mut listing = reading::listing(sender).await?;
        let remotes: Vec<_> = self.mirror()?.observed.groups.values().map(|held| held.remote.clone()).collect();
        for remote in remotes {
            let members = reading::members(sender, &remote).await?;
            listing.members.insert(remote, members.into_iter().collect());
        }
        let found = drift(&self.mirror()?.observed, &listing, &sender.dialect);
        let ours: Vec<_> = found.iter().filter(|drift| drift.is_ours()).collect();
        if !ours.is_empty() {
            let message = format!("{} differences were found at {}", ours.len(), self.provider);
            let some: Vec<_> = ours.iter().take(50).collect();
            self.tell(EventKind::ProvisioningFailed, message, json!({ "differences": some })).await?;
        }
        let entries = found.iter().map(|drift| Entry::Record { effect: drift.effect() }).collect();
        Ok(self.write(entries).await?)
    }

    async fn synced(
        &mut self,
        epoch: u64,
        plan: &Plan,
        failures: &[Failure],
        sent: u64,
        first: Option<model::ScimCounts>,
        sender: &Sender,
    ) -> Result<Next, Error> {
        let (services, provider) = (self.services.clone(), self.provider.clone());
        let now = services.clock().now();
        if sent > 0 {
            let message = format!("{sent} changes are done at {provider}, in {} requests", sender.requests());
            let detail = json!({ "counts": first, "requests": sender.requests() });
            self.tell(EventKind::Provisioned, message, detail).await?;
        }
        self.end_run(sender, "done").await?;
        self.mirror()?.tidy(&services, &provider).await?;
        self.failures = 0;
        self.state.approved.clear();
        self.state.removals.clear();
        let observed = &self.mirror()?.observed;
        let memberships: usize = observed.rosters.values().map(|roster| roster.members.len()).sum();
        let (users, groups, parked) = (observed.users.len(), observed.groups.len(), observed.parked.len());
        let until = observed.parked.iter().map(|parked| parked.until);
        let grace = observed.users.values().filter_map(|held| match held.status {
            Status::Deactivated { since } => Some(since),
            Status::Active => None,
        });
        let record = services.snapshot().configuration.scim_providers.get(&provider).cloned();
        let seconds = record.and_then(|r| r.value.provider.deprovision_grace).map(model::Span::as_seconds);
        let grace = grace.filter_map(|since| seconds.map(|seconds| since + seconds + 1)).filter(|at| *at > now);
        self.due = until.chain(grace).min().unwrap_or(i64::MAX).clamp(now + 1, now + LONGEST);
        let left = plan.refused.len() + plan.waiting.len() + failures.len();
        let health = &mut self.state.health;
        (health.users, health.groups) = (users as u64, groups as u64);
        (health.memberships, health.parked) = (memberships as u64, (parked + plan.refused.len()) as u64);
        (health.queue, health.pending, health.unsynced_since) = (0, None, None);
        health.last_synced = Some(identifiers::rfc3339(now));
        let words = match left {
            0 => "everything is there".to_owned(),
            left => format!("everything is there but {left} objects that cannot be sent as they are"),
        };
        self.rest(epoch, ScimStatus::Synced, words).await
    }

    async fn end_run(&mut self, sender: &Sender, outcome: &str) -> Result<(), Error> {
        let ended = identifiers::rfc3339(self.services.clock().now());
        let Some(run) = self.state.run() else { return Ok(()) };
        run.ended = Some(ended);
        run.requests = sender.requests();
        run.outcome = outcome.to_owned();
        self.keep_state().await
    }

    /// Nothing more to do at this epoch.
    async fn rest(&mut self, epoch: u64, status: ScimStatus, words: String) -> Result<Next, Error> {
        self.done_epoch = Some(epoch);
        self.state.health.followed = epoch;
        self.state.health.status = status;
        self.state.health.words = words;
        self.keep_state().await?;
        Ok(Next::Wait)
    }

    async fn troubled(
        &mut self,
        trouble: Trouble,
        record: &ScimRecord,
        tokens: &[String],
        epoch: u64,
    ) -> Result<Next, Error> {
        let (status, words) = match trouble {
            Trouble::Broken(error) => return Err(error),
            Trouble::Failing(words) => {
                self.failures = self.failures.saturating_add(1);
                if self.failures == OUTAGE {
                    let message = format!("{} does not answer: {words}; it is tried again", self.provider);
                    self.tell(EventKind::ProvisioningOutage, message, json!({ "words": words })).await?;
                }
                (ScimStatus::Failing, words)
            }
            Trouble::Refused(words) => {
                if self.next_token_works(record, tokens).await? {
                    return Ok(Next::After(0));
                }
                (ScimStatus::Stopped, words)
            }
        };
        if let Some(run) = self.state.run() {
            run.outcome = words.clone();
            run.ended = Some(identifiers::rfc3339(self.services.clock().now()));
        }
        let now = self.services.clock().now();
        self.state.health.unsynced_since.get_or_insert_with(|| identifiers::rfc3339(now));
        if status == ScimStatus::Failing {
            self.state.health.status = status;
            self.state.health.words = format!("{words}; it is tried again");
            self.keep_state().await?;
            let mut random = [0; 8];
            self.services.entropy().fill(&mut random);
            return Ok(Next::After(backoff(self.failures.min(20), u64::from_le_bytes(random))));
        }
        let print = fingerprint(record);
        if self.state.stopped_for != print {
            self.state.stopped_for = print;
            let message = format!("{} does not accept the token or the address: {words}", self.provider);
            self.tell(EventKind::ProvisioningStopped, message, json!({ "words": words })).await?;
        }
        self.ask_at = now + ASK_AGAIN;
        self.due = self.ask_at;
        let words = format!("stopped: {words}; it goes on when the token or the address is changed");
        self.rest(epoch, status, words).await
    }

    /// Tries the second token and, where it is accepted, puts it in the place of the first.
    async fn next_token_works(&mut self, record: &ScimRecord, tokens: &[String]) -> Result<bool, Error> {
        let Some(next) = tokens.get(1) else { return Ok(false) };
        let dialect = settings::dialect(&record.provider, self.config.as_ref());
        let sender = Sender::new(self.services.clone(), &record.provider.url, next.clone(), dialect);
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
        Ok(true)
    }

    /// Tells once when a token ends within 60, 30 or 7 days.
    async fn warn_of_tokens(&mut self, record: &ScimRecord, now: i64) -> Result<(), Error> {
        for token in &record.tokens {
            let Some(expires) = token.expires else { continue };
            let days = (expires - now).div_euclid(86_400);
            let Some(mark) = [7, 30, 60].into_iter().find(|mark| days <= *mark) else { continue };
            let print: String = identifiers::sha256(token.sealed.ciphertext.as_bytes()).chars().take(12).collect();
            if self.state.warned.insert(format!("{print} {mark}")) {
                let message = format!("the token of {} ends in {days} days; make another one there", self.provider);
                self.tell(EventKind::TokenExpires, message, json!({ "days": days })).await?;
            }
        }
        Ok(())
    }

    /// Tells of failed mappings, each failure of an object once.
    async fn tell_failures(&mut self, failures: &[Failure]) -> Result<(), Error> {
        let key = |f: &Failure| format!("{} {} {}", f.name, f.mapping, f.message);
        let now: std::collections::BTreeSet<String> = failures.iter().map(key).collect();
        let fresh = failures.iter().filter(|f| !self.state.reported.contains(&key(f)));
        let events: Vec<_> = fresh
            .map(|f| {
                let message = format!("the mapping {} failed for {}: {}", f.mapping, f.name, f.message);
                let detail = json!({ "object": f.object, "mapping": f.mapping, "message": f.message });
                self.services.scim_event(EventKind::MappingFailed, &self.provider, message, detail)
            })
            .collect();
        self.state.reported = now;
        Ok(self.services.store().append_events(events).await?)
    }

    async fn tell(&self, kind: EventKind, message: String, detail: serde_json::Value) -> Result<(), Error> {
        let event = self.services.scim_event(kind, &self.provider, message, detail);
        Ok(self.services.store().append_events(vec![event]).await?)
    }
}

/// Of address and tokens: changed, a refusal is no reason to stop any more.
fn fingerprint(record: &ScimRecord) -> String {
    let tokens: Vec<&str> = record.tokens.iter().map(|token| token.sealed.ciphertext.as_str()).collect();
    identifiers::sha256(format!("{} {}", record.provider.url, tokens.join(" ")).as_bytes())
}
