use std::{collections::BTreeSet, sync::Arc};

use model::{ScimProvider, User};

use super::{
    people::{Cache, Round},
    round::LONGEST,
    wanted::Wanted,
};
use crate::{Error, Services, snapshot::Snapshot, touched::NAMED};

/// Everybody as they were wanted last, and as of which epoch. A round after a change of few people looks at those people
/// alone: what is wanted of somebody follows from the person and from the configuration, and from nobody else.
#[derive(Default)]
pub struct Lasting {
    wanted: Arc<Wanted>,
    cache: Cache,
    /// None: everybody is looked at the next time.
    epoch: Option<u64>,
    /// When everybody was looked at last, in unix seconds.
    whole: i64,
}

impl Lasting {
    pub fn wanted(&self) -> Arc<Wanted> {
        Arc::clone(&self.wanted)
    }

    /// Everybody is looked at the next time. What was made of people, and of what, is good still.
    pub fn outdate(&mut self) {
        self.epoch = None;
    }
}

impl Wanted {
    /// Looks at some people anew, by their names in lower case. `users`: those of them who are still there.
    pub fn follow(&mut self, names: &BTreeSet<String>, users: Vec<User>, round: &Round, cache: &mut Cache) {
        self.forget(names);
        round.look(users, self, cache);
    }
}

impl Services {
    /// Who and what is wanted as of a snapshot, from what was wanted before. Everybody is looked at where anything but a few
    /// people has changed since, or where it is not known what has; and from time to time.
    pub(super) async fn wanted_since(
        &self,
        snapshot: &Arc<Snapshot>,
        provider: &ScimProvider,
        former: Lasting,
    ) -> Result<Lasting, Error> {
        let (epoch, now) = (snapshot.configuration.epoch, self.clock().now());
        let Lasting { wanted, cache, epoch: known, whole } = former;
        let known = known.filter(|_| now.saturating_sub(whole) < LONGEST);
        let touched = known.and_then(|known| self.touched().between(known, epoch));
        // Nobody else has it. Where it is of no use it goes here: two would be held otherwise while everybody is looked at.
        if let Some((mut touched, mut wanted)) = touched.zip(Arc::try_unwrap(wanted).ok()) {
            // A mapping fails always or never, but time runs out now and then.
            touched.extend(wanted.failing());
            if touched.len() <= NAMED {
                let mut users = Vec::new();
                for name in &touched {
                    users.extend(self.store().user(name).await?.map(|record| record.value.user));
                }
                let (snapshot, provider, mut cache) = (Arc::clone(snapshot), provider.clone(), cache);
                let (wanted, cache) = self
                    .busy(move || {
                        wanted.retry_groups(&snapshot, &provider);
                        wanted.follow(&touched, users, &Round::new(&snapshot, &provider), &mut cache);
                        (Arc::new(wanted), cache)
                    })
                    .await?;
                return Ok(Lasting { wanted, cache, epoch: Some(epoch), whole });
            }
        }
        let (wanted, cache) = self.wanted(snapshot, provider, cache).await?;
        Ok(Lasting { wanted: Arc::new(wanted), cache, epoch: Some(epoch), whole: now })
    }
}
