//! The sandbox as a whole.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::{any, delete, get, post, put};
use tokio::net::TcpListener;

use crate::fault::Fault;
use crate::faults::{Exchange, FaultPlan, Log, Schedule, Sight, Verdict};
use crate::http::{self, control};
use crate::iam::Iam;
use crate::identity_center::IdentityCenter;
use crate::options::SandboxOptions;
use crate::saml::{Endpoints, Message, Pair};
use crate::sts::{self, Door, Request, Session, Sessions};

/// The longest body: metadata of 10,000,000 characters, percent-encoded.
const BODY: usize = 32 * 1024 * 1024;

/// A double of AWS sign-in, STS and IAM. Clones share what they hold.
#[derive(Clone, Debug)]
pub struct Sandbox {
    pub(crate) options: SandboxOptions,
    pub(crate) endpoints: Endpoints,
    pub(crate) sessions: Sessions,
    pub(crate) center: IdentityCenter,
    iam: Iam,
    schedule: Arc<Mutex<Schedule>>,
    log: Arc<Mutex<Log>>,
}

impl Sandbox {
    /// An empty sandbox.
    #[must_use]
    pub fn new(options: SandboxOptions) -> Self {
        Self {
            endpoints: Endpoints::new(&options.base_url),
            sessions: Sessions::default(),
            iam: Iam::new(options.partition, &options.account, options.now.clone()),
            center: IdentityCenter::new(&options),
            schedule: Arc::new(Mutex::new(Schedule::new(options.faults.clone()))),
            log: Arc::default(),
            options,
        }
    }

    /// Its IAM, seen from the account of the options.
    #[must_use]
    pub fn iam(&self) -> Iam {
        self.iam.clone()
    }

    /// Its instance of IAM Identity Center.
    #[must_use]
    pub fn identity_center(&self) -> IdentityCenter {
        self.center.clone()
    }

    /// Puts another plan of faults in the place of the present one; it counts from the start.
    ///
    /// # Errors
    /// `ValidationError` if a number in it is none that can be.
    pub fn set_faults(&self, plan: FaultPlan) -> Result<(), Fault> {
        plan.check()?;
        *self.schedule() = Schedule::new(plan);
        Ok(())
    }

    /// The plan of faults, and how often each of its rules has fired.
    #[must_use]
    pub fn faults(&self) -> (FaultPlan, Vec<u64>) {
        let schedule = self.schedule();
        (schedule.plan().clone(), schedule.fired())
    }

    /// Every request that came by HTTP, in order; of more than 100,000 the last ones.
    #[must_use]
    pub fn requests(&self) -> Vec<Exchange> {
        self.log().all()
    }

    /// How many requests there were of each kind.
    #[must_use]
    pub fn request_counts(&self) -> BTreeMap<String, u64> {
        self.log().counts().clone()
    }

    /// Empties the log of requests.
    pub fn forget_requests(&self) {
        *self.log() = Log::default();
    }

    pub(crate) fn judge(&self, sight: Sight<'_>) -> Verdict {
        self.schedule().judge(sight)
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn schedule(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `AssumeRoleWithSAML` without HTTP: `assertion` is the base64 of a whole response.
    ///
    /// # Errors
    /// Whatever AWS answers.
    pub async fn assume_role_with_saml(
        &self,
        role: &str,
        provider: &str,
        assertion: &str,
        duration_seconds: Option<i64>,
    ) -> Result<Session, Fault> {
        let pair = Pair::new(role, provider)?;
        let iam = self.iam.in_partition(pair.provider.partition).in_account(&pair.provider.account);
        let provider = iam.provider(pair.provider.as_str()).map_err(|_| Fault::provider())?;
        let message = provider.open(Message::decode(assertion)?)?;
        self.assume(&message, &pair, Door::Api(duration_seconds)).await
    }

    pub(crate) async fn assume(&self, message: &Message, pair: &Pair, door: Door) -> Result<Session, Fault> {
        let request = Request { message, pair, door };
        let session = sts::assume(&self.iam, &self.endpoints, &self.options.now, request).await?;
        self.sessions.add(&session);
        Ok(session)
    }

    /// Every route.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/", get(http::home).post(http::query))
            .route("/saml", get(http::post_only).post(http::sign_in))
            .route("/saml/acs/{provider}", get(http::post_only).post(http::sign_in_at))
            .route("/static/saml-metadata.xml", get(http::metadata))
            .route("/static/saml/{provider}/saml-metadata.xml", get(http::provider_metadata))
            .route("/start", get(http::start))
            .route("/platform/saml/{store}", get(http::portal_metadata))
            .route("/platform/saml/acs/{tenant}", get(http::post_only).post(http::portal_sign_in))
            .route("/sandbox.css", get(http::stylesheet))
            .route("/health", post(http::healthy).get(http::healthy))
            .layer(DefaultBodyLimit::max(BODY))
            .layer(map_response(http::harden))
            // What follows is not for browsers and answers as AWS does, without headers of our own.
            .route("/{tenant}/scim/v2", any(http::scim_root))
            .route("/{tenant}/scim/v2/{*path}", any(http::scim))
            .nest("/_sandbox", self.control())
            .layer(from_fn_with_state(self.clone(), http::observe))
            .with_state(self.clone())
    }

    fn control(&self) -> Router<Self> {
        Router::new()
            .route("/faults", get(control::faults).put(control::set_faults).delete(control::clear_faults))
            .route("/requests", get(control::requests).delete(control::forget_requests))
            .route("/directory", get(control::directory).delete(control::clear_directory))
            .route("/identity-provider", put(control::set_identity_provider))
            .route("/sessions", get(control::sessions))
            .route("/tokens", get(control::tokens).post(control::create_token))
            .route("/tokens/{id}", delete(control::delete_token))
            .layer(from_fn_with_state(self.clone(), control::guard))
    }

    /// Serves until the process ends.
    ///
    /// # Errors
    /// Those of the listener.
    pub async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        let service = self.router().into_make_service_with_connect_info::<http::Wire>();
        axum::serve(http::Switchboard(listener), service).await
    }
}
