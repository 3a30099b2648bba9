//! SAML sign-on to an instance.

use std::collections::{BTreeMap, BTreeSet};

use super::claims::{Claims, EMAIL, claims, shape};
use super::hosts::Hosts;
use super::idp::IdentityProvider;
use super::{AuthnRequest, Binding, PortalRefusal, PortalSession};
use crate::directory::Directory;
use crate::fault::Fault;
use crate::saml::Message;
use crate::xml::{ASSERTION, DSIG, Node};

/// The longest response, in characters. AWS's limit is one of the assertion.
const LIMIT: usize = 50_000;

/// The identity provider, what it was asked and who came.
#[derive(Clone, Debug, Default)]
pub(crate) struct SignOn {
    pub(crate) provider: Option<IdentityProvider>,
    pub(crate) sessions: Vec<PortalSession>,
    pending: BTreeMap<String, AuthnRequest>,
    /// Ids of assertions that were used.
    used: BTreeSet<String>,
}

impl SignOn {
    /// Makes a request, by a binding of the caller's choice or else the first of the metadata.
    pub(crate) fn start(
        &mut self,
        hosts: &Hosts,
        binding: Option<Binding>,
        host: usize,
        now: i64,
    ) -> Result<AuthnRequest, Fault> {
        let missing = |what: &str| Fault::new(400, "InvalidInput", what);
        let provider = self.provider.as_ref().ok_or_else(|| missing("There is no external identity provider."))?;
        let mut services = provider.services.iter();
        let service = services.find(|(other, _)| binding.is_none_or(|binding| binding == *other));
        let service = service.ok_or_else(|| missing("The identity provider's metadata does not have this binding."))?;
        let own = hosts.services();
        let consumer = own.get(host).ok_or_else(|| missing("There is no such assertion consumer service."))?;
        let request = AuthnRequest::new(&hosts.entity_id(), consumer, service, now)?;
        self.pending.insert(request.id.clone(), request.clone());
        Ok(request)
    }

    /// Takes a verified response.
    pub(crate) fn admit(
        &mut self,
        claims: Claims,
        relay_state: Option<&str>,
        directory: &Directory,
        longest: i64,
        now: i64,
    ) -> Result<PortalSession, PortalRefusal> {
        if let Some(id) = &claims.in_response_to {
            let request = self.pending.get(id).filter(|request| !request.is_stale(now));
            let request = request.ok_or_else(|| PortalRefusal::request(id))?;
            if request.consumer_service != claims.recipient {
                return Err(PortalRefusal::unexpected(
                    "the response went to another consumer service than was asked for",
                ));
            }
            if relay_state != Some(request.relay_state.as_str()) {
                return Err(PortalRefusal::unexpected("the RelayState did not come back unchanged"));
            }
        }
        if self.used.contains(&claims.assertion_id) {
            return Err(PortalRefusal::unexpected("the assertion was used before"));
        }
        let user = directory.named(&claims.name).filter(|user| user.text("userName") == claims.name);
        let user = user.ok_or_else(|| stranger(directory, &claims.name))?;
        if !user.is_active() {
            return Err(PortalRefusal::unexpected("the user is not active"));
        }
        let own = now + longest;
        let session = PortalSession {
            user_id: user.id.clone(),
            user_name: claims.name,
            display_name: user.text("displayName").into(),
            started: now,
            ends: claims.session_end.map_or(own, |end| end.min(own)),
            access_control: claims.access_control,
            request_id: claims.in_response_to,
            consumer_service: claims.recipient,
            relay_state: relay_state.map(str::to_owned),
        };
        if let Some(id) = &session.request_id {
            self.pending.remove(id);
        }
        self.used.insert(claims.assertion_id);
        self.sessions.push(session.clone());
        Ok(session)
    }
}

/// Verifies a response and judges what it says, before anybody is looked up.
pub(crate) async fn verified(
    field: &str,
    provider: &IdentityProvider,
    hosts: &Hosts,
    now: i64,
) -> Result<Claims, PortalRefusal> {
    let message = Message::decode(field).map_err(|fault| PortalRefusal::unexpected(fault.message))?;
    if message.length() > LIMIT {
        return Err(PortalRefusal::unexpected("the assertion has more than 50,000 characters"));
    }
    shape(message.root())?;
    let issuers = message.issuers();
    if issuers.is_empty() || issuers.iter().any(|issuer| *issuer != provider.entity_id) {
        return Err(PortalRefusal::unexpected("the issuer is not the entityID of the identity provider"));
    }
    if !provider.formats.is_empty() && !provider.formats.iter().any(|format| format == EMAIL) {
        return Err(PortalRefusal::us("the identity provider's metadata does not have the NameID format of addresses"));
    }
    let signed = |assertion: &Node| assertion.all(DSIG, "Signature").next().is_some();
    if !message.root().only(ASSERTION, "Assertion").is_some_and(signed) {
        return Err(PortalRefusal::us("the assertion is not signed"));
    }
    let verified = message.verify(&provider.certificates).await;
    let (response, assertion) = verified.map_err(|fault| PortalRefusal::us(fault.message))?;
    claims(response, &assertion, hosts, now)
}

/// Somebody is meant under another name, or nobody is.
fn stranger(directory: &Directory, name: &str) -> PortalRefusal {
    let near = directory.named(name).is_some() || directory.addressed(name).is_some();
    if near { PortalRefusal::unexpected("NameID and userName do not match") } else { PortalRefusal::not_provisioned() }
}
