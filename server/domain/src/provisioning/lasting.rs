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
    /// Who was to be looked at by name and was not there.
    missing: BTreeSet<String>,
}

impl Lasting {
    pub fn wanted(&self) -> Arc<Wanted> {
        Arc::clone(&self.wanted)
    }

    /// Whether somebody who was not there may be elsewhere, since it was a change after this reading's epoch that took the
    /// name away: whoever is renamed has another one, by which nobody was looked at.
    pub fn has_lost(&self, since: Option<&BTreeSet<String>>) -> bool {
        self.missing.iter().any(|name| since.is_none_or(|since| since.contains(name)))
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
        let Lasting { wanted, cache, epoch: known, whole, missing: _ } = former;
        let known = known.filter(|_| now.saturating_sub(whole) < LONGEST);
        let touched = known.and_then(|known| self.touched().between(known, epoch));
        // Nobody else has it. Where it is of no use it goes here: two would be held otherwise while everybody is looked at.
        if let Some((mut touched, mut wanted)) = touched.zip(Arc::try_unwrap(wanted).ok()) {
            // A mapping fails always or never, but time runs out now and then.
            touched.extend(wanted.failing());
            if touched.len() <= NAMED {
                let (mut users, mut missing) = (Vec::new(), BTreeSet::new());
                for name in &touched {
                    match self.store().user(name).await? {
                        Some(record) => users.push(record.value.user),
                        None => _ = missing.insert(name.clone()),
                    }
                }
                let (snapshot, provider, mut cache) = (Arc::clone(snapshot), provider.clone(), cache);
                let (wanted, cache) = self
                    .busy(move || {
                        wanted.retry_groups(&snapshot, &provider);
                        wanted.follow(&touched, users, &Round::new(&snapshot, &provider), &mut cache);
                        (Arc::new(wanted), cache)
                    })
                    .await?;
                return Ok(Lasting { wanted, cache, epoch: Some(epoch), whole, missing });
            }
        }
        let (wanted, cache) = self.wanted(snapshot, provider, cache).await?;
        Ok(Lasting { wanted: Arc::new(wanted), cache, epoch: Some(epoch), whole: now, missing: BTreeSet::new() })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Lasting;

    #[test]
    fn who_is_not_there_may_be_elsewhere_only_if_a_later_change_was_about_the_name() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let lasting = Lasting { missing: names(&["ada"]), ..Lasting::default() };
        assert!(lasting.has_lost(Some(&names(&["ada", "zoe"]))), "renamed since");
        assert!(lasting.has_lost(None), "nobody knows what has changed since");
        assert!(!lasting.has_lost(Some(&names(&["grace"]))), "deleted before");
        assert!(!Lasting::default().has_lost(None), "everybody was there");
    }
}
