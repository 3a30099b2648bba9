use serde::{Deserialize, Serialize};

use crate::{
    port::{Document, Setting},
    snapshot::Snapshot,
};

/// What administrators ask of the worker, wherever it runs. It is configuration, so the worker follows it like any
/// other change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Control {
    /// The plan that may take away what it would.
    pub approved: String,
    /// Grows with every "run sync again": what the service refused is tried again too.
    pub sync: u64,
    /// Grows with every comparison that is asked for.
    pub verify: u64,
}

/// The name of the setting.
pub fn control_key(provider: &str) -> String {
    format!("scim_control/{provider}")
}

impl Control {
    pub fn of(snapshot: &Snapshot, provider: &str) -> Self {
        let setting = snapshot.configuration.settings.get(&control_key(provider));
        setting.and_then(|s| serde_json::from_value(s.value.value.clone()).ok()).unwrap_or_default()
    }

    pub fn document(&self, provider: &str) -> Document {
        let value = serde_json::to_value(self).unwrap_or_default();
        Document::Setting(Setting { name: control_key(provider), value })
    }
}
