//! The sandbox as a whole.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post};
use tokio::net::TcpListener;

use crate::fault::Fault;
use crate::http;
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
}

impl Sandbox {
    /// An empty sandbox.
    #[must_use]
    pub fn new(options: SandboxOptions) -> Self {
        Self {
            endpoints: Endpoints::new(&options.base_url),
            sessions: Sessions::default(),
            iam: Iam::new(&options.account, options.now.clone()),
            center: IdentityCenter::new(&options.base_url, options.identity_center.clone(), options.now.clone()),
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
        let message = Message::decode(assertion)?;
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
            .route("/sandbox.css", get(http::stylesheet))
            .route("/health", post(http::healthy).get(http::healthy))
            .layer(DefaultBodyLimit::max(BODY))
            .layer(axum::middleware::map_response(http::harden))
            // What follows is not for browsers and answers as AWS does, without headers of our own.
            .route("/{tenant}/scim/v2", any(http::scim_root))
            .route("/{tenant}/scim/v2/{*path}", any(http::scim))
            .with_state(self.clone())
    }

    /// Serves until the process ends.
    ///
    /// # Errors
    /// Those of the listener.
    pub async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        axum::serve(listener, self.router()).await
    }
}
