use model::ScimRunResult;
use scim::{dialect::Dialect, wire::ServiceProviderConfig};

use super::{
    fits::Fits, gathered::Gathered, lasting::Lasting, mirror::Mirror, sender::Sender, silence::Silence, state::State,
    tenure::Tenure,
};
use crate::{Error, Services, identifiers, port::Lease};

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

/// Makes one provider's service equal to what should be there, round by round. Of several workers for the same provider,
/// here and on other servers, the one with the lease works.
pub struct Worker {
    pub(super) services: Services,
    pub(super) provider: String,
    pub(super) holder: String,
    pub(super) mirror: Option<Mirror>,
    pub(super) lasting: Lasting,
    pub(super) fits: Fits,
    pub(super) config: Option<ServiceProviderConfig>,
    pub(super) state: State,
    pub(super) lease: Lease,
    /// For how long it is this worker's; none: it has never had it.
    tenure: Option<Tenure>,
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
}

impl Worker {
    pub fn new(services: Services, provider: &str) -> Self {
        Self {
            holder: identifiers::hex::<16>(services.entropy()),
            services,
            provider: provider.to_owned(),
            mirror: None,
            lasting: Lasting::default(),
            fits: Fits::default(),
            config: None,
            state: State::default(),
            lease: Lease { fence: 0 },
            tenure: None,
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
        let former = self.lease;
        if !self.take_lease().await? {
            return Ok(Next::After(1_000));
        }
        if self.lease == former && now < self.due && self.is_untouched(snapshot.configuration.epoch) {
            self.state.began = self.services.clock().now_micros();
            self.followed(snapshot.configuration.epoch);
            self.keep_state().await?;
            self.release().await?;
            return Ok(Next::Wait);
        }
        let renewal = self.tenure.as_ref().map(Tenure::keep);
        // On the heap: it is too large for the stack of whoever waits for several of them.
        let worked = Box::pin(self.work(&snapshot)).await;
        drop(renewal);
        if let Ok(Next::After(_)) = worked {
            // It is a round also where nothing changes here until then.
            self.due = self.services.clock().now();
        }
        // Whoever signs on now goes by what was acknowledged.
        self.services.known_accounts().stale(&self.provider);
        if worked.is_err() || self.lease_ended() {
            // What is in memory may be ahead of the disk now, or behind another worker.
            self.mirror = None;
            self.lasting.outdate();
            self.done_epoch = None;
        }
        self.release().await?;
        worked
    }

    /// Whether what has changed since everything was done is nothing and nobody that could be wanted there, as where
    /// somebody has signed out.
    fn is_untouched(&self, epoch: u64) -> bool {
        let touched = self.done_epoch.and_then(|done| self.services.touched().between(done, epoch));
        touched.is_some_and(|people| people.is_empty())
    }

    /// Lets the lease go where somebody else may want it.
    async fn release(&self) -> Result<(), Error> {
        if !self.services.provisioning().is_sole() {
            self.services.provisioning().release(&self.provider, &self.holder).await?;
        }
        Ok(())
    }

    async fn take_lease(&mut self) -> Result<bool, Error> {
        // Whoever had it before this worker began is gone where no other process can be.
        let sole = self.services.provisioning().is_sole() && self.tenure.is_none();
        let taken = Tenure::take(&self.services, &self.provider, &self.holder, sole).await?;
        let Some(tenure) = taken else { return Ok(false) };
        let lease = tenure.lease();
        self.tenure = Some(tenure);
        if self.mirror.as_ref().is_some_and(|mirror| !mirror.is_of(lease)) {
            self.mirror = None;
            self.lasting.outdate();
        }
        self.lease = lease;
        self.state = self.services.scim_state(&self.provider).await?;
        Ok(true)
    }

    /// Whether another worker may work for the provider by now: nothing more is sent in this round.
    pub(super) fn lease_ended(&self) -> bool {
        self.tenure.as_ref().is_some_and(Tenure::is_over)
    }

    /// Sends to the service for as long as the lease is this worker's.
    pub(super) fn sender(&self, url: &str, token: &str, dialect: Dialect) -> Sender {
        Sender::new(self.services.clone(), url, token.to_owned(), dialect).under(self.tenure.clone())
    }

    pub(super) async fn keep_state(&self) -> Result<(), Error> {
        self.services.keep_scim_state(&self.provider, self.lease, &self.state).await
    }
}
