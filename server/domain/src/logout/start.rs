use saml::ResponseSpec;

use super::{Logout, LogoutStep};
use crate::{Caller, Error, Services, port::Participant, snapshot::Snapshot};

/// So many earlier indexes of one session are known: more trials than anybody makes in one.
const MOST_INDEXES: usize = 8;

impl Caller {
    /// Ends this session, and then the sessions that service providers have from it. `pass`: of a logout that the browser
    /// has not finished; if it is this person's, it goes on together with this one.
    pub async fn log_out(&self, pass: Option<&str>) -> Result<Logout, Error> {
        let services = &self.services;
        let participants = services.store().participants_of(&self.session.id_hash).await?;
        let queue = reachable(&services.snapshot(), participants);
        if let Some(pass) = pass
            && let Some(former) = services.held(pass, Some(self)).await?
            // One that an administrator began of somebody else has another person's name on it.
            && former.by.is_none()
            && let Some(step) = services.take_along(former, &queue).await?
        {
            self.end_here().await?;
            return Ok(Logout { step, pass: Some(pass.to_owned()) });
        }
        if queue.is_empty() {
            self.end_here().await?;
            return Ok(LogoutStep::nobody().into());
        }
        let (journey, pass) = services.new_journey(self.username(), queue, None, None).await?;
        self.end_here().await?;
        services.set_out(journey, pass).await
    }

    async fn end_here(&self) -> Result<(), Error> {
        self.member().sign_out().await?;
        Ok(self.services.store().forget_participants(&self.session.id_hash).await?)
    }

    /// Remembers that an application knows of this session. Only those that take logout messages need it.
    /// `trial`: the fingerprint of the key that is tried; empty: none is. A trial gives the session another index, and
    /// which of the two the service goes by shows only when it asks.
    pub(crate) async fn participate(&self, slug: &str, spec: &ResponseSpec, trial: &str) -> Result<(), Error> {
        let known = self.services.store().participants_of(&self.session.id_hash).await?;
        let known = known.into_iter().find(|participant| participant.slug == slug);
        let mut also: Vec<String> =
            known.into_iter().flat_map(|known| known.also.into_iter().chain([known.session_index])).collect();
        also.retain(|index| *index != spec.session_index);
        let surplus = also.len().saturating_sub(MOST_INDEXES);
        also.drain(..surplus);
        let participant = Participant {
            session: self.session.id_hash.clone(),
            slug: slug.to_owned(),
            name_id: spec.name_id.clone(),
            name_id_format: spec.name_id_format.clone(),
            session_index: spec.session_index.clone(),
            also,
            uid: self.person.user.uid.clone(),
            trial: trial.to_owned(),
            expires: self.session.expires,
        };
        Ok(self.services.store().put_participant(&participant).await?)
    }
}

impl Services {
    /// Who else knows of sessions, by their hashes, than an application.
    pub(super) async fn others(&self, sessions: &[String], slug: &str) -> Result<Vec<Participant>, Error> {
        let mut others = Vec::new();
        for session in sessions {
            let participants = self.store().participants_of(session).await?;
            others.extend(participants.into_iter().filter(|p| p.slug != slug));
        }
        Ok(reachable(&self.snapshot(), others))
    }

    /// Whose the sessions are; None: all of them are over.
    pub(super) async fn person_of(&self, sessions: &[String]) -> Result<Option<String>, Error> {
        for session in sessions {
            if let Some(session) = self.store().session(session).await? {
                return Ok(Some(session.username));
            }
        }
        Ok(None)
    }
}

/// Those whose provider takes logout messages.
pub(super) fn reachable(snapshot: &Snapshot, participants: Vec<Participant>) -> Vec<Participant> {
    let takes = |p: &Participant| {
        let provider = snapshot.application(&p.slug).and_then(|application| snapshot.provider_of(application));
        provider.is_ok_and(|provider| !provider.logout.is_empty())
    };
    participants.into_iter().filter(takes).collect()
}
