use model::EventKind;
use serde_json::json;

use super::messages::Pen;
use crate::{
    Error, Services,
    events::Entry,
    identifiers,
    port::{Initiator, LogoutJourney, Participant, Waiting},
};

/// Where the browser goes next.
pub enum LogoutStep {
    Redirect(String),
    Post {
        url: String,
        parameter: &'static str,
        message: String,
        relay_state: Option<String>,
    },
    /// Nobody is left to be told, and nobody waits for an answer.
    Done {
        ended: Vec<String>,
        failed: Vec<String>,
    },
}

/// A logout that takes longer than this is given up.
const LIFE: i64 = 1800;

impl Services {
    /// Kept before any session ends and before anybody forgets who knows of it: whatever comes between, it can be told
    /// who was not told.
    pub(super) async fn new_journey(
        &self,
        username: &str,
        queue: Vec<Participant>,
        initiator: Option<Initiator>,
    ) -> Result<LogoutJourney, Error> {
        let journey = LogoutJourney {
            id: identifiers::hex::<16>(self.entropy()),
            expires: self.clock().now() + LIFE,
            username: username.to_owned(),
            queue,
            waiting: None,
            ended: Vec::new(),
            failed: Vec::new(),
            initiator,
        };
        self.store().put_journey(&journey).await?;
        Ok(journey)
    }

    /// Goes on to the next service provider, or to whoever waits for the answer.
    pub(super) async fn proceed(&self, mut journey: LogoutJourney) -> Result<LogoutStep, Error> {
        let snapshot = self.snapshot();
        while let Some(participant) = journey.queue.pop() {
            let pen = self.pen(&snapshot);
            let request_id = pen.id.clone();
            match pen.request(&participant, &journey.id) {
                Ok(step) => {
                    journey.waiting = Some(Waiting { slug: participant.slug, request_id });
                    self.store().put_journey(&journey).await?;
                    return Ok(step);
                }
                // The application or its provider is gone since: it cannot be told, the others can.
                Err(_) => journey.failed.push(participant.slug),
            }
        }
        let event = self.event(Entry {
            kind: EventKind::SignOut,
            actor: &journey.username,
            target: format!("user {}", journey.username),
            address: "",
            message: format!(
                "logout of {} is over: ended at {}, not ended at {}",
                journey.username,
                words(&journey.ended),
                words(&journey.failed)
            ),
            detail: json!({ "ended": journey.ended, "failed": journey.failed }),
        });
        self.store().end_journey(&journey.id, event).await?;
        match &journey.initiator {
            Some(initiator) => self.pen(&snapshot).response(initiator, &journey),
            None => Ok(LogoutStep::Done { ended: journey.ended, failed: journey.failed }),
        }
    }

    /// A service that does not send the browser back keeps the others from being told, and the person from seeing it. When
    /// the time is up an administrator can read who was never told.
    pub(crate) async fn tell_of_lost_logouts(&self) -> Result<(), Error> {
        for journey in self.store().lost_journeys(self.clock().now()).await? {
            let event = self.event(lost(&journey));
            self.store().end_journey(&journey.id, event).await?;
        }
        Ok(())
    }

    fn pen<'a>(&'a self, snapshot: &'a crate::snapshot::Snapshot) -> Pen<'a> {
        let id = format!("_{}", identifiers::hex::<16>(self.entropy()));
        Pen { snapshot, public_url: self.public_url(), now: self.clock().now(), id }
    }
}

/// What is told of a journey whose time is up.
fn lost(journey: &LogoutJourney) -> Entry<'_> {
    let LogoutJourney { username, ended, failed, waiting, queue, .. } = journey;
    let place = waiting.as_ref().map(|waiting| waiting.slug.as_str());
    let untold: Vec<String> = queue.iter().map(|participant| participant.slug.clone()).collect();
    let how = place.map_or("before anybody was told".to_owned(), |place| {
        format!("at {place}, which did not send the browser back")
    });
    Entry {
        kind: EventKind::SignOut,
        actor: username,
        target: format!("user {username}"),
        address: "",
        message: format!(
            "logout of {username} got lost {how}: ended at {}, not ended at {}, not told: {}",
            words(ended),
            words(failed),
            words(&untold)
        ),
        detail: json!({ "ended": ended, "failed": failed, "lost_at": place, "not_told": untold }),
    }
}

fn words(slugs: &[String]) -> String {
    if slugs.is_empty() { "none".to_owned() } else { slugs.join(", ") }
}
