use std::collections::BTreeMap;

use scim::id::Object;
use serde::{Deserialize, Serialize};

use super::moving::spelling;
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
    /// The differences that may be put right.
    pub repair: String,
    /// The value of `sync` at which the run was broken off. The next synchronisation that is asked for goes on.
    pub cancelled: Option<u64>,
    /// The object that is to be synchronised by itself.
    pub object: Option<Asked>,
    /// The plan that was let go last, of those that were kept.
    pub consent: Option<Consent>,
    /// By the identifier there: whether an object with the name of one of ours becomes ours.
    pub adoption: BTreeMap<String, bool>,
    /// The address of the service that it was decided of, as `spelling` has it; empty: it was not noted.
    pub adoption_at: String,
}

/// Nothing was decided.
static UNDECIDED: BTreeMap<String, bool> = BTreeMap::new();

/// What somebody has looked at and let go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Its id.
    pub plan: String,
    /// A digest of what it takes away.
    pub removals: String,
    /// Unix seconds.
    pub at: i64,
}

/// A single object that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub object: Object,
    /// Grows with every one that is asked for.
    pub number: u64,
}

/// The name of the setting.
pub fn control_key(provider: &str) -> String {
    format!("scim_control/{provider}")
}

impl Control {
    /// Whether nothing is sent until somebody asks for a synchronisation.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled == Some(self.sync)
    }

    /// What was decided of the service at an address. Another one may use the same identifiers for somebody else.
    pub fn decisions(&self, url: &str) -> &BTreeMap<String, bool> {
        let here = self.adoption_at.is_empty() || self.adoption_at == spelling(url);
        if here { &self.adoption } else { &UNDECIDED }
    }

    /// Takes note of what was decided of the service at an address, and forgets what was decided of another.
    pub fn decide(&mut self, url: &str, decisions: impl IntoIterator<Item = (String, bool)>) {
        if self.decisions(url).is_empty() {
            self.adoption.clear();
        }
        self.adoption_at = spelling(url);
        self.adoption.extend(decisions);
    }

    pub fn of(snapshot: &Snapshot, provider: &str) -> Self {
        let setting = snapshot.configuration.settings.get(&control_key(provider));
        setting.and_then(|s| serde_json::from_value(s.value.value.clone()).ok()).unwrap_or_default()
    }

    pub fn document(&self, provider: &str) -> Document {
        let value = serde_json::to_value(self).unwrap_or_default();
        Document::Setting(Setting { name: control_key(provider), value })
    }
}

#[cfg(test)]
mod tests {
    use super::Control;

    #[test]
    fn what_was_decided_of_one_service_is_not_decided_of_another() {
        let (one, other) = ("https://one.example.com/scim", "https://other.example.com/scim");
        let mut control: Control = serde_json::from_str(r#"{ "adoption": { "42": true } }"#).unwrap();
        assert_eq!(control.decisions(one).get("42"), Some(&true), "written before the address was noted");
        control.decide(one, [("43".to_owned(), false)]);
        assert_eq!(control.decisions("https://ONE.example.com/scim/").len(), 2);
        assert!(control.decisions(other).is_empty());
        control.decide(other, [("42".to_owned(), false)]);
        assert_eq!((control.decisions(other).get("42"), control.decisions(other).len()), (Some(&false), 1));
        assert!(control.decisions(one).is_empty());
    }
}
