use serde::{Deserialize, Serialize};

use crate::EventKind;

/// An address that is told of events. Its secret is not part of it: it is kept sealed and never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    pub name: String,
    /// Where the messages are posted to.
    pub url: String,
    /// Which events it is told of. None named: the alarms of provisioning.
    #[serde(default)]
    pub events: Vec<EventKind>,
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub enabled: bool,
}

fn yes() -> bool {
    true
}

impl Webhook {
    /// What needs somebody: a token is refused or ends, a plan or an adoption waits, an object is refused or a mapping of
    /// provisioning fails for it, a service does not answer, others changed there what is ours, or people would not be found
    /// there. A mapping that fails at a sign-on is told to whoever signs on.
    pub const ALARMS: [EventKind; 7] = [
        EventKind::ProvisioningStopped,
        EventKind::ProvisioningHeld,
        EventKind::ProvisioningFailed,
        EventKind::ProvisioningOutage,
        EventKind::TokenExpires,
        EventKind::DriftFound,
        EventKind::NamesDiffer,
    ];

    /// What it can be told of. Of a test there is one message, and that is the test itself.
    pub fn choices() -> impl Iterator<Item = EventKind> {
        EventKind::ALL.into_iter().filter(|kind| *kind != EventKind::WebhookTested)
    }

    /// The kinds of events that it is told of.
    pub fn kinds(&self) -> &[EventKind] {
        if self.events.is_empty() { &Self::ALARMS } else { &self.events }
    }
}

/// How the messages of a webhook fare.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct WebhookState {
    /// Messages that were taken.
    pub delivered: u64,
    /// Messages that were given up.
    pub given_up: u64,
    /// RFC 3339: when a message was last taken.
    pub last_delivered: Option<String>,
    /// How often the message that waits was tried.
    pub attempts: u32,
    /// What went wrong the last time; empty where nothing did.
    pub last_error: String,
}

/// A row of the list of webhooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookRow {
    pub name: String,
    pub url: String,
    pub enabled: bool,
    pub state: WebhookState,
}

/// One webhook with how its messages fare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookDetail {
    pub version: u64,
    pub webhook: Webhook,
    pub state: WebhookState,
}

/// What became of a test message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookTest {
    /// Of the event that the message tells of, and of the message (`webhook-id`). The event of what became of it names it as
    /// `test`.
    pub id: String,
    /// Whether the receiver took it: an answer with a status from 200 to 299.
    pub taken: bool,
    /// Of the answer. None: there was none.
    pub status: Option<u16>,
    /// What the receiver answered, or why there is no answer.
    pub words: String,
}
