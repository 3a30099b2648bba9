use model::ScimRunResult;
use scim::wire::ServiceProviderConfig;

use super::{gathered::Gathered, mirror::Mirror, people::Cache, silence::Silence, state::State};
use crate::{
    Error, Services, identifiers,
    port::{Lease, LeaseClaim},
};

/// How long a lease lasts that nobody renews, in seconds.
const LEASE: i64 = 15;
/// How often it is renewed, in milliseconds.
const RENEW: u64 = 4_000;

/// What a worker does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing, until something changes.
    Wait,
    /// Another round after so many milliseconds, or as soon as something changes.
    After(u64),
    /// Nothing ever: the provider is no more.
    Gone,
}

/// The task that renews a lease. It ends with the round, also where the round is broken off.
struct Renewal(tokio::task::JoinHandle<()>);

impl Drop for Renewal {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Makes one provider's service equal to what should be there, round by round. Of several workers for the same provider,
/// here and on other servers, the one with the lease works.
pub struct Worker {
    pub(super) services: Services,
    pub(super) provider: String,
    pub(super) holder: String,
    pub(super) mirror: Option<Mirror>,
    pub(super) cache: Cache,
    pub(super) config: Option<ServiceProviderConfig>,
    pub(super) state: State,
    pub(super) lease: Lease,
    /// The epoch that everything was done of; none: something is left.
    pub(super) done_epoch: Option<u64>,
    /// Unix seconds: when something has to be looked at though nothing changed.
    pub(super) due: i64,
    /// Unix seconds: when a service that refused the token is asked again.
    pub(super) ask_at: i64,
    /// Unix seconds: when a comparison that could not be made is tried again; 0: none.
    pub(super) verify_again: i64,
    /// Results of the run under way that are not on a full page yet.
    pub(super) results: Vec<ScimRunResult>,
    /// Milliseconds of the pace: when the run under way began.
    pub(super) run_began: u64,
    /// The last synchronisation that was asked for when the round began.
    pub(super) asked: u64,
    /// How often in a row everybody was read anew.
    pub(super) readings: u32,
    /// What got no answer, and what a comparison that was broken off has read.
    pub(super) silence: Silence,
    pub(super) gathered: Gathered,
    /// Rounds in a row in which the service did not answer.
    pub(super) failures: u32,
    /// Whether this worker has ever had the lease.
    had_lease: bool,
}

impl Worker {
    pub fn new(services: Services, provider: &str) -> Self {
        Self {
            holder: identifiers::hex::<16>(services.entropy()),
            services,
            provider: provider.to_owned(),
            mirror: None,
            cache: Cache::default(),
            config: None,
            state: State::default(),
            lease: Lease { fence: 0 },
            done_epoch: None,
            due: 0,
            ask_at: 0,
            verify_again: 0,
            results: Vec::new(),
            run_began: 0,
            asked: 0,
            readings: 0,
            silence: Silence::default(),
            gathered: Gathered::default(),
            failures: 0,
            had_lease: false,
        }
    }

    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// Does what is to be done now. An error is ours (the store cannot be reached); what the service does wrong is
    /// taken note of.
    pub async fn round(&mut self) -> Result<Next, Error> {
        let snapshot = self.services.snapshot();
        if !snapshot.configuration.scim_providers.contains_key(&self.provider) {
            self.services.provisioning().forget(&self.provider).await?;
            return Ok(Next::Gone);
        }
        let now = self.services.clock().now();
        if self.done_epoch == Some(snapshot.configuration.epoch) && now < self.due {
            return Ok(Next::Wait);
        }
        if !self.take_lease(now).await? {
            return Ok(Next::After(1_000));
        }
        let renewal = self.renew();
        let worked = self.work(&snapshot).await;
        drop(renewal);
        // Whoever signs on now goes by what was acknowledged.
        self.services.known_accounts().stale(&self.provider);
        if worked.is_err() {
            // What is in memory may be ahead of the disk now, or behind another worker.
            self.mirror = None;
            self.done_epoch = None;
        }
        if !self.services.provisioning().is_sole() {
            self.services.provisioning().release(&self.provider, &self.holder).await?;
        }
        worked
    }

    async fn take_lease(&mut self, now: i64) -> Result<bool, Error> {
        let store = self.services.provisioning();
        // Whoever had it before this worker began is gone where no other process can be.
        let sole = store.is_sole() && !self.had_lease;
        let claim = LeaseClaim { provider: &self.provider, holder: &self.holder, now, expires: now + LEASE, sole };
        let Some(lease) = store.lease(claim).await? else { return Ok(false) };
        self.had_lease = true;
        if self.mirror.as_ref().is_some_and(|mirror| !mirror.is_of(lease)) {
            self.mirror = None;
        }
        self.lease = lease;
        self.state = self.services.scim_state(&self.provider).await?;
        Ok(true)
    }

    /// Renews the lease for as long as the round lasts.
    fn renew(&self) -> Renewal {
        let (services, provider, holder) = (self.services.clone(), self.provider.clone(), self.holder.clone());
        Renewal(tokio::spawn(async move {
            loop {
                services.pace().pause(RENEW).await;
                let now = services.clock().now();
                let claim = LeaseClaim { provider: &provider, holder: &holder, now, expires: now + LEASE, sole: false };
                // Without it the next write is refused, which ends the round.
                if !matches!(services.provisioning().lease(claim).await, Ok(Some(_))) {
                    return;
                }
            }
        }))
    }

    pub(super) async fn keep_state(&self) -> Result<(), Error> {
        self.services.keep_scim_state(&self.provider, self.lease, &self.state).await
    }
}
