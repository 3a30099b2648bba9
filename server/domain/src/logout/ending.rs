use model::EventKind;
use serde_json::{Value, json};

use crate::{Error, Services, events::Entry};

/// Why sessions end here.
pub(super) struct Ending {
    /// Who did it. None: whoever the session is of.
    pub actor: Option<String>,
    /// Where from.
    pub address: String,
    /// What follows "was signed out".
    pub how: String,
    pub detail: Value,
}

impl Ending {
    /// A service provider has asked for it.
    pub fn by_application(slug: &str) -> Self {
        let (actor, address) = (None, String::new());
        Self { actor, address, how: format!("by {slug}"), detail: json!({ "application": slug }) }
    }
}

impl Services {
    /// Ends sessions by their hashes, each with an event, and forgets which services know of them.
    pub(super) async fn end_sessions(&self, sessions: &[String], why: &Ending) -> Result<(), Error> {
        for session in sessions {
            // One that has ended before is forgotten without another word.
            if let Some(record) = self.store().session(session).await? {
                let username = record.username;
                let event = self.event(Entry {
                    kind: EventKind::SignOut,
                    actor: why.actor.as_ref().unwrap_or(&username),
                    target: format!("user {username}"),
                    address: &why.address,
                    message: format!("{username} was signed out {}", why.how),
                    detail: why.detail.clone(),
                });
                self.end_session(session, vec![event]).await?;
            }
            self.store().forget_participants(session).await?;
        }
        self.refresh().await?;
        self.forget_sessions()
    }
}
