use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use model::{ScimProvider, User};
use serde_json::json;

use super::{
    asking::Questions,
    below::Below,
    mapping::{self, Rendering},
    patience::Patience,
    scope::{Covers, Scope},
    settings,
    wanted::{Wanted, about, context},
};
use crate::{groups::all_groups, identifiers, person::Person, snapshot::Snapshot};

/// What was made of people, and of what: what policies and mappings read is all that can change their results.
#[derive(Default)]
pub struct Cache {
    /// A digest of the mappings that made the renderings.
    mappings: String,
    /// By identifier.
    people: HashMap<String, Kept>,
    round: u64,
}

/// What was made of somebody.
#[derive(Default)]
struct Kept {
    /// A digest of all of the person that an expression can read.
    person: String,
    /// What policies said, by a digest of the question.
    answers: Vec<(Arc<str>, Option<bool>)>,
    rendering: Option<Arc<Rendering>>,
    /// The round in which the person was looked at last.
    round: u64,
}

impl Cache {
    /// Before everybody is looked at: forgets what other mappings made and what other policies said.
    pub fn begin(&mut self, round: &Round) {
        self.round += 1;
        if self.mappings != round.mappings {
            for kept in self.people.values_mut() {
                kept.rendering = None;
            }
            self.mappings.clone_from(&round.mappings);
        }
        let current: BTreeSet<&Arc<str>> = round.questions.values().flat_map(BTreeMap::values).collect();
        for kept in self.people.values_mut() {
            kept.answers.retain(|(question, _)| current.contains(&question));
        }
    }

    /// Forgets who is not in question any more.
    pub fn end(&mut self) {
        self.people.retain(|_, kept| kept.round == self.round);
    }

    /// What is still good of what was made of somebody.
    fn take(&mut self, uid: &str, person: String) -> Kept {
        let kept = self.people.remove(uid).filter(|kept| kept.person == person);
        Kept { round: self.round, ..kept.unwrap_or_else(|| Kept { person, ..Kept::default() }) }
    }

    /// The rendering that is kept of somebody.
    #[cfg(test)]
    pub fn rendering(&self, uid: &str) -> Option<&Arc<Rendering>> {
        self.people.get(uid)?.rendering.as_ref()
    }
}

/// What everybody is looked at with: the same for all, and worked out once.
pub struct Round {
    snapshot: Arc<Snapshot>,
    provider: ScimProvider,
    mappings: String,
    questions: Questions,
    /// For each group, a digest of what it adds to its direct members.
    standings: HashMap<String, String>,
    below: Arc<Below>,
    pub patience: Patience,
    /// Whether any application uses the provider.
    pub connected: bool,
}

/// What a group and those above it add to a person, digested.
fn standings(snapshot: &Snapshot) -> HashMap<String, String> {
    let attributes: HashMap<&str, String> = snapshot
        .configuration
        .groups
        .iter()
        .map(|(name, group)| (name.as_str(), identifiers::sha256(json!(group.value.attributes).to_string().as_bytes())))
        .collect();
    let digest = |up: &BTreeSet<String>| {
        let lines = up.iter().map(|name| (name, attributes.get(name.as_str())));
        identifiers::sha256(json!(lines.collect::<Vec<_>>()).to_string().as_bytes())
    };
    snapshot.ancestry.iter().map(|(name, up)| (name.clone(), digest(up))).collect()
}

impl Round {
    pub fn new(snapshot: &Arc<Snapshot>, provider: &ScimProvider) -> Self {
        let scope = Scope::new(snapshot, provider);
        let (users, _) = settings::mappings(provider);
        let sources: Vec<_> =
            users.iter().map(|name| (name, snapshot.configuration.property_mappings.get(name))).collect();
        let mappings = identifiers::sha256(json!([about(provider), sources]).to_string().as_bytes());
        Self {
            mappings,
            questions: scope.questions(),
            standings: standings(snapshot),
            below: scope.below(),
            patience: Patience::default(),
            connected: !scope.applications.is_empty(),
            snapshot: Arc::clone(snapshot),
            provider: provider.clone(),
        }
    }

    /// A digest of all that expressions can read of somebody.
    fn digest(&self, user: &User) -> String {
        let standings: Vec<_> = user.groups.iter().map(|group| self.standings.get(group)).collect();
        identifiers::sha256(json!([user, standings]).to_string().as_bytes())
    }

    /// Sorts people into those in scope, rendered, and the others. Only of whom something was not made before, more is
    /// looked at than the sets they are in.
    pub fn look(&self, users: Vec<User>, wanted: &mut Wanted, cache: &mut Cache) {
        let scope = Scope::new_below(&self.snapshot, &self.provider, Arc::clone(&self.below));
        let scope = scope.with(self.patience.clone());
        let settled = scope.settle(&users);
        for (place, user) in users.into_iter().enumerate() {
            let (is_in, open) = (settled.is_in(place), settled.asks(place));
            if !is_in && open.is_empty() {
                wanted.leave_out(user);
                continue;
            }
            let mut kept = cache.take(&user.uid, self.digest(&user));
            let mut person = None;
            let mut made =
                || Arc::clone(person.get_or_insert_with(|| Arc::new(Person::new(user.clone(), &self.snapshot))));
            let covers = if is_in {
                Covers::Yes
            } else {
                Scope::decide(&open, |application, policy| {
                    let question = self.questions.get(application.slug.as_str()).and_then(|named| named.get(policy));
                    let known = kept.answers.iter().find(|(known, _)| Some(known) == question);
                    if let Some((_, answer)) = known {
                        return Ok(*answer);
                    }
                    let answer = scope.answer(policy, application, &made())?;
                    kept.answers.extend(question.map(|question| (Arc::clone(question), answer)));
                    Ok(answer)
                })
            };
            let rendering = match covers {
                Covers::Yes => Some(kept.rendering.take().unwrap_or_else(|| Arc::new(self.render(&made())))),
                Covers::No => None,
                Covers::Unknown { policy, message } => {
                    Some(Arc::new(Rendering::Failed { mapping: format!("policy {policy}"), message }))
                }
            };
            // A failure may pass, as when the time ran out: it is no result to keep.
            kept.rendering = rendering.clone().filter(|made| !matches!(**made, Rendering::Failed { .. }));
            cache.people.insert(user.uid.clone(), kept);
            match rendering {
                Some(rendering) => {
                    let groups = all_groups(&user.groups, &self.snapshot.ancestry);
                    wanted.add(user, groups, rendering);
                }
                None => wanted.leave_out(user),
            }
        }
    }

    fn render(&self, person: &Person) -> Rendering {
        let (mappings, _) = settings::mappings(&self.provider);
        mapping::render(&self.snapshot, &mappings, &context(Some(&self.provider), person))
    }
}
