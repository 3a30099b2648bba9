use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use scim::{
    dialect::Dialect,
    plan::Adopt,
    state::Observed,
    verify::{Listing, rebuild},
};

use super::{mirror::Mirror, reading, sender::Sender, settings, tokens::fingerprint, trouble::Trouble, wanted::Wanted};
use crate::{
    Error, Services,
    port::{Lease, ScimRecord},
};

/// For so many seconds what was seen is remembered.
const FOR: i64 = 60;
/// Services of which it is remembered; past it, all are forgotten.
const MOST: usize = 4;

/// What was seen a moment ago at services of which there is no mirror yet, by the name of the provider, so that neither the
/// next page of a list nor a decision about one row of it reads everything again. What changes address or token is read anew.
#[derive(Default)]
pub struct FirstLooks(Mutex<HashMap<String, Seen>>);

struct Seen {
    /// Of address and tokens when it was read.
    asked: String,
    /// When it was read, in unix seconds.
    at: i64,
    listing: Arc<Listing>,
}

/// What is there before the first run.
pub(super) struct FirstSight {
    pub observed: Observed,
    pub dialect: Dialect,
    /// When it was read, in unix seconds.
    pub at: i64,
}

impl FirstLooks {
    fn find(&self, record: &ScimRecord, now: i64) -> Option<(Arc<Listing>, i64)> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get(&record.provider.name);
        let found = found.filter(|seen| now < seen.at + FOR && seen.asked == fingerprint(record));
        found.map(|seen| (Arc::clone(&seen.listing), seen.at))
    }

    fn keep(&self, record: &ScimRecord, now: i64, listing: Arc<Listing>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, seen| now < seen.at + FOR);
        if kept.len() >= MOST {
            kept.clear();
        }
        let seen = Seen { asked: fingerprint(record), at: now, listing };
        kept.insert(record.provider.name.clone(), seen);
    }
}

/// Why somebody who only looks sees nothing.
pub(super) fn unseen(trouble: Trouble) -> Error {
    match trouble {
        Trouble::Broken(error) => error,
        Trouble::Failing(words) | Trouble::Refused(words) => Error::Unavailable(words),
    }
}

impl Services {
    /// The mirror of what is at the provider's address; None: nothing of it was read yet.
    pub(super) async fn mirror_at(&self, record: &ScimRecord) -> Result<Option<Mirror>, Error> {
        let provider = &record.provider;
        if self.scim_state(&provider.name).await?.is_of_another(&provider.url) {
            return Ok(None);
        }
        self.kept_mirror(&provider.name, Lease { fence: 0 }).await
    }

    /// Asks the service for somebody who only looks.
    pub(super) fn looker(&self, record: &ScimRecord, dialect: &Dialect) -> Result<Sender, Error> {
        let (name, token) = (&record.provider.name, self.open_scim_tokens(record)?.into_iter().next());
        let token = token.ok_or_else(|| Error::Conflict(format!("the SCIM provider {name} has no token")))?;
        Ok(Sender::new(self.clone(), &record.provider.url, token, dialect.clone()))
    }

    /// Everything that is there now. Nothing is changed.
    pub(super) async fn look(&self, record: &ScimRecord, sender: &Sender) -> Result<Arc<Listing>, Error> {
        let listing = Arc::new(reading::listing(sender).await.map_err(unseen)?);
        self.first_looks().keep(record, self.clock().now(), Arc::clone(&listing));
        Ok(listing)
    }

    /// What is there before the first run: what carries our identifiers is ours, and nothing was taken by its name yet,
    /// whatever the rule says. It is as of the last minute: a search, a filter and a decision each show the list anew.
    pub(super) async fn first_sight(&self, record: &ScimRecord, wanted: &Wanted) -> Result<FirstSight, Error> {
        let dialect = settings::dialect(&record.provider, self.described(record).await.as_ref());
        let now = self.clock().now();
        let (listing, at) = match self.first_looks().find(record, now) {
            Some(found) => found,
            None => (self.look(record, &self.looker(record, &dialect)?).await?, now),
        };
        let protected = settings::protected(&record.provider);
        let observed = rebuild(&wanted.claims(), &listing, &dialect, Adopt::Never, protected, now);
        Ok(FirstSight { observed, dialect, at })
    }
}
