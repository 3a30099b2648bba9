use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
};

use tokio::{sync::Mutex, task::JoinHandle};

use crate::{
    Services,
    port::{Lease, LeaseClaim, StoreError},
};

/// How long a lease lasts that nobody renews, in seconds.
const LEASE: i64 = 15;
/// How often it is renewed, in milliseconds.
const RENEW: u64 = 4_000;
/// For so many seconds after it was claimed its worker may send. Of the five that are left one is lost where the store
/// counts whole seconds; the others are for the way of a request, and for clocks that do not quite agree.
const SENDS: i64 = 10;

/// The time for which a worker has the lease, shared with whatever sends for it. The fence of a lease refuses what is written
/// too late; nobody refuses a request that leaves too late, and it would undo what another worker has sent since.
#[derive(Clone)]
pub struct Tenure(Arc<Held>);

struct Held {
    services: Services,
    provider: String,
    holder: String,
    lease: Lease,
    /// Milliseconds of the pace from which on nothing is sent.
    until: AtomicU64,
    /// The same in unix seconds: the pace stands still while a machine is suspended.
    until_clock: AtomicI64,
    /// Whether it is over for good. What was to be sent is planned anew, with a lease that is taken anew.
    over: AtomicBool,
    /// Of many who find it has run out, one asks.
    asking: Mutex<()>,
}

/// The task that renews a lease. It ends with the round, also where the round is broken off.
pub struct Renewal(JoinHandle<()>);

impl Drop for Renewal {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What the store says to a claim.
struct Claimed {
    lease: Lease,
    until: u64,
    until_clock: i64,
}

async fn claim(services: &Services, provider: &str, holder: &str, sole: bool) -> Result<Option<Claimed>, StoreError> {
    // As of before the question, for the store counts from then, however long its answer takes.
    let (began, now) = (services.pace().millis(), services.clock().now());
    let claim = LeaseClaim { provider, holder, now, expires: now + LEASE, sole };
    let lease = services.provisioning().lease(claim).await?;
    let (until, until_clock) = (began + SENDS.unsigned_abs() * 1_000, now + SENDS);
    Ok(lease.map(|lease| Claimed { lease, until, until_clock }))
}

impl Tenure {
    /// Takes the lease; None: another worker has it. `sole`: that of another is void.
    pub async fn take(
        services: &Services,
        provider: &str,
        holder: &str,
        sole: bool,
    ) -> Result<Option<Self>, StoreError> {
        let Some(claimed) = claim(services, provider, holder, sole).await? else { return Ok(None) };
        Ok(Some(Self(Arc::new(Held {
            services: services.clone(),
            provider: provider.to_owned(),
            holder: holder.to_owned(),
            lease: claimed.lease,
            until: AtomicU64::new(claimed.until),
            until_clock: AtomicI64::new(claimed.until_clock),
            over: AtomicBool::new(false),
            asking: Mutex::default(),
        }))))
    }

    pub fn lease(&self) -> Lease {
        self.0.lease
    }

    /// Renews the lease for as long as the task lasts.
    pub fn keep(&self) -> Renewal {
        let tenure = self.clone();
        Renewal(tokio::spawn(async move {
            while !tenure.is_over() {
                tenure.0.services.pace().pause(RENEW).await;
                // One that fails is made again: there is time for another before the lease runs out.
                tenure.renew().await;
            }
        }))
    }

    /// Whether it was found to be over.
    pub fn is_over(&self) -> bool {
        self.0.over.load(Ordering::Relaxed)
    }

    /// Whether a request may leave now. Where no renewal came in time, the store is asked first: after a machine was
    /// suspended, the lease may still be this worker's. Where that gets no good answer, it is over for good.
    pub async fn holds(&self) -> bool {
        if self.is_current() {
            return true;
        }
        let _turn = self.0.asking.lock().await;
        if !self.is_current() && !self.is_over() {
            self.renew().await;
        }
        let holds = self.is_current();
        if !holds {
            self.0.over.store(true, Ordering::Relaxed);
        }
        holds
    }

    fn is_current(&self) -> bool {
        let held = &self.0;
        !self.is_over()
            && held.services.pace().millis() < held.until.load(Ordering::Relaxed)
            && held.services.clock().now() < held.until_clock.load(Ordering::Relaxed)
    }

    async fn renew(&self) {
        let held = &self.0;
        let Ok(claimed) = claim(&held.services, &held.provider, &held.holder, false).await else { return };
        // Under another fence it is this worker's again, and somebody else has worked in between.
        match claimed.filter(|claimed| claimed.lease == held.lease) {
            Some(claimed) => {
                held.until.fetch_max(claimed.until, Ordering::Relaxed);
                held.until_clock.fetch_max(claimed.until_clock, Ordering::Relaxed);
            }
            None => held.over.store(true, Ordering::Relaxed),
        }
    }
}
