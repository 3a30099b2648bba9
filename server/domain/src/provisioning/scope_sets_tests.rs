//! The scope, worked out with sets, is what sign-on says of each person alone.

use std::{collections::BTreeMap, sync::Arc};

use model::{Application, Group, Policy, ScimProvider, User, Versioned};
use serde_json::{Value, json};

use super::{
    people::{Cache, Round},
    scope::{Covers, Scope},
    wanted::Wanted,
};
use crate::{
    Vault,
    access::decide,
    person::Person,
    port::{Configuration, ScimRecord},
    snapshot::Snapshot,
    vault::MasterKey,
};

/// The same numbers for the same seed (xorshift).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Below `end`.
    pub(super) fn number(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    pub(super) fn one_in(&mut self, cases: usize) -> bool {
        self.number(cases) == 0
    }

    pub(super) fn some(&mut self, most: usize, prefix: &str, of: usize) -> Vec<String> {
        let count = self.number(most + 1);
        (0..count).map(|_| format!("{prefix}{}", self.number(of))).collect()
    }
}

const GROUPS: usize = 8;
const PEOPLE: usize = 70;
/// One fails, one does not compile, and `gone` is not there.
const POLICIES: [(&str, &str); 6] = [
    ("yes", "return True"),
    ("no", "return False"),
    ("broken", "return 1 / 0"),
    ("nonsense", "return ("),
    ("member", "return user.is_member('g1')"),
    ("active", "return user.is_active and user.username < 'p3'"),
];

fn binding(chance: &mut Chance) -> Value {
    let (key, name) = match chance.number(6) {
        0..=2 => ("group", format!("g{}", chance.number(GROUPS + 1))),
        3 => ("user", format!("{}{}", if chance.one_in(2) { "P" } else { "p" }, chance.number(PEOPLE + 1))),
        _ => {
            let named = chance.number(POLICIES.len() + 1);
            ("policy", POLICIES.get(named).map_or("gone", |(name, _)| *name).to_owned())
        }
    };
    json!({
        key: name, "negate": chance.one_in(3), "order": chance.number(4), "enabled": !chance.one_in(5),
        "failure_result": chance.one_in(2),
    })
}

/// A directory by chance, with groups in groups (also in circles) and memberships of groups that are not there.
fn world(chance: &mut Chance) -> (Arc<Snapshot>, ScimProvider, Vec<User>) {
    let mut provider = ScimProvider::new("scim", "https://scim.example/v2");
    provider.exclude_service_accounts = chance.one_in(2);
    if chance.one_in(2) {
        provider.groups = chance.some(3, "g", GROUPS + 1);
    }
    let groups = (0..GROUPS).map(|n| {
        let parents = chance.some(2, "g", GROUPS + 2).into_iter().collect();
        let group = Group { name: format!("g{n}"), attributes: Default::default(), parents };
        (group.name.clone(), Versioned { version: 1, value: group })
    });
    let groups: BTreeMap<_, _> = groups.collect();
    let applications = (0..=chance.number(3)).map(|n| {
        let bindings: Vec<Value> = (0..chance.number(5)).map(|_| binding(chance)).collect();
        let mode = if chance.one_in(2) { "any" } else { "all" };
        let other = if chance.one_in(5) { "other" } else { "scim" };
        let application: Application = serde_json::from_value(json!({
            "slug": format!("a{n}"), "name": "A", "backchannel_providers": [other], "bindings": bindings,
            "policy_engine_mode": mode,
        }))
        .unwrap();
        (format!("a{n}"), Versioned { version: 1, value: application })
    });
    let applications = applications.collect();
    let policies = POLICIES.iter().map(|(name, expression)| {
        let policy: Policy = serde_json::from_value(json!({ "name": name, "expression": expression })).unwrap();
        ((*name).to_owned(), Versioned { version: 1, value: policy })
    });
    let record = ScimRecord { provider: provider.clone(), tokens: Vec::new() };
    let configuration = Configuration {
        groups,
        applications,
        policies: policies.collect(),
        scim_providers: BTreeMap::from([("scim".to_owned(), Versioned { version: 1, value: record })]),
        ..Configuration::default()
    };
    let vault = Vault::new(MasterKey::new([7; 32]), Vec::new());
    let snapshot = Arc::new(Snapshot::derive(configuration, &vault, None).unwrap());
    let users = (0..PEOPLE).map(|n| user(n, chance)).collect();
    (snapshot, provider, users)
}

