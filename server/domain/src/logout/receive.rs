use std::collections::BTreeSet;

use model::{EventKind, NameIdFormat, SamlProvider};
use saml::{Inbound, LogoutRequest, MessageKind, Status, StatusReason, Verified, logout::Occasion};

use super::{Logout, LogoutStep, ending::Ending, everywhere::gathered, messages::service};
use crate::{
    Carrier, Error, Services,
    events::Entry,
    exchange::{LIFETIME, SKEW, certificates},
    identifiers,
    port::{Initiator, Participant, Waiting},
};

impl Services {
    /// A logout message for an application: a request to end sessions, or the answer to one of ours. It must be signed
    /// (SAML profiles §4.4.3.1): an unsigned one would let anybody sign anybody out.
    pub async fn receive_logout(&self, slug: &str, carrier: Carrier<'_>, address: &str) -> Result<Logout, Error> {
        let received = self.read_logout(slug, carrier, address).await;
        if let Err(error) = &received {
            self.request_refused(slug, address, error).await?;
        }
        received
    }

    async fn read_logout(&self, slug: &str, carrier: Carrier<'_>, address: &str) -> Result<Logout, Error> {
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
        let verified = verify(&inbound, provider)?;
        let destinations = [destination];
        let now = self.clock().now();
        let occasion = Occasion { now, skew: SKEW, lifetime: LIFETIME, destinations: &destinations };
        let distrust = |error: saml::Distrust| Error::invalid("logout", error.to_string());
        match inbound.kind() {
            MessageKind::LogoutRequest => {
                let key = snapshot.decryption_key(provider)?;
                let request = verified.logout_request(key.as_ref()).map_err(refuse)?;
                request.check(&occasion).map_err(distrust)?;
                // Where no answer can go, nothing is begun.
                service(provider)?;
                let taken = identifiers::sha256(format!("logout\n{}\n{}", request.issuer, request.id).as_bytes());
                if !self.store().take_request(&taken, now, now + LIFETIME + 2 * SKEW).await? {
                    return Err(Error::invalid("ID", "this logout request was answered already"));
                }
                let known = self.known_by(slug, &request).await?;
                self.trial_taken(provider, &request, &known, address).await?;
                let known =
                    if request.session_indexes.is_empty() { self.with_all_of_them(slug, known).await? } else { known };
                let relay_state = inbound.relay_state().map(str::to_owned);
                let initiator = Initiator { slug: slug.to_owned(), request_id: request.id, relay_state };
                let meant = known.into_iter().filter(|participant| {
                    let mut indexes = participant.also.iter().chain([&participant.session_index]);
                    request.session_indexes.is_empty() || indexes.any(|index| request.session_indexes.contains(index))
                });
                let mut sessions: Vec<String> = meant.map(|p| p.session).collect();
                // To say that all is over would leave the session that the service means.
                if sessions.is_empty() {
                    return self.nobody_known(&initiator, address).await;
                }
                sessions.sort();
                sessions.dedup();
                let others = gathered(self.others(&sessions, slug).await?);
                let username = self.person_of(&sessions).await?.unwrap_or(request.name_id.value);
                let (journey, pass) = self.new_journey(&username, others, Some(initiator), None).await?;
                self.end_sessions(&sessions, &Ending::by_application(slug)).await?;
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

impl Services {
    /// Who a request means: whoever goes by its NameID there, or else whose session it names. A transient identifier is
    /// another one at every sign-on, and the service may have kept an earlier one of the same session.
    async fn known_by(&self, slug: &str, request: &LogoutRequest) -> Result<Vec<Participant>, Error> {
        let known = self.store().participants_at(slug, &request.name_id.value).await?;
        if !known.is_empty() || request.session_indexes.is_empty() {
            return Ok(known);
        }
        let mut found = self.store().participants_in(slug, &request.session_indexes).await?;
        // Of a format whose values stay, another value is somebody else.
        let other = |format: &str| request.name_id.format.as_deref().is_some_and(|asked| asked != format);
        found.retain(|p| p.name_id_format == NameIdFormat::Transient.urn() || other(&p.name_id_format));
        Ok(found)
    }

    /// A request without a `SessionIndex` means all sessions that the person has at the service (SAML core §3.7.1), also
    /// those in which it knows them by another name: a transient one, or one that has changed since. A name that several
    /// people go by, or that has passed from one to the other, says no more than which sessions were begun under it.
    async fn with_all_of_them(&self, slug: &str, mut known: Vec<Participant>) -> Result<Vec<Participant>, Error> {
        let mut uids: BTreeSet<String> = known.iter().map(|participant| participant.uid.clone()).collect();
        let (Some(uid), true) = (uids.pop_first(), uids.is_empty()) else { return Ok(known) };
        // An earlier version did not keep whose they are.
        let theirs = if uid.is_empty() {
            self.by_their_sessions(&known).await?
        } else {
            self.store().participants_by(&uid).await?
        };
        let now = self.clock().now();
        let there = theirs.into_iter().filter(|participant| participant.slug == slug && now < participant.expires);
        let named: BTreeSet<String> = known.iter().map(|participant| participant.session.clone()).collect();
        known.extend(there.filter(|participant| !named.contains(&participant.session)));
        Ok(known)
    }

    /// What whoever has these sessions has anywhere, as far as the sessions last; nothing where they are of several people.
    async fn by_their_sessions(&self, known: &[Participant]) -> Result<Vec<Participant>, Error> {
        let (mut usernames, mut theirs) = (BTreeSet::new(), Vec::new());
        for participant in known {
            usernames.extend(self.store().session(&participant.session).await?.map(|session| session.username));
        }
        let (Some(username), true) = (usernames.pop_first(), usernames.is_empty()) else { return Ok(theirs) };
        for session in self.store().sessions_of(&username).await? {
            theirs.extend(self.store().participants_of(&session.id_hash).await?);
        }
        Ok(theirs)
    }

    /// The service asks for somebody that has not signed on there, or whose session is long over (SAML core §3.2.2.2).
    async fn nobody_known(&self, initiator: &Initiator, address: &str) -> Result<Logout, Error> {
        let event = self.event(Entry {
            kind: EventKind::RequestRefused,
            actor: "",
            target: format!("application {}", initiator.slug),
            address,
            message: format!("a logout request of {} was answered with UnknownPrincipal", initiator.slug),
            detail: serde_json::json!({ "request": initiator.request_id }),
        });
        self.store().append_events(vec![event]).await?;
        let status = Status::responder(StatusReason::UnknownPrincipal, "nobody of this NameID has such a session here");
        Ok(self.pen(&self.snapshot()).response(initiator, status)?.into())
    }
}

fn verify<'a>(inbound: &'a Inbound, provider: &SamlProvider) -> Result<Verified<'a>, Error> {
    if inbound.issuer() != provider.audience {
        let why = format!("the message is not from {}", provider.audience);
        return Err(Error::invalid("Issuer", why));
    }
    let certificates = certificates(provider)?;
    if certificates.is_empty() {
        let why = format!("the SAML provider `{}` has no certificate to verify logout messages with", provider.name);
        return Err(Error::invalid("Signature", why));
    }
    inbound.verified(&certificates).map_err(|error| Error::invalid("Signature", error.to_string()))
}
