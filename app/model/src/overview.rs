use serde::{Deserialize, Serialize};

use crate::{Event, ExpiringKey, Key};

/// What the first page of the admin shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Overview {
    pub users: u64,
    pub groups: u64,
    pub applications: u64,
    pub saml_providers: u64,
    /// Soonest to expire first.
    pub keys: Vec<Key>,
    /// Those to replace soon; soonest first.
    pub expiring: Vec<ExpiringKey>,
    /// The latest, newest first.
    pub events: Vec<Event>,
}
