//! The door to an instance.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::hosts::Hosts;
use super::idp::IdentityProvider;
use super::sign_on::{SignOn, verified};
use super::{AuthnRequest, Binding, IdentityCenterOptions, PortalRefusal, PortalSession};
use crate::directory::Directory;
use crate::fault::Fault;
use crate::options::{Now, SandboxOptions};
use crate::scim::{
    Answer, Groups, Listing, Operation, Refusal, Throttle, Token, Tokens, Users, membership_changes, resource_types,
    schemas, service_provider_config,
};

struct State {
    directory: Directory,
    tokens: Tokens,
    throttle: Throttle,
    sign_on: SignOn,
}

/// An instance of Identity Center. Clones share what they hold.
#[derive(Clone)]
pub struct IdentityCenter {
    base: String,
    hosts: Hosts,
    options: Arc<IdentityCenterOptions>,
    now: Now,
    millis: Now,
    state: Arc<Mutex<State>>,
}

impl IdentityCenter {
    pub(crate) fn new(sandbox: &SandboxOptions) -> Self {
        let options = sandbox.identity_center.clone();
        let throttle = Throttle::new(options.rates, (sandbox.millis)());
        let state =
            State { directory: Directory::default(), tokens: Tokens::default(), throttle, sign_on: SignOn::default() };
        let base = sandbox.base_url.trim_end_matches('/').to_owned();
        Self {
            hosts: Hosts::new(&base, &options),
            base,
            options: Arc::new(options),
            now: Arc::clone(&sandbox.now),
            millis: Arc::clone(&sandbox.millis),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// The address of the SCIM endpoint, without a slash at the end.
    #[must_use]
    pub fn scim_endpoint(&self) -> String {
        format!("{}/{}/scim/v2", self.base, self.options.scim_tenant)
    }

    /// Makes an access token for the SCIM endpoint, valid for a year.
    ///
    /// # Errors
    /// `ServiceQuotaExceededException` if there are two.
    pub fn create_token(&self) -> Result<Token, Fault> {
        self.state().tokens.create(None, None, (self.now)())
    }

    /// Makes an access token with a secret of the caller's, valid for so many seconds.
    ///
    /// # Errors
    /// `ServiceQuotaExceededException` if there are two.
    pub fn create_token_as(&self, secret: &str, seconds: i64) -> Result<Token, Fault> {
        self.state().tokens.create(Some(secret), Some(seconds), (self.now)())
    }

    /// The access tokens.
    #[must_use]
    pub fn tokens(&self) -> Vec<Token> {
        self.state().tokens.all().to_vec()
    }

    /// Deletes an access token; whether there was one of this id.
    pub fn delete_token(&self, id: &str) -> bool {
        self.state().tokens.delete(id)
    }

    /// The exact state of the directory: `users` with all attributes that are kept and `groups` with `members` (ids) and
    /// `memberNames` (user names, sorted), each in the order of creation.
    #[must_use]
    pub fn directory(&self) -> Value {
        self.state().directory.snapshot()
    }

    /// Removes every user and group.
    pub fn clear_directory(&self) {
        self.state().directory = Directory::default();
    }

    /// Puts an identity provider's metadata in the place of the present one.
    ///
    /// # Errors
    /// `InvalidInput`, as when an administrator uploads it.
    pub fn set_identity_provider(&self, metadata: &str) -> Result<(), Fault> {
        let provider = IdentityProvider::parse(metadata)?;
        self.state().sign_on.provider = Some(provider);
        Ok(())
    }

    /// Adds a signing certificate in PEM; from then on either is good.
    ///
    /// # Errors
    /// `InvalidInput`.
    pub fn import_certificate(&self, pem: &str) -> Result<(), Fault> {
        self.state().sign_on.provider.as_mut().ok_or_else(no_provider)?.import(pem)
    }

    /// Removes a signing certificate, but never the last one.
    ///
    /// # Errors
    /// `InvalidInput`.
    pub fn delete_certificate(&self, pem: &str) -> Result<(), Fault> {
        self.state().sign_on.provider.as_mut().ok_or_else(no_provider)?.delete(pem)
    }

    /// Who this instance is to an identity provider; its metadata is at this address.
    #[must_use]
    pub fn entity_id(&self) -> String {
        self.hosts.entity_id()
    }

    /// The assertion consumer services, the default one first.
    #[must_use]
    pub fn consumer_services(&self) -> Vec<String> {
        self.hosts.services()
    }

    /// Makes an `AuthnRequest`: by this binding, or else the first of the identity provider's metadata; to be answered to
    /// the consumer service of this number.
    ///
    /// # Errors
    /// `InvalidInput` if there is no identity provider, or not this binding or consumer service.
    pub fn start(&self, binding: Option<Binding>, host: usize) -> Result<AuthnRequest, Fault> {
        self.state().sign_on.start(&self.hosts, binding, host, self.now())
    }

    /// Takes a response, in base64, that was posted to a consumer service of this tenant.
    ///
    /// # Errors
    /// Whatever AWS would say.
    pub async fn sign_in(
        &self,
        tenant: &str,
        response: &str,
        relay_state: Option<&str>,
    ) -> Result<PortalSession, PortalRefusal> {
        if tenant != self.options.saml_tenant {
            return Err(PortalRefusal::unexpected("there is no such tenant"));
        }
        let provider = self.state().sign_on.provider.clone();
        let provider = provider.ok_or_else(|| PortalRefusal::unexpected("there is no external identity provider"))?;
        let now = self.now();
        let claims = verified(response, &provider, &self.hosts, now).await?;
        let state = &mut *self.state();
        state.sign_on.admit(claims, relay_state, &state.directory, self.options.session_seconds, now)
    }

    /// Everybody who signed in, in order.
    #[must_use]
    pub fn sessions(&self) -> Vec<PortalSession> {
        self.state().sign_on.sessions.clone()
    }

    /// The service provider's metadata, if the identity store is this one.
    pub(crate) fn metadata(&self, store: &str) -> Option<String> {
        (store == self.options.identity_store).then(|| self.hosts.metadata())
    }

    pub(crate) fn now(&self) -> i64 {
        (self.now)()
    }

    pub(crate) fn millis(&self) -> i64 {
        (self.millis)()
    }

    /// Ends the token with this secret now.
    pub(crate) fn expire_token(&self, secret: &str) {
        self.state().tokens.expire(secret, self.now());
    }

    /// Lets a caller in: a bearer token, of this tenant, that has not ended.
    pub(crate) fn authorize(&self, tenant: &str, secret: Option<&str>) -> Result<(), Refusal> {
        let secret = secret.ok_or_else(Refusal::unauthorized)?;
        if tenant != self.options.scim_tenant {
            return Err(Refusal::tenant());
        }
        if self.state().tokens.accepts(secret, self.now()) { Ok(()) } else { Err(Refusal::unauthorized()) }
    }

    /// Takes a request off the buckets.
    pub(crate) fn admit(&self, operation: &Operation, body: Option<&Value>) -> Result<(), Refusal> {
        let members = match operation {
            Operation::CreateGroup | Operation::PatchGroup(_) => membership_changes(body),
            _ => 0,
        };
        let admitted = self.state().throttle.admit(operation.is_write(), members, self.millis());
        if admitted { Ok(()) } else { Err(Refusal::throttled()) }
    }

    /// Runs an operation.
    pub(crate) fn run(&self, operation: &Operation, query: &[(String, String)], body: Option<Value>) -> Answer {
        let listing = Listing::parse(query);
        if !operation.lists() && !query.is_empty() {
            return Err(Refusal::violates());
        }
        let body = body.unwrap_or_default();
        let mut state = self.state();
        let store = self.options.identity_store.trim_start_matches("d-");
        let (guidance, now, short) = (self.options.guidance, self.now(), self.options.short_pages);
        let directory = &mut state.directory;
        match operation {
            Operation::ServiceProviderConfig => Ok((200, Some(service_provider_config()))),
            Operation::ListResourceTypes => Ok((200, Some(resource_types(&self.scim_endpoint())))),
            Operation::ListSchemas => schemas(None),
            Operation::GetSchema(name) => schemas(Some(name)),
            Operation::CreateUser => Users { directory, store, guidance, now }.create(body),
            Operation::GetUser(id) => Users { directory, store, guidance, now }.get(id),
            Operation::ListUsers => Users { directory, store, guidance, now }.list(&listing?, short),
            Operation::PutUser(id) => Users { directory, store, guidance, now }.put(id, body),
            Operation::PatchUser(id) => Users { directory, store, guidance, now }.patch(id, &body),
            Operation::DeleteUser(id) => Users { directory, store, guidance, now }.delete(id),
            Operation::CreateGroup => Groups { directory, store, guidance, now }.create(&body),
            Operation::GetGroup(id) => Groups { directory, store, guidance, now }.get(id),
            Operation::ListGroups => Groups { directory, store, guidance, now }.list(&listing?, short),
            Operation::PatchGroup(id) => Groups { directory, store, guidance, now }.patch(id, &body),
            Operation::DeleteGroup(id) => Groups { directory, store, guidance, now }.delete(id),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for IdentityCenter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityCenter").field("options", &self.options).finish_non_exhaustive()
    }
}

fn no_provider() -> Fault {
    Fault::new(400, "InvalidInput", "There is no external identity provider.")
}
