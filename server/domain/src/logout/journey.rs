use super::{
    Logout, LogoutStep,
    messages::{Pen, outcome},
    telling,
};
use crate::{
    Error, Services, identifiers,
    port::{Initiator, LogoutJourney, Participant, Waiting},
    snapshot::Snapshot,
};

/// A logout that takes longer than this is given up, in seconds.
pub const LOGOUT_LIFE: i64 = 1800;

impl Services {
    /// A new logout, and what goes into the cookie of the browser that may go on with it.
    ///
    /// Kept before any session ends and before anybody forgets who knows of it: whatever comes between, it can be told
    /// who was not told.
    pub(super) async fn new_journey(
        &self,
        username: &str,
        queue: Vec<Participant>,
        initiator: Option<Initiator>,
        by: Option<&str>,
    ) -> Result<(LogoutJourney, String), Error> {
        let secret = identifiers::secret(self.entropy());
        let journey = LogoutJourney {
            id: identifiers::hex::<16>(self.entropy()),
            expires: self.clock().now() + LOGOUT_LIFE,
            username: username.to_owned(),
            queue,
            waiting: None,
            ended: Vec::new(),
            failed: Vec::new(),
            unanswered: Vec::new(),
            initiator,
            holder: identifiers::fingerprint(&secret),
            by: by.map(str::to_owned),
        };
        self.store().put_journey(&journey).await?;
        let pass = format!("{}.{secret}", journey.id);
        Ok((journey, pass))
    }

    /// Goes on to the next service provider, or to whoever waits for the answer. `asked` is the request that the journey
    /// goes on from; None: another went on from it first.
    pub(super) async fn proceed(&self, asked: &str, mut journey: LogoutJourney) -> Result<Option<LogoutStep>, Error> {
        let snapshot = self.snapshot();
        while let Some(participant) = journey.queue.pop() {
            let pen = self.pen(&snapshot);
            let request_id = pen.id.clone();
            match pen.request(&participant, &journey.id) {
                Ok(step) => {
                    let slug = participant.slug.clone();
                    journey.waiting = Some(Waiting { slug, request_id, participant: Some(participant) });
                    let first = self.store().turn_journey(asked, &journey).await?;
                    return Ok(first.then_some(step));
                }
                // The application or its provider is gone since: it cannot be told, the others can.
                Err(_) => journey.failed.push(participant.slug),
            }
        }
        let event = self.event(telling::over(&journey));
        if !self.store().end_journey(&journey.id, event).await? {
            return Ok(None);
        }
        match &journey.initiator {
            Some(initiator) => self.pen(&snapshot).response(initiator, outcome(&journey)).map(Some),
            None => Ok(Some(LogoutStep::done(&snapshot, &journey))),
        }
    }

    /// The first steps of a new logout.
    pub(super) async fn set_out(&self, journey: LogoutJourney, pass: String) -> Result<Logout, Error> {
        let step = self.proceed("", journey).await?.unwrap_or(LogoutStep::Standing);
        Ok(Logout { step, pass: Some(pass) })
    }

    /// A service that does not send the browser back keeps the others from being told, and the person from seeing it. When
    /// the time is up an administrator can read who was never told.
    pub(crate) async fn tell_of_lost_logouts(&self) -> Result<(), Error> {
        for journey in self.store().lost_journeys(self.clock().now()).await? {
            let event = self.event(telling::lost(&journey));
            self.store().end_journey(&journey.id, event).await?;
        }
        Ok(())
    }

    pub(super) fn pen<'a>(&'a self, snapshot: &'a Snapshot) -> Pen<'a> {
        let id = format!("_{}", identifiers::hex::<16>(self.entropy()));
        Pen { snapshot, public_url: self.public_url(), now: self.clock().now(), id }
    }
}
