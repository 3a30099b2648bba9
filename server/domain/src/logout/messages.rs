use model::{LogoutBinding, LogoutService, SamlProvider};
use saml::{LogoutRequestSpec, LogoutResponseSpec, NameId, Outbound, SigningKey, Status};

use super::LogoutStep;
use crate::{
    Error,
    issue::algorithm_for,
    port::{Initiator, LogoutJourney, Participant},
    render,
    snapshot::Snapshot,
};

/// A request of ours means nothing after this many seconds.
const REQUEST_LIFE: i64 = 300;

/// What every message is made with.
pub struct Pen<'a> {
    pub snapshot: &'a Snapshot,
    pub public_url: &'a str,
    pub now: i64,
    /// An NCName, unpredictable.
    pub id: String,
}

impl Pen<'_> {
    /// Tells a service provider that a session is over.
    pub fn request(&self, participant: &Participant, journey: &str) -> Result<LogoutStep, Error> {
        let application = self.snapshot.application(&participant.slug)?;
        let provider = self.snapshot.provider_of(application)?;
        let service = service(provider)?;
        let spec = LogoutRequestSpec {
            id: self.id.clone(),
            issue_instant: self.now,
            not_on_or_after: self.now + REQUEST_LIFE,
            destination: service.url.clone(),
            issuer: render::issuer(provider, application, self.public_url),
            reason: Some("urn:oasis:names:tc:SAML:2.0:logout:user".to_owned()),
            name_id: NameId {
                value: participant.name_id.clone(),
                format: Some(participant.name_id_format.clone()),
                ..NameId::default()
            },
            session_indexes: std::iter::once(&participant.session_index).chain(&participant.also).cloned().collect(),
        };
        let message = saml::build_logout_request(&spec).map_err(internal)?;
        self.send(provider, service.binding, &service.url, &message, Some(journey))
    }

    /// Tells the service provider that asked what became of it.
    pub fn response(&self, initiator: &Initiator, status: Status) -> Result<LogoutStep, Error> {
        let application = self.snapshot.application(&initiator.slug)?;
        let provider = self.snapshot.provider_of(application)?;
        let service = service(provider)?;
        let destination = service.response_url.as_ref().unwrap_or(&service.url);
        let spec = LogoutResponseSpec {
            id: self.id.clone(),
            in_response_to: initiator.request_id.clone(),
            issue_instant: self.now,
            destination: destination.clone(),
            issuer: render::issuer(provider, application, self.public_url),
            status,
        };
        let message = saml::build_logout_response(&spec).map_err(internal)?;
        self.send(provider, service.binding, destination, &message, initiator.relay_state.as_deref())
    }

    fn send(
        &self,
        provider: &SamlProvider,
        binding: LogoutBinding,
        url: &str,
        message: &Outbound,
        relay_state: Option<&str>,
    ) -> Result<LogoutStep, Error> {
        let key: &SigningKey = self.snapshot.signing_key(provider)?;
        let algorithm = algorithm_for(provider, key);
        Ok(match binding {
            LogoutBinding::Redirect => {
                LogoutStep::Redirect(message.redirect(relay_state, algorithm, key).map_err(internal)?)
            }
            LogoutBinding::Post => LogoutStep::Post {
                url: url.to_owned(),
                parameter: message.parameter(),
                message: message.post(algorithm, key).map_err(internal)?.base64(),
                relay_state: relay_state.map(str::to_owned),
            },
        })
    }
}

/// What a journey that is over has come to.
pub fn outcome(journey: &LogoutJourney) -> Status {
    if journey.failed.is_empty() && journey.unanswered.is_empty() { Status::SUCCESS } else { Status::PARTIAL_LOGOUT }
}

/// The first address that logout messages go to.
pub fn service(provider: &SamlProvider) -> Result<&LogoutService, Error> {
    provider.logout.first().ok_or_else(|| {
        Error::Conflict(format!("the SAML provider `{}` has no address for logout messages", provider.name))
    })
}

fn internal(error: saml::SamlError) -> Error {
    Error::Internal(error.to_string())
}
