use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use model::{ScimProvider, User};
use scim::{
    dialect::{Dialect, Unique},
    id::{Kind, LocalId, Object},
    state::{Desired, Observed},
    step::{Action, Step},
    wire::Resource,
};
use serde_json::json;

use super::{
    people::{Cache, Round},
    wanted::Wanted,
};
use crate::{Error, Services};

/// People who are rendered because they have a value, and as many because they might be given it, at most.
const MOST: usize = 250;
/// How far a chain of people is followed of whom each waits for what the next one has.
const HOPS: usize = 4;

/// A value that no two objects may share.
type Key = (Unique, String);

/// Those who may have what a user needs, looked for so that few are rendered: rendering takes the time.
struct Rivals {
    user: LocalId,
    dialect: Dialect,
    observed: Observed,
    /// Who has which value there.
    holders: HashMap<Key, LocalId>,
    likeness: Likeness,
    /// To be rendered whatever they look like.
    named: HashSet<LocalId>,
    looked: HashSet<LocalId>,
    wanted: Wanted,
    cache: Cache,
    first: bool,
}

/// What somebody looks like who could be given one of some values.
#[derive(Default)]
struct Likeness {
    values: Vec<String>,
    /// For each value, the words of what is before its `@`.
    words: Vec<Vec<String>>,
    same: usize,
    alike: usize,
}

impl Likeness {
    fn of(keys: &[Key]) -> Self {
        let values: Vec<String> = keys.iter().map(|(_, value)| value.to_lowercase()).collect();
        let words = values.iter().map(|value| {
            let own = value.split('@').next().unwrap_or_default();
            let words = own.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            words.map(str::to_owned).collect::<Vec<String>>()
        });
        let words = words.filter(|words| !words.is_empty()).collect();
        Self { values, words, ..Self::default() }
    }

    /// Whether somebody is to be looked at. A house in which very many are alike is looked at in part.
    fn fits(&mut self, user: &User) -> bool {
        let names = [&user.username, &user.email].map(|name| name.to_lowercase());
        if names.iter().any(|name| self.values.contains(name)) {
            self.same += 1;
            return self.same <= MOST;
        }
        let User { username, name, given_name, family_name, email, attributes, .. } = user;
        let text = json!([username, name, given_name, family_name, email, attributes]).to_string().to_lowercase();
        let fits = self.words.iter().any(|words| words.iter().all(|word| text.contains(word.as_str())));
        self.alike += usize::from(fits);
        fits && self.alike <= MOST
    }
}

/// The values of a user's resource that no two may share.
fn keys(dialect: &Dialect, resource: &Resource) -> Vec<Key> {
    let rules = dialect.rules(Kind::User);
    let key = |unique: &Unique| Some((*unique, rules.unique_value(Kind::User, *unique, resource)?));
    rules.unique.iter().filter_map(key).collect()
}

/// What a step gives to a user, where it gives everything.
fn given(step: &Step) -> Option<&Resource> {
    match &step.action {
        Action::Create { resource, .. } | Action::Replace { resource, .. } if step.object.kind == Kind::User => {
            Some(resource)
        }
        _ => None,
    }
}

impl Rivals {
    /// `observed`: all that is known of the service, steps included that were refused or have no answer yet.
    fn new(object: &Object, resource: &Resource, observed: Observed, dialect: Dialect) -> Self {
        let mut holders = HashMap::new();
        for (id, held) in &observed.users {
            for key in keys(&dialect, &held.resource) {
                holders.entry(key).or_insert_with(|| id.clone());
            }
        }
        let mine = keys(&dialect, &dialect.conform(Kind::User, resource).resource);
        let steps = observed.parked.iter().map(|parked| &parked.step).chain(&observed.in_flight);
        let asked = steps.filter(|step| {
            given(step).is_some_and(|resource| keys(&dialect, resource).iter().any(|key| mine.contains(key)))
        });
        let mut named: HashSet<LocalId> = asked.map(|step| step.object.id.clone()).collect();
        named.extend(mine.iter().filter_map(|key| holders.get(key)).cloned());
        named.remove(&object.id);
        Self {
            user: object.id.clone(),
            likeness: Likeness::of(&mine),
            looked: HashSet::new(),
            wanted: Wanted::default(),
            cache: Cache::default(),
            first: true,
            dialect,
            observed,
            holders,
            named,
        }
    }

    /// Renders those of some people who are rivals.
    fn look(&mut self, users: Vec<User>, round: &Round) {
        let mut rivals = Vec::new();
        for user in users {
            let id = LocalId(user.uid.clone());
            if id == self.user || self.looked.contains(&id) {
                continue;
            }
            if self.named.contains(&id) || (self.first && self.likeness.fits(&user)) {
                self.looked.insert(id);
                rivals.push(user);
            }
        }
        if !rivals.is_empty() {
            round.look(rivals, &mut self.wanted, &mut self.cache);
        }
    }

