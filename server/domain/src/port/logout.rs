use async_trait::async_trait;
use model::Event;
use serde::{Deserialize, Serialize};

use super::StoreError;

/// A service provider that was told of a session, so that it can be told of its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Hash of the session's id.
    pub session: String,
    /// Of the application.
    pub slug: String,
    pub name_id: String,
    /// The format's URI.
    pub name_id_format: String,
    pub session_index: String,
    /// Further `SessionIndex` values by which the service knows the same person: those of her other sessions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// The `uid` of the person. Empty: kept by an earlier version.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub uid: String,
    /// The fingerprint of the key that signed in a trial of it; then `session_index` is of that response alone. Empty: no
    /// trial.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trial: String,
    /// Unix seconds: when the session is over anyhow.
    pub expires: i64,
}

/// Who asked for a logout and waits for the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Initiator {
    pub slug: String,
    pub request_id: String,
    pub relay_state: Option<String>,
}

/// A request of ours that is out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub slug: String,
    pub request_id: String,
    /// As who it was asked, to be asked once more. None: the logout is of an earlier version.
    #[serde(default)]
    pub participant: Option<Participant>,
}

/// A logout on its way from one service provider to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoutJourney {
    /// Unpredictable; travels as `RelayState`.
    pub id: String,
    /// Unix seconds.
    pub expires: i64,
    pub username: String,
    pub queue: Vec<Participant>,
    pub waiting: Option<Waiting>,
    /// Applications that have ended the session.
    pub ended: Vec<String>,
    /// Applications that said they have not, or that could not be asked.
    pub failed: Vec<String>,
    /// Requests of ours that the person went on without an answer to.
    #[serde(default)]
    pub unanswered: Vec<Waiting>,
    /// None: the person signed out here.
    pub initiator: Option<Initiator>,
    /// SHA-256 of the secret of the one browser that may go on with it. Service providers see the id and not the secret.
    /// Empty: no browser may.
    #[serde(default)]
    pub holder: String,
    /// The administrator who signs the person out, and whose browser it is. None: the person's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

impl LogoutJourney {
    /// The request that is out; empty: none is.
    pub fn asked(&self) -> &str {
        self.waiting.as_ref().map_or("", |waiting| waiting.request_id.as_str())
    }
}

/// What single logout must remember.
#[async_trait]
pub trait LogoutStore: Send + Sync {
    /// Keeps that a service provider knows of a session; once for each session and application.
    async fn put_participant(&self, participant: &Participant) -> Result<(), StoreError>;
    async fn participants_of(&self, session: &str) -> Result<Vec<Participant>, StoreError>;
    /// Whatever services know of a person, by `uid`; also of sessions that have ended here without their being told.
    async fn participants_by(&self, uid: &str) -> Result<Vec<Participant>, StoreError>;
    /// Whoever goes by a NameID at an application.
    async fn participants_at(&self, slug: &str, name_id: &str) -> Result<Vec<Participant>, StoreError>;
    /// Those of an application that know one of the sessions by its `SessionIndex`.
    async fn participants_in(&self, slug: &str, session_indexes: &[String]) -> Result<Vec<Participant>, StoreError>;
    /// Forgets the participants of a session.
    async fn forget_participants(&self, session: &str) -> Result<(), StoreError>;
    /// Keeps a new journey.
    async fn put_journey(&self, journey: &LogoutJourney) -> Result<(), StoreError>;
    /// Keeps a journey that has gone on, if the request that is out is still the one it went on from
    /// ([`LogoutJourney::asked`]). False: it has ended, or went on by another way.
    async fn turn_journey(&self, asked: &str, journey: &LogoutJourney) -> Result<bool, StoreError>;
    async fn journey(&self, id: &str) -> Result<Option<LogoutJourney>, StoreError>;
    /// Forgets a journey and keeps the event that tells of its end: both, or neither. False: it had ended before, here or
    /// on another server, and whoever ended it has told.
    async fn end_journey(&self, id: &str, event: Event) -> Result<bool, StoreError>;
    /// Journeys that ran out, some hundred at once. They stay until they are ended.
    async fn lost_journeys(&self, now: i64) -> Result<Vec<LogoutJourney>, StoreError>;
}
