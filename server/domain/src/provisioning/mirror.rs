use scim::{
    id::Object,
    state::{Effect, Observed},
    step::Step,
};
use serde::{Deserialize, Serialize};

use super::trouble::Trouble;
use crate::{
    Error, Services, identifiers,
    port::{Lease, MirrorText, StoreError},
};

/// Something that happened to the mirror.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// The step is about to be sent.
    Begin {
        step: Step,
    },
    /// What became of the step is known.
    Finish {
        step: Step,
    },
    Record {
        effect: Effect,
    },
    Park {
        step: Step,
        words: String,
        fix: String,
        now: i64,
    },
    Unpark {
        object: Object,
    },
}

impl Entry {
    fn apply(self, observed: &mut Observed) {
        match self {
            Self::Begin { step } => observed.begin(&step),
            Self::Finish { step } => observed.finish(&step),
            Self::Record { effect } => observed.record(effect),
            Self::Park { step, words, fix, now } => observed.park(&step, &words, &fix, now),
            Self::Unpark { object } => observed.unpark(&object),
        }
    }
}

/// The mirror of a provider in memory, never ahead of what is on the disk.
pub struct Mirror {
    pub observed: Observed,
    lease: Lease,
    next: u64,
    /// Entries since the last snapshot.
    journaled: usize,
    /// Why there is no newer snapshot, and how many entries there were when one was tried.
    unfolded: Option<(usize, String)>,
}

/// A journal as long as this, and longer than a quarter of the mirror, is folded into a new snapshot.
const LONG: usize = 2000;

impl Services {
    /// What is kept of a provider's mirror; None where there is none yet.
    pub(super) async fn kept_mirror(&self, provider: &str, lease: Lease) -> Result<Option<Mirror>, Error> {
        let text = self.provisioning().mirror(provider).await?;
        let (journaled, next) = (text.journal.len(), text.journal.last().map_or(1, |(number, _)| number + 1));
        Ok(decoded(text)?.map(|observed| Mirror { observed, lease, next, journaled, unfolded: None }))
    }
}

/// What a mirror says is there; None: there is none yet. This reads every document of it.
pub(super) fn decoded(text: MirrorText) -> Result<Option<Observed>, Error> {
    let Some(snapshot) = text.snapshot else { return Ok(None) };
    let corrupt = |error: serde_json::Error| Error::from(StoreError::Corrupt(format!("SCIM mirror: {error}")));
    let mut observed: Observed = serde_json::from_str(&snapshot).map_err(corrupt)?;
    for (_, entry) in text.journal {
        serde_json::from_str::<Entry>(&entry).map_err(corrupt)?.apply(&mut observed);
    }
    Ok(Some(observed))
}

impl Mirror {
    /// A new mirror, written down.
    pub(super) async fn start(
        services: &Services,
        provider: &str,
        lease: Lease,
        observed: Observed,
    ) -> Result<Self, Trouble> {
        let mut mirror = Self { observed, lease, next: 1, journaled: 0, unfolded: None };
        match mirror.fold(services, provider).await? {
            None => Ok(mirror),
            Some(words) => Err(Trouble::Failing(format!("what is there cannot be kept here: {words}"))),
        }
    }

    /// Why the journal is not folded though it is long.
    pub(super) fn unfolded(&self) -> Option<&str> {
        self.unfolded.as_ref().map(|(_, words)| words.as_str())
    }

    pub fn is_of(&self, lease: Lease) -> bool {
        self.lease == lease
    }

    /// Writes down what happened, then takes note of it.
    pub async fn write(&mut self, services: &Services, provider: &str, entries: Vec<Entry>) -> Result<(), Error> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut rows = Vec::with_capacity(entries.len());
        for entry in &entries {
            let text = serde_json::to_string(entry).map_err(|e| Error::Internal(format!("SCIM journal: {e}")))?;
            rows.push((self.next, text));
            self.next += 1;
        }
        services.provisioning().append(provider, self.lease, rows).await?;
        self.journaled += entries.len();
        for entry in entries {
            entry.apply(&mut self.observed);
        }
        Ok(())
    }

    /// Folds a long journal into a new snapshot. Where that is more than the database takes at once, the journal is kept,
    /// which says the same, and it is tried again when it has grown as much once more.
    pub async fn tidy(&mut self, services: &Services, provider: &str) -> Result<(), Error> {
        let objects = self.observed.users.len() + self.observed.groups.len();
        let tried = self.unfolded.as_ref().map_or(0, |(tried, _)| *tried);
        if self.journaled.saturating_sub(tried) > LONG.max(objects / 4) {
            let refused = self.fold(services, provider).await?;
            self.unfolded = refused.map(|words| (self.journaled, words));
        }
        Ok(())
    }

    /// Returns why it cannot be done, if it is more than the database takes at once: nothing was changed then.
    async fn fold(&mut self, services: &Services, provider: &str) -> Result<Option<String>, Error> {
        let text = serde_json::to_string(&self.observed).map_err(|e| Error::Internal(format!("SCIM mirror: {e}")))?;
        let mark = identifiers::hex::<16>(services.entropy());
        match services.provisioning().replace(provider, self.lease, &text, &mark).await {
            Ok(()) => {
                (self.next, self.journaled) = (1, 0);
                Ok(None)
            }
            Err(error @ StoreError::TooLarge { .. }) => Ok(Some(error.to_string())),
            Err(error) => Err(error.into()),
        }
    }
}