    /// After everybody was looked at: whether there are more, who have what those are to be given.
    fn turn(&mut self) -> bool {
        self.first = false;
        let (desired, _) = self.wanted.desired(&self.observed);
        let before = self.named.len();
        for (id, resource) in &desired.users {
            let held = self.observed.users.get(id).map(|held| keys(&self.dialect, &held.resource)).unwrap_or_default();
            for key in keys(&self.dialect, &self.dialect.conform(Kind::User, resource).resource) {
                let holder = self.holders.get(&key).filter(|_| !held.contains(&key));
                let holder = holder.filter(|holder| **holder != self.user && !self.looked.contains(*holder));
                self.named.extend(holder.cloned());
            }
        }
        self.named.len() > before
    }

    /// What should be there and what is, of the rivals alone, with everything that is not ours.
    fn found(self) -> (Desired, Observed) {
        let Self { user, named, looked, wanted, mut observed, .. } = self;
        let (Desired { users, .. }, _) = wanted.desired(&observed);
        // Whether others are in scope was not asked, and they have nothing that anybody here wants.
        observed.users.retain(|id, _| *id == user || named.contains(id) || looked.contains(id));
        (Desired { users, ..Desired::default() }, observed)
    }
}

impl Services {
    /// What a user stands among as far as it may have what the user needs. Everybody is read, few are rendered: those who
    /// have one of the user's values there, or were last to be given it; and those whose username or email address is such
    /// a value, or in whose record the words of one are found.
    ///
    /// What is not seen: two people, neither of them there with it yet, whom mappings are about to give the same value that
    /// cannot be told from either's record, as one made of initials. The plan finds these, and so does this when one of the
    /// two has it.
    pub(super) async fn rivals(
        &self,
        provider: &ScimProvider,
        object: &Object,
        resource: &Resource,
        observed: Observed,
        dialect: &Dialect,
    ) -> Result<(Desired, Observed), Error> {
        let (object, resource, dialect) = (object.clone(), resource.clone(), dialect.clone());
        let mut rivals = self.busy(move || Rivals::new(&object, &resource, observed, dialect)).await?;
        let round = Arc::new(Round::new(&self.snapshot(), provider));
        for _ in 0..HOPS {
            let mut after = String::new();
            while let Some(users) = self.next_users(&mut after).await? {
                let round = Arc::clone(&round);
                rivals = self
                    .busy(move || {
                        rivals.look(users, &round);
                        rivals
                    })
                    .await?;
            }
            if !rivals.turn() {
                break;
            }
        }
        self.busy(move || rivals.found()).await
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use model::User;
    use scim::{
        dialect::{Dialect, Unique},
        id::{LocalId, Object, RemoteId},
        state::{Held, Observed, Status},
    };
    use serde_json::json;

    use super::{Likeness, MOST, Rivals};

    fn user(username: &str, name: &str, email: &str) -> User {
        serde_json::from_value(json!({
            "username": username, "uid": username, "name": name, "given_name": "", "family_name": "", "email": email,
            "active": true, "role": "member", "service_account": false, "groups": [], "attributes": {},
        }))
        .unwrap()
    }

    fn likeness(value: &str) -> Likeness {
        Likeness::of(&[(Unique::Name, value.to_owned())])
    }

    #[test]
    fn whoever_has_the_value_or_its_words_is_looked_at_and_nobody_else() {
        let mut likeness = likeness("John.Smith@example.com");
        for (rival, username, name, email) in [
            (true, "js1", "Smith, John", "js1@example.com"),
            (true, "js2", "", "JOHN.smith@example.com"),
            (true, "smithjohn", "", ""),
            (false, "jane", "Jane Smith", "jane.smith@example.com"),
            (false, "example", "Com", "example.com@example.com"),
        ] {
            assert_eq!(likeness.fits(&user(username, name, email)), rival, "{username}");
        }
    }

    #[test]
    fn of_a_house_in_which_all_are_alike_some_are_looked_at_and_whoever_has_the_very_value() {
        let mut likeness = likeness("a@example.com");
        let alike = (0..10_000).filter(|n| likeness.fits(&user(&format!("a{n}"), "", ""))).count();
        assert_eq!(alike, MOST);
        assert!(likeness.fits(&user("zoe", "", "A@example.com")));
    }

    #[test]
    fn whoever_has_a_value_there_is_named_with_nothing_in_common() {
        let resource = |name: &str| json!({ "userName": name, "externalId": name }).as_object().unwrap().clone();
        let mut observed = Observed::default();
        for (id, name) in [("a", "x1@example.com"), ("b", "x2@example.com"), ("c", "x3@example.com")] {
            let held = Held { remote: RemoteId::from(id), resource: resource(name), status: Status::Active };
            observed.users.insert(LocalId::from(id), held);
        }
        let mine = Object::user(&LocalId::from("c"));
        let rivals = Rivals::new(&mine, &resource("X2@example.com"), observed, Dialect::aws());
        assert_eq!(rivals.named, HashSet::from([LocalId::from("b")]));
        let (desired, observed) = rivals.found();
        assert!(desired.users.is_empty());
        assert_eq!(observed.users.keys().map(LocalId::as_str).collect::<Vec<_>>(), ["b", "c"]);
    }
}
