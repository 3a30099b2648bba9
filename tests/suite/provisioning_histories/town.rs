use std::collections::{BTreeMap, BTreeSet};

use model::{BindingSubject, User};
use serde_json::{Value, json};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// People, groups and who may open the application, as the test knows them. What should be at the service is worked out
/// from this alone: the planner is not asked what it thinks of itself.
#[derive(Default)]
pub struct Town {
    /// By a number, since identifiers are random and a history is to be the same each time. 0 is the administrator.
    pub people: BTreeMap<u64, User>,
    /// Each with its parents.
    pub groups: BTreeMap<String, BTreeSet<String>>,
    /// None: the application is for everybody.
    pub bindings: BTreeSet<BindingSubject>,
    /// Names of groups that were deleted and have not come back.
    pub left: Vec<String>,
    /// Two people trade their addresses, and nobody has seen to it that it is done.
    pub trades: bool,
    /// Names given so far: no name is given twice by chance.
    pub made: u64,
}

/// What should be at the service.
#[derive(Default)]
pub struct Picture {
    /// Who is in scope, by identifier, with every attribute. Who is inactive here is so there, or not there at all.
    pub users: BTreeMap<String, Value>,
    /// Every group by name, with the identifiers of its members.
    pub groups: BTreeMap<String, BTreeSet<String>>,
}

impl Picture {
    /// The most requests that make one picture another: a user takes one, and another one to be deleted later, a group
    /// one for its name and one for its members.
    pub fn distance(&self, other: &Self) -> usize {
        2 * differing(&self.users, &other.users) + 2 * differing(&self.groups, &other.groups)
    }
}

fn differing<T: PartialEq>(one: &BTreeMap<String, T>, other: &BTreeMap<String, T>) -> usize {
    let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    keys.into_iter().filter(|key| one.get(*key) != other.get(*key)).count()
}

impl Town {
    pub fn picture(&self) -> Picture {
        let groups = self.groups.keys().map(|name| (name.clone(), BTreeSet::new())).collect();
        let mut picture = Picture { users: BTreeMap::new(), groups };
        for user in self.people.values().filter(|user| self.is_in(user)) {
            picture.users.insert(user.uid.clone(), rendered(user));
            for group in self.groups_of(user) {
                picture.groups.entry(group).or_default().insert(user.uid.clone());
            }
        }
        picture
    }

    /// A group and all above it.
    pub fn above(&self, group: &str) -> BTreeSet<String> {
        let (mut found, mut open) = (BTreeSet::new(), vec![group.to_owned()]);
        while let Some(name) = open.pop() {
            open.extend(self.groups.get(&name).into_iter().flatten().cloned());
            found.insert(name);
        }
        found
    }

    fn groups_of(&self, user: &User) -> BTreeSet<String> {
        user.groups.iter().flat_map(|group| self.above(group)).collect()
    }

    fn is_in(&self, user: &User) -> bool {
        let groups = self.groups_of(user);
        let passes = |subject: &BindingSubject| match subject {
            BindingSubject::Group(group) => groups.contains(group),
            BindingSubject::User(name) => *name == user.username,
            BindingSubject::Policy(_) => false,
        };
        !user.service_account && (self.bindings.is_empty() || self.bindings.iter().any(passes))
    }
}

/// What the default mapping makes of somebody whose name has two words.
fn rendered(user: &User) -> Value {
    let (given, family) = user.name.split_once(' ').unwrap();
    let name = if user.email.is_empty() { &user.username } else { &user.email };
    let mut all = json!({
        "userName": name, "externalId": user.uid, "displayName": user.name, "active": user.active,
        "name": { "givenName": given, "familyName": family },
    });
    if !user.email.is_empty() {
        all["emails"] = json!([{ "value": user.email, "type": "work", "primary": true }]);
    }
    if let Some(department) = user.attributes.get("department") {
        all[ENTERPRISE] = json!({ "department": department });
    }
    all
}
