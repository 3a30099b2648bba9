//! What a service provider sends: read, tied to the provider it claims to come from, and held against what that may ask.

use std::sync::Arc;

use model::{EventKind, SamlProvider};
use saml::{
    Accepted, Acs, AuthnRequest, Certificate, Expectations, Inbound, MessageKind, Refusal, Status, StatusReason,
    StatusResponseSpec,
};
use serde_json::json;

use crate::{
    Error, Services, events::Entry, identifiers, issue::algorithm_for, name_identifier::formats, render,
    snapshot::Snapshot,
};

/// A request may be this old, in seconds.
pub(crate) const LIFETIME: i64 = 300;
/// So long somebody may take to sign in for a request that was fresh when it came, in seconds.
const PATIENCE: i64 = 3600;
/// How far the clocks may be apart, in seconds.
pub(crate) const SKEW: i64 = 120;

/// What a password over TLS amounts to, from the weakest to the strongest (SAML authn context §3.4).
pub(crate) const CONTEXTS: [&str; 3] = [
    "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
    STRONGEST,
];
pub(crate) const STRONGEST: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

/// A message as it came in, before anything of it is believed.
pub enum Carrier<'a> {
    /// The query of HTTP-Redirect, as received and without its question mark.
    Redirect { query: &'a str },
    /// The fields of HTTP-POST.
    Post { parameter: &'a str, field: &'a str, relay_state: Option<&'a str> },
}

/// A request that is accepted, and what was agreed.
#[derive(Clone)]
pub struct Exchange {
    pub request: AuthnRequest,
    pub accepted: Accepted,
    pub relay_state: Option<String>,
    /// Under which the request is remembered, so that it is answered once.
    pub(crate) key: String,
}

/// What becomes of a request.
pub enum Received {
    Accepted(Box<Exchange>),
    /// The service provider is told at an address that is registered for it.
    Answer(StatusAnswer),
}

/// A response without an assertion, to be posted by the browser.
pub struct StatusAnswer {
    pub acs_url: String,
    pub saml_response: String,
    pub relay_state: Option<String>,
}

impl Services {
    /// Reads a request for an application. What cannot be trusted is an error, and never leads anywhere.
    pub async fn receive(&self, slug: &str, carrier: Carrier<'_>, address: &str) -> Result<Received, Error> {
        match self.read_request(slug, carrier).await {
            Ok((exchange, None)) => Ok(Received::Accepted(exchange)),
            Ok((exchange, Some(status))) => Ok(Received::Answer(self.answer(slug, &exchange, status, address).await?)),
            Err(error) => {
                self.request_refused(slug, address, &error).await?;
                Err(error)
            }
        }
    }

    async fn read_request(&self, slug: &str, carrier: Carrier<'_>) -> Result<(Box<Exchange>, Option<Status>), Error> {
        let snapshot = self.snapshot();
        let application = snapshot.application(slug)?;
        let provider = snapshot.provider_of(application)?;
        let refuse = |error: saml::SamlError| Error::invalid("SAMLRequest", error.to_string());
        let base = format!("{}/application/saml/{slug}/sso/binding", self.public_url());
        let (inbound, destinations) = match carrier {
            Carrier::Redirect { query } => {
                // A request that came by POST goes on by Redirect after sign-in, so it may name either address.
                (Inbound::redirect(query).map_err(refuse)?, [format!("{base}/redirect/"), format!("{base}/post/")])
            }
            Carrier::Post { parameter, field, relay_state } => {
                let inbound = Inbound::post(parameter, field, relay_state).map_err(refuse)?;
                (inbound, [format!("{base}/post/"), format!("{base}/redirect/")])
            }
        };
        if inbound.kind() != MessageKind::AuthnRequest {
            return Err(Error::invalid("SAMLRequest", "this address takes an AuthnRequest; logout has its own"));
        }
        authenticate(&inbound, provider)?;
        let request = inbound.authn_request().map_err(refuse)?;
        let acs: Vec<Acs> =
            provider.acs_endpoints().enumerate().map(|(i, (url, index))| Acs::post(url, index, i == 0)).collect();
        let formats: Vec<String> = formats(provider).into_iter().map(|f| f.urn().to_owned()).collect();
        let contexts = CONTEXTS.map(str::to_owned);
        let key = identifiers::sha256(format!("{}\n{}", request.issuer, request.id).as_bytes());
        let expected = Expectations {
            now: self.arrival(&request, &key).await?,
            skew: SKEW,
            lifetime: LIFETIME,
            destinations: &destinations,
            acs: &acs,
            name_id_formats: &formats,
            authn_contexts: &contexts,
        };
        let relay_state = inbound.relay_state().map(str::to_owned);
        let exchange = |accepted| Box::new(Exchange { request: request.clone(), accepted, relay_state, key });
        match saml::check(&request, &expected) {
            Ok(accepted) => Ok((exchange(accepted), None)),
            Err(Refusal::Answer { acs, status }) => {
                let accepted = Accepted { acs: *acs, name_id_format: String::new(), authn_contexts: Vec::new() };
                Ok((exchange(accepted), Some(status)))
            }
            Err(Refusal::Page(distrust)) => {
                let text = distrust.to_string();
                let (field, why) = text.split_once(": ").unwrap_or(("SAMLRequest", &text));
                Err(Error::invalid(field, format!("{why}; the SAML provider is `{}`", provider.name)))
            }
        }
    }

    /// As of when a request is judged: now, or when it came, if that was not long ago. Whoever takes their time at the
    /// sign-in form has brought it in time, and the service still waits.
    async fn arrival(&self, request: &AuthnRequest, key: &str) -> Result<i64, Error> {
        let now = self.clock().now();
        if now.saturating_sub(request.issue_instant) <= LIFETIME + SKEW {
            return Ok(now);
        }
        let seen = self.store().request_seen(key).await?;
        Ok(seen.filter(|seen| now < seen.saturating_add(PATIENCE)).unwrap_or(now))
    }

    /// Tells the service provider why there is no assertion (SAML core §3.2.2).
    pub(crate) async fn answer(
        &self,
        slug: &str,
        exchange: &Exchange,
        status: Status,
        address: &str,
    ) -> Result<StatusAnswer, Error> {
        let (snapshot, url) = (self.snapshot(), self.public_url().to_owned());
        let spec_id = format!("_{}r", identifiers::hex::<16>(self.entropy()));
        let (now, owned, request_id) = (self.clock().now(), slug.to_owned(), exchange.request.id.clone());
        let (destination, told) = (exchange.accepted.acs.url.clone(), status.clone());
        let signed =
            self.brief(move || sign_status(&snapshot, &owned, &url, spec_id, now, request_id, destination, told));
        let saml_response = signed.await??;
        let reason = status.reason.map_or(status.code.uri(), |r| r.uri()).rsplit(':').next().unwrap_or_default();
        let event = self.event(Entry {
            kind: EventKind::RequestRefused,
            actor: "",
            target: format!("application {slug}"),
            address,
            message: format!("a request for {slug} was answered with {reason}"),
            detail: json!({
                "request": exchange.request.id, "issuer": exchange.request.issuer, "status": status.code.uri(),
                "reason": status.reason.map(|r| r.uri()), "message": status.message,
            }),
        });
        self.store().append_events(vec![event]).await?;
        let (acs_url, relay_state) = (exchange.accepted.acs.url.clone(), exchange.relay_state.clone());
        Ok(StatusAnswer { acs_url, saml_response, relay_state })
    }

    /// Nothing may be shown to the person, and without that nobody can sign in (SAML core §3.4.1, `IsPassive`).
    pub async fn answer_passive(&self, slug: &str, exchange: &Exchange, address: &str) -> Result<StatusAnswer, Error> {
        let status = Status::responder(StatusReason::NoPassive, "nobody is signed in, and nothing may be shown");
        self.answer(slug, exchange, status, address).await
    }

    /// Remembers when a request was first seen. A sign-in before that does not count for one that demands a fresh one;
    /// and for an hour it is taken as it was then.
    pub async fn first_seen(&self, exchange: &Exchange) -> Result<i64, Error> {
        let now = self.clock().now();
        Ok(self.store().note_request(&exchange.key, now, now + PATIENCE).await?)
    }

    /// Takes a request for answering. It is answered once within its life (SAML profiles §4.1.4.5 has the like for us).
    pub(crate) async fn take_request(&self, exchange: &Exchange) -> Result<(), Error> {
        let now = self.clock().now();
        if self.store().take_request(&exchange.key, now, now + LIFETIME + 2 * SKEW).await? {
            return Ok(());
        }
        Err(Error::invalid("ID", "this request was answered already; start again at the service provider"))
    }
}

#[expect(clippy::too_many_arguments, reason = "all of it may cross to another thread")]
fn sign_status(
    snapshot: &Arc<Snapshot>,
    slug: &str,
    public_url: &str,
    response_id: String,
    issue_instant: i64,
    in_response_to: String,
    destination: String,
    status: Status,
) -> Result<String, Error> {
    let application = snapshot.application(slug)?;
    let provider = snapshot.provider_of(application)?;
    let key = snapshot.signing_key(provider)?;
    let spec = StatusResponseSpec {
        response_id,
        in_response_to: Some(in_response_to),
        issue_instant,
        destination,
        issuer: render::issuer(provider, application, public_url),
        status,
    };
    let signed = saml::build_status(&spec, algorithm_for(provider, key), key);
    Ok(signed.map_err(|e| Error::Internal(e.to_string()))?.base64())
}

/// Whether a message is the provider's own: it says so, and the signature holds against the certificates that are
/// registered for the provider and no others.
pub(crate) fn authenticate(inbound: &Inbound, provider: &SamlProvider) -> Result<(), Error> {
    if inbound.issuer() != provider.audience {
        let issuer: String = inbound.issuer().chars().take(200).collect();
        let why =
            format!("the message is from `{issuer}`; the SAML provider `{}` is {}", provider.name, provider.audience);
        return Err(Error::invalid("Issuer", why));
    }
    let certificates = certificates(provider)?;
    inbound
        .authenticate(&certificates, provider.require_signed_requests)
        .map(|_| ())
        .map_err(|error| Error::invalid("Signature", error.to_string()))
}

pub(crate) fn certificates(provider: &SamlProvider) -> Result<Vec<Certificate>, Error> {
    let read = |pem: &String| Certificate::from_pem(pem).map_err(|e| Error::Internal(e.to_string()));
    provider.verification_certificates.iter().map(read).collect()
}
