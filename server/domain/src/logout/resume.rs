use super::{LogoutStep, journey::LOGOUT_LIFE, step::names};
use crate::{
    Caller, Error, Services, identifiers,
    port::{LogoutJourney, Participant, Waiting},
};

/// A logout that has not come to its end, for the person whose it is. Applications by name.
pub struct PendingLogout {
    pub ended: Vec<String>,
    /// They said that they have not ended the session, or could not be asked.
    pub failed: Vec<String>,
    /// The person went on without their answer.
    pub unanswered: Vec<String>,
    /// Asked, and has not sent the browser back.
    pub waiting: Option<String>,
    /// Not asked yet.
    pub left: Vec<String>,
    /// The request that is out: who goes on says from where, so that an old page does nothing.
    pub asked: String,
    /// Seconds for which one can still go on.
    pub seconds: i64,
    /// Whom an administrator signs out. None: the person is whoever looks.
    pub whose: Option<String>,
}

impl Services {
    /// The logout that a browser holds the pass of. `caller`: who is signed in there now; a logout is nobody's but its
    /// own person's. None: there is none, or it has ended, or its time is up.
    pub async fn pending_logout(&self, pass: &str, caller: Option<&Caller>) -> Result<Option<PendingLogout>, Error> {
        let Some(journey) = self.held(pass, caller).await? else { return Ok(None) };
        let snapshot = self.snapshot();
        Ok(Some(PendingLogout {
            ended: names(&snapshot, journey.ended.iter()),
            failed: names(&snapshot, journey.failed.iter()),
            unanswered: names(&snapshot, journey.unanswered.iter().map(|waiting| &waiting.slug)),
            waiting: names(&snapshot, journey.waiting.iter().map(|waiting| &waiting.slug)).pop(),
            left: names(&snapshot, journey.queue.iter().map(|participant| &participant.slug)),
            asked: journey.asked().to_owned(),
            seconds: journey.expires - self.clock().now(),
            whose: journey.by.is_some().then(|| journey.username.clone()),
        }))
    }

    /// Goes on with a logout without the answer that it waits for, or (`again`) asks for that answer once more. `asked` is
    /// the request that is given up. None: there is nothing to go on with, or not from there.
    pub async fn continue_logout(
        &self,
        pass: &str,
        caller: Option<&Caller>,
        asked: &str,
        again: bool,
    ) -> Result<Option<LogoutStep>, Error> {
        let Some(mut journey) = self.held(pass, caller).await? else { return Ok(None) };
        if journey.asked() != asked {
            return Ok(None);
        }
        journey.give_up(again);
        self.proceed(asked, journey).await
    }

    /// A logout that was not finished, together with one that begins: its person signs out once more, of more. None: it
    /// went on meanwhile.
    pub(super) async fn take_along(
        &self,
        mut journey: LogoutJourney,
        queue: &[Participant],
    ) -> Result<Option<LogoutStep>, Error> {
        let asked = journey.asked().to_owned();
        journey.give_up(false);
        journey.queue.extend_from_slice(queue);
        journey.expires = self.clock().now() + LOGOUT_LIFE;
        self.proceed(&asked, journey).await
    }

    /// The journey of a pass: its id, which service providers know, and the secret, which they do not.
    pub(super) async fn held(&self, pass: &str, caller: Option<&Caller>) -> Result<Option<LogoutJourney>, Error> {
        let Some((id, secret)) = pass.split_once('.') else { return Ok(None) };
        let holder = identifiers::fingerprint(secret);
        let journey = self.store().journey(id).await?.filter(|journey| {
            self.clock().now() < journey.expires
                && journey.holder == holder
                && caller.is_none_or(|caller| caller.username() == journey.by.as_ref().unwrap_or(&journey.username))
        });
        Ok(journey)
    }
}

impl LogoutJourney {
    /// Waits for nobody any more; who was asked stands as not having answered, or is asked again.
    fn give_up(&mut self, again: bool) {
        let Some(waiting) = self.waiting.take() else { return };
        match waiting.participant {
            Some(participant) if again => self.queue.push(participant),
            participant => self.unanswered.push(Waiting { participant, ..waiting }),
        }
    }
}
