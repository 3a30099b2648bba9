use model::{EventKind, ScimStatus};
use scim::rate::backoff;
use serde_json::json;

use super::{
    ending::Ending,
    moving::spelling,
    sender::WAITS,
    tokens::fingerprint,
    worker::{Next, Worker},
};
use crate::{
    Error, identifiers,
    port::{NoAnswer, ScimRecord},
};

/// A provider that was refused is asked again after so many seconds, with one request.
const ASK_AGAIN: i64 = 900;

/// Why a round ended before its work did.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The service does not answer, or not well: later again.
    Failing(String),
    /// The token or the address is not accepted.
    Refused(String),
    /// Something of ours does not work.
    Broken(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

impl Worker {
    /// The milliseconds for which the service wants no request, where that is longer than a sender waits.
    pub(super) fn quiet(&self, record: &ScimRecord) -> Option<u64> {
        let quiet = self.services.pacings().quiet(&spelling(&record.provider.url), self.services.pace().millis());
        Some(quiet).filter(|quiet| *quiet > WAITS)
    }

    /// The service asked for a pause that is not over: whatever changes here waits along.
    pub(super) async fn sent_away(&mut self, quiet: u64) -> Result<Next, Error> {
        self.unsynced().await?;
        let seconds = quiet.div_ceil(1_000);
        let words = format!("the service asked for a pause (Retry-After); it goes on by itself in {seconds} seconds");
        self.unanswered_round(&words).await?;
        let health = &mut self.state.health;
        // Whoever asks for a synchronisation now hears of the pause.
        health.tried = self.asked;
        health.status = ScimStatus::Failing;
        health.words = words;
        self.keep_state().await?;
        Ok(self.after(quiet))
    }

    /// A round ended without a good answer. That is told when it has lasted.
    async fn unanswered_round(&mut self, words: &str) -> Result<(), Error> {
        let now = self.services.clock().now();
        let Some(since) = self.state.outage.lasts(now, self.failures) else { return Ok(()) };
        let since = identifiers::rfc3339(since);
        let message = format!("{} gives no good answer since {since}: {words}; it is tried again", self.provider);
        self.tell(EventKind::ProvisioningOutage, message, json!({ "words": words, "since": since })).await
    }

    /// The next round: after a pause, or when it is time to tell that nothing has come. It is one also where nothing has
    /// changed here, as when the time of something had come.
    fn after(&mut self, pause: u64) -> Next {
        let now = self.services.clock().now();
        self.due = now;
        Next::After(self.state.outage.told_in(now).map_or(pause, |told| pause.min(told)))
    }

    /// What a round that ended early means for the next one.
    pub(super) async fn troubled(
        &mut self,
        trouble: Trouble,
        record: &ScimRecord,
        tokens: &[String],
        epoch: u64,
    ) -> Result<Next, Error> {
        let trouble = match trouble {
            // More than the database takes: nothing of it was written, and it says what to do about it.
            Trouble::Broken(Error::Conflict(words)) => {
                Trouble::Failing(format!("what happened there cannot be kept here: {words}"))
            }
            trouble => trouble,
        };
        let (status, words) = match trouble {
            Trouble::Broken(error) => return Err(error),
            // It says nothing of the service.
            _ if self.lease_ended() => return Err(Error::Unavailable(NoAnswer::LeaseEnded.to_string())),
            Trouble::Failing(words) => {
                self.failures = self.failures.saturating_add(1);
                self.unanswered_round(&words).await?;
                (ScimStatus::Failing, words)
            }
            Trouble::Refused(words) => {
                if self.next_token_works(record, tokens).await? {
                    return Ok(Next::After(0));
                }
                if self.lease_ended() {
                    // That may be why the second token got no answer.
                    return Err(Error::Unavailable(NoAnswer::LeaseEnded.to_string()));
                }
                (ScimStatus::Stopped, words)
            }
        };
        self.keep_results().await?;
        let ending = if status == ScimStatus::Failing { Ending::Failed } else { Ending::Refused };
        self.state.end_run(identifiers::rfc3339(self.services.clock().now()), ending, &words);
        self.unsynced().await?;
        if status == ScimStatus::Failing {
            self.state.health.status = status;
            self.state.health.words = format!("{words}; it is tried again");
            self.state.health.tried = self.asked;
            self.keep_state().await?;
            let mut random = [0; 8];
            self.services.entropy().fill(&mut random);
            let pause = backoff(self.failures.min(20), u64::from_le_bytes(random));
            return Ok(self.after(pause.max(self.quiet(record).unwrap_or_default())));
        }
        let print = fingerprint(record);
        if self.state.stopped_for != print {
            self.state.stopped_for = print;
            let message = format!("{} does not accept the token or the address: {words}", self.provider);
            self.tell(EventKind::ProvisioningStopped, message, json!({ "words": words })).await?;
        }
        self.ask_at = self.services.clock().now() + ASK_AGAIN;
        self.due = self.ask_at;
        let words = format!("stopped: {words}; it goes on when the token or the address is changed");
        self.rest(epoch, status, words).await
    }
}
