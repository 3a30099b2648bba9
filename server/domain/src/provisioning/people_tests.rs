//! How much is worked out anew when little changes.

use std::{collections::BTreeMap, sync::Arc};

use model::{Application, Attributes, Group, Policy, PropertyMapping, ScimProvider, User, Versioned};
use serde_json::json;

use super::{
    mapping::Rendering,
    people::{Cache, Round},
    wanted::Wanted,
};
use crate::{
    Vault,
    port::{Configuration, ScimRecord},
    snapshot::Snapshot,
    vault::MasterKey,
};

const PEOPLE: usize = 500;

fn kept<T>(value: T) -> Versioned<T> {
    Versioned { version: 1, value }
}

/// Three hundred and sixty people by a group, forty by a policy, the others not at all.
struct House {
    users: Vec<User>,
    policy: &'static str,
    mapping: &'static str,
    bound: &'static str,
    color: &'static str,
    cache: Cache,
    wanted: Wanted,
    asked: u64,
}

impl House {
    fn new() -> Self {
        let user = |n: usize| {
            let groups = match n {
                0..360 => vec!["sea"],
                360..400 => vec!["air"],
                _ => vec!["land"],
            };
            serde_json::from_value(json!({
                "username": format!("p{n:03}"), "uid": format!("u{n}"), "name": "P", "given_name": "", "family_name": "",
                "email": "", "active": true, "role": "member", "service_account": false, "groups": groups,
                "attributes": {},
            }))
            .unwrap()
        };
        let mut this = Self {
            users: (0..PEOPLE).map(user).collect(),
            policy: "return user.is_member('air')",
            mapping: "return {'title': str(user.attributes.get('title'))}",
            bound: "sea",
            color: "blue",
            cache: Cache::default(),
            wanted: Wanted::default(),
            asked: 0,
        };
        this.look();
        this
    }

    fn snapshot(&self) -> (Arc<Snapshot>, ScimProvider) {
        let mut provider = ScimProvider::new("scim", "https://scim.example/v2");
        provider.user_mappings = vec!["mine".to_owned()];
        let group = |(name, parents, color): (&str, &[&str], &str)| {
            let attributes: Attributes = json!({ "color": color }).as_object().cloned().unwrap();
            let parents = parents.iter().map(|parent| (*parent).to_owned()).collect();
            (name.to_owned(), kept(Group { name: name.to_owned(), attributes, parents }))
        };
        let no: &[&str] = &[];
        let groups = [("top", no, self.color), ("sea", no, "x"), ("air", &["top"], "x"), ("land", no, "x")];
        let application: Application = serde_json::from_value(json!({
            "slug": "aws", "name": "AWS", "backchannel_providers": ["scim"],
            "bindings": [{ "group": self.bound }, { "policy": "asked" }],
        }))
        .unwrap();
        let policy: Policy = serde_json::from_value(json!({ "name": "asked", "expression": self.policy })).unwrap();
        let mapping = json!({ "name": "mine", "kind": "scim_user", "expression": self.mapping });
        let mapping: PropertyMapping = serde_json::from_value(mapping).unwrap();
        let record = ScimRecord { provider: provider.clone(), tokens: Vec::new() };
        let configuration = Configuration {
            groups: groups.map(group).into(),
            applications: BTreeMap::from([("aws".to_owned(), kept(application))]),
            policies: BTreeMap::from([("asked".to_owned(), kept(policy))]),
            property_mappings: BTreeMap::from([("mine".to_owned(), kept(mapping))]),
            scim_providers: BTreeMap::from([("scim".to_owned(), kept(record))]),
            ..Configuration::default()
        };
        let vault = Vault::new(MasterKey::new([7; 32]), Vec::new());
        (Arc::new(Snapshot::derive(configuration, &vault, None).unwrap()), provider)
    }

    /// Looks at everybody once more; returns how many were rendered, and how often a policy was asked.
    fn look(&mut self) -> (usize, u64) {
        let all = |cache: &Cache| -> Vec<Option<Arc<Rendering>>> {
            self.users.iter().map(|user| cache.rendering(&user.uid).cloned()).collect()
        };
        let before = all(&self.cache);
        let (snapshot, provider) = self.snapshot();
        let round = Round::new(&snapshot, &provider);
        self.wanted = Wanted::default();
        self.cache.begin(&round);
        for part in self.users.chunks(100) {
            round.look(part.to_vec(), &mut self.wanted, &mut self.cache);
        }
        self.cache.end();
        let same = |(before, after): (&Option<Arc<Rendering>>, &Option<Arc<Rendering>>)| match (before, after) {
            (Some(before), Some(after)) => Arc::ptr_eq(before, after),
            (_, after) => after.is_none(),
        };
        let rendered = before.iter().zip(&all(&self.cache)).filter(|pair| !same(*pair)).count();
        self.asked = round.patience.asked();
        (rendered, self.asked)
    }

    fn inside(&self) -> usize {
        self.users.iter().filter(|user| self.wanted.has(&user.uid)).count()
    }
}

#[test]
fn a_change_of_one_person_is_worked_out_for_that_person_alone() {
    let mut house = House::new();
    assert_eq!((house.inside(), house.asked), (400, 140), "a policy is asked about whom no group settles");
    assert_eq!(house.look(), (0, 0), "nothing has changed");
    house.users[7].attributes = json!({ "title": "Pilot" }).as_object().cloned().unwrap();
    assert_eq!(house.look(), (1, 0));
    // Somebody about whom the policy decides; somebody who is not in scope at all.
    house.users[370].attributes = json!({ "title": "Pilot" }).as_object().cloned().unwrap();
    assert_eq!(house.look(), (1, 1));
    house.users[450].attributes = json!({ "title": "Pilot" }).as_object().cloned().unwrap();
    assert_eq!(house.look(), (0, 1));
    house.users[450].groups = ["sea".to_owned()].into();
    assert_eq!((house.look(), house.inside()), ((1, 0), 401));
    house.users[450].groups = ["land".to_owned()].into();
    assert_eq!((house.look(), house.inside()), ((0, 1), 400));
}

#[test]
fn a_change_of_the_rules_is_worked_out_for_whom_it_concerns() {
    let mut house = House::new();
    // What those of one group read has changed: the forty, and the group above them.
    house.color = "red";
    assert_eq!(house.look(), (40, 40));
    house.policy = "return user.is_member('air') and True";
    assert_eq!(house.look(), (0, 140), "nobody has to be rendered for a policy");
    house.mapping = "return {'title': 'x'}";
    assert_eq!(house.look(), (400, 0), "no policy is asked for a mapping");
    house.bound = "land";
    assert_eq!((house.look(), house.inside()), ((100, 360), 140), "who is asked about now was not before");
    house.bound = "sea";
    assert_eq!((house.look(), house.inside()), ((360, 0), 400), "what was said of the others is good still");
}
