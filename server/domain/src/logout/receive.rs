use model::SamlProvider;
use saml::{Inbound, MessageKind, logout::Occasion};

use super::{Logout, LogoutStep};
use crate::{
    Carrier, Error, Services,
    exchange::{LIFETIME, SKEW, certificates},
    identifiers,
    port::{Initiator, Waiting},
};

impl Services {
    /// A logout message for an application: a request to end sessions, or the answer to one of ours. It must be signed
    /// (SAML profiles §4.4.3.1): an unsigned one would let anybody sign anybody out.
    pub async fn receive_logout(&self, slug: &str, carrier: Carrier<'_>, address: &str) -> Result<Logout, Error> {
        let received = self.read_logout(slug, carrier).await;
        if let Err(error) = &received {
            self.request_refused(slug, address, error).await?;
        }
        received
    }

    async fn read_logout(&self, slug: &str, carrier: Carrier<'_>) -> Result<Logout, Error> {
        let snapshot = self.snapshot();
        let application = snapshot.application(slug)?;
        let provider = snapshot.provider_of(application)?;
        let refuse = |error: saml::SamlError| Error::invalid("logout", error.to_string());
        let base = format!("{}/application/saml/{slug}/slo/binding", self.public_url());
        let (inbound, destination) = match carrier {
            Carrier::Redirect { query } => (Inbound::redirect(query).map_err(refuse)?, format!("{base}/redirect/")),
            Carrier::Post { parameter, field, relay_state } => {
                let inbound = Inbound::post(parameter, field, relay_state).map_err(refuse)?;
                (inbound, format!("{base}/post/"))
            }
        };
        verify(&inbound, provider)?;
        let destinations = [destination];
        let now = self.clock().now();
        let occasion = Occasion { now, skew: SKEW, lifetime: LIFETIME, destinations: &destinations };
        let distrust = |error: saml::Distrust| Error::invalid("logout", error.to_string());
        match inbound.kind() {
            MessageKind::LogoutRequest => {
                let request = inbound.logout_request().map_err(refuse)?;
                request.check(&occasion).map_err(distrust)?;
                let key = identifiers::sha256(format!("logout\n{}\n{}", request.issuer, request.id).as_bytes());
                if !self.store().take_request(&key, now, now + LIFETIME + 2 * SKEW).await? {
                    return Err(Error::invalid("ID", "this logout request was answered already"));
                }
                let known = self.store().participants_at(slug, &request.name_id.value).await?;
                let meant = known.into_iter().filter(|p| {
                    request.session_indexes.is_empty() || request.session_indexes.contains(&p.session_index)
                });
                let mut sessions: Vec<String> = meant.map(|p| p.session).collect();
                sessions.dedup();
                let others = self.others(&sessions, slug).await?;
                let relay_state = inbound.relay_state().map(str::to_owned);
                let initiator = Initiator { slug: slug.to_owned(), request_id: request.id, relay_state };
                let username = self.person_of(&sessions).await?.unwrap_or(request.name_id.value);
                let (journey, pass) = self.new_journey(&username, others, Some(initiator)).await?;
                self.end_sessions(&sessions, slug).await?;
                self.set_out(journey, pass).await
            }
            MessageKind::LogoutResponse => {
                let response = inbound.logout_response().map_err(refuse)?;
                response.check(&occasion).map_err(distrust)?;
                let id = inbound.relay_state().unwrap_or_default();
                let unasked = || Error::invalid("InResponseTo", "no logout of ours waits for this answer");
                let mut journey = self.store().journey(id).await?.filter(|j| now < j.expires).ok_or_else(unasked)?;
                let asked = journey.asked().to_owned();
                let to = response.in_response_to.as_deref().unwrap_or_default();
                let meant = |waiting: &Waiting| waiting.slug == slug && waiting.request_id == to;
                let late = journey.unanswered.iter().position(meant);
                if late.is_none() && !journey.waiting.as_ref().is_some_and(meant) {
                    return Err(unasked());
                }
                let said = if response.success && !response.partial { &mut journey.ended } else { &mut journey.failed };
                said.push(slug.to_owned());
                let step = match late {
                    // Its person went on without it, and the browser may be anywhere by now.
                    Some(place) => {
                        journey.unanswered.remove(place);
                        self.store().turn_journey(&asked, &journey).await?.then_some(LogoutStep::Standing)
                    }
                    None => {
                        journey.waiting = None;
                        self.proceed(&asked, journey).await?
                    }
                };
                Ok(step.ok_or_else(unasked)?.into())
            }
            MessageKind::AuthnRequest => Err(Error::invalid("SAMLRequest", "this address takes logout messages only")),
        }
    }
}

fn verify(inbound: &Inbound, provider: &SamlProvider) -> Result<(), Error> {
    if inbound.issuer() != provider.audience {
        let why = format!("the message is not from {}", provider.audience);
        return Err(Error::invalid("Issuer", why));
    }
    let certificates = certificates(provider)?;
    if certificates.is_empty() {
        let why = format!("the SAML provider `{}` has no certificate to verify logout messages with", provider.name);
        return Err(Error::invalid("Signature", why));
    }
    inbound.verify(&certificates).map(|_| ()).map_err(|error| Error::invalid("Signature", error.to_string()))
}
