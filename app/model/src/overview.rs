use serde::{Deserialize, Serialize};

use crate::{Event, ExpiringKey, ExpiringService, Key};

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
    /// What services gave and is to be renewed soon; soonest first.
    pub expiring_services: Vec<ExpiringService>,
    /// The latest, newest first.
    pub events: Vec<Event>,
}