fn user(n: usize, chance: &mut Chance) -> User {
    let groups = chance.some(3, "g", GROUPS + 1);
    serde_json::from_value(json!({
        "username": format!("p{n}"), "uid": format!("uid{n}"), "name": "P", "given_name": "", "family_name": "",
        "email": "", "active": !chance.one_in(8), "role": "member", "service_account": chance.one_in(5),
        "groups": groups, "attributes": {},
    }))
    .unwrap()
}

/// What sign-on says of one person, who is asked about as if active: the deactivated stay in scope.
fn alone(snapshot: &Snapshot, provider: &ScimProvider, user: &User) -> (bool, Vec<String>) {
    let person = Person::new(user.clone(), snapshot);
    let active = Person::new(User { active: true, ..user.clone() }, snapshot);
    let applications = snapshot.configuration.applications.values().map(|application| &application.value);
    let applications = applications.filter(|application| application.backchannel_providers.contains(&provider.name));
    let may_open = |application: &&Application| {
        let context = person.context(application, snapshot.provider_of(application).ok(), "", true);
        decide(snapshot, application, &active, &context).decision == model::Decision::Granted
    };
    let opens: Vec<String> = applications.filter(may_open).map(|application| application.slug.to_string()).collect();
    let account = provider.exclude_service_accounts && user.service_account;
    let named = &provider.groups;
    let outside = !named.is_empty() && !named.iter().any(|group| person.all_groups.contains(group));
    (!account && !outside && !opens.is_empty(), opens)
}

#[test]
fn the_sets_give_exactly_what_sign_on_says_of_each_person_alone() {
    let (mut inside, mut outside, mut open) = (0, 0, 0);
    for seed in 0..300 {
        let mut chance = Chance::new(seed);
        let (snapshot, provider, users) = world(&mut chance);
        let scope = Scope::new(&snapshot, &provider);
        let settled = scope.settle(&users);
        let (mut wanted, mut cache) = (Wanted::default(), Cache::default());
        Round::new(&snapshot, &provider).look(users.clone(), &mut wanted, &mut cache);
        for (place, user) in users.iter().enumerate() {
            let (expected, opens) = alone(&snapshot, &provider, user);
            let person = Person::new(user.clone(), &snapshot);
            let covers = if expected { Covers::Yes } else { Covers::No };
            assert_eq!(scope.covers(&person), covers, "seed {seed}, {}", user.username);
            assert_eq!(scope.opens(&person), opens, "seed {seed}, {}", user.username);
            for application in &scope.applications {
                let both = expected && opens.iter().any(|slug| slug == application.slug.as_str());
                let by = scope.covers_by(&person, application) == Covers::Yes;
                assert_eq!(by, both, "seed {seed}, {} by {}", user.username, application.slug);
            }
            assert_eq!(wanted.has(&user.uid), expected, "seed {seed}, {}", user.username);
            let (sure, asked) = (settled.is_in(place), !settled.asks(place).is_empty());
            assert!(!(sure && asked), "seed {seed}: somebody in scope is asked about");
            assert!(expected || !sure, "seed {seed}, {}", user.username);
            (inside, outside, open) =
                (inside + u32::from(expected), outside + u32::from(!expected), open + u32::from(asked));
        }
    }
    // All three happen often.
    assert!(inside > 2_000 && outside > 2_000 && open > 1_000, "{inside} {outside} {open}");
}
