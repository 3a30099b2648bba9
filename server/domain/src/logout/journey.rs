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
    pub(super) fn new_journey(
        &self,
        username: &str,
        queue: Vec<Participant>,
        initiator: Option<Initiator>,
    ) -> LogoutJourney {
        LogoutJourney {
            id: identifiers::hex::<16>(self.entropy()),
            expires: self.clock().now() + LIFE,
            username: username.to_owned(),
            queue,
            waiting: None,
            ended: Vec::new(),
            failed: Vec::new(),
            initiator,
        }
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
        self.store().end_journey(&journey.id).await?;
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
        self.store().append_events(vec![event]).await?;
        match &journey.initiator {
            Some(initiator) => self.pen(&snapshot).response(initiator, &journey),
            None => Ok(LogoutStep::Done { ended: journey.ended, failed: journey.failed }),
        }
    }

    /// A service that does not send the browser back keeps the others from being told, and the person from seeing it. When
    /// the time is up an administrator can read who was never told.
    pub(crate) async fn tell_of_lost_logouts(&self) -> Result<(), Error> {
        let lost = self.store().take_lost_journeys(self.clock().now()).await?;
        let events = lost.into_iter().map(|journey| {
            let waiting = journey.waiting.map(|waiting| waiting.slug);
            let unasked: Vec<String> = journey.queue.into_iter().map(|participant| participant.slug).collect();
            self.event(Entry {
                kind: EventKind::SignOut,
                actor: &journey.username,
                target: format!("user {}", journey.username),
                address: "",
                message: format!(
                    "logout of {} got lost at {}, which did not send the browser back: ended at {}, not ended at {}, not told: {}",
                    journey.username,
                    waiting.as_deref().unwrap_or("an unknown place"),
                    words(&journey.ended),
                    words(&journey.failed),
                    words(&unasked)
                ),
                detail: json!({
                    "ended": journey.ended, "failed": journey.failed, "lost_at": waiting, "not_told": unasked,
                }),
            })
        });
        let events: Vec<_> = events.collect();
        if events.is_empty() { Ok(()) } else { Ok(self.store().append_events(events).await?) }
    }

    fn pen<'a>(&'a self, snapshot: &'a crate::snapshot::Snapshot) -> Pen<'a> {
        let id = format!("_{}", identifiers::hex::<16>(self.entropy()));
        Pen { snapshot, public_url: self.public_url(), now: self.clock().now(), id }
    }
}

fn words(slugs: &[String]) -> String {
    if slugs.is_empty() { "none".to_owned() } else { slugs.join(", ") }
}
