//! What is wanted, followed from one change of people to the next, is what looking at everybody gives.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use model::{Application, Group, Policy, PropertyMapping, ScimProvider, User, Versioned};
use scim::{
    dialect::Dialect,
    id::{LocalId, RemoteId},
    plan::{PlanOptions, plan_of},
    state::{Held, Observed, Status},
};
use serde_json::json;

use super::{
    fits::Fits,
    people::{Cache, Round},
    scope_sets_tests::Chance,
    wanted::Wanted,
};
use crate::{
    Vault,
    port::{Configuration, ScimRecord},
    snapshot::Snapshot,
    vault::MasterKey,
};

const GROUPS: usize = 6;
const PEOPLE: usize = 24;
/// It fails for some, leaves others out, and reads what the groups add.
const USER: &str = "
if user.attributes.get('broken'):
    return 1 / 0
if user.attributes.get('hidden'):
    raise SkipObject
result = {'userName': user.email or user.username, 'title': str(user.group_attributes().get('color'))}
if user.attributes.get('number'):
    result['externalId'] = str(user.attributes.get('number'))
return result
";
const GROUP: &str = "
if group.name == 'g2':
    return 1 / 0
return {'displayName': group.name}
";

fn kept<T>(value: T) -> Versioned<T> {
    Versioned { version: 1, value }
}

/// People who change, and rules that seldom do.
struct Town {
    people: BTreeMap<String, User>,
    color: usize,
    made: usize,
}

impl Town {
    fn new(chance: &mut Chance) -> Self {
        let mut this = Self { people: BTreeMap::new(), color: 0, made: 0 };
        for _ in 0..PEOPLE {
            this.settles(chance);
        }
        this
    }

    /// Somebody comes; returns the name.
    fn settles(&mut self, chance: &mut Chance) -> String {
        self.made += 1;
        let attributes = if chance.one_in(8) { json!({ "broken": 1 }) } else { json!({}) };
        let user: User = serde_json::from_value(json!({
            "username": format!("P{:03}", chance.number(900)), "uid": format!("uid{}", self.made), "name": "P",
            "given_name": "", "family_name": "", "email": "", "active": true, "role": "member",
            "service_account": chance.one_in(6), "groups": chance.some(3, "g", GROUPS + 1), "attributes": attributes,
        }))
        .unwrap();
        let key = user.username.to_lowercase();
        self.people.insert(key.clone(), user);
        key
    }

    /// Something happens to somebody; returns the names that it is about.
    fn changes(&mut self, chance: &mut Chance) -> Vec<String> {
        let one = chance.number(self.people.len());
        let key = self.people.keys().nth(one).cloned().unwrap();
        let user = self.people.get_mut(&key).unwrap();
        match chance.number(8) {
            0 => vec![self.settles(chance)],
            1 => {
                self.people.remove(&key);
                vec![key]
            }
            2 => {
                // Renamed: away under one name, there under another.
                let mut user = self.people.remove(&key).unwrap();
                user.username = format!("Q{:03}", chance.number(900));
                let latter = user.username.to_lowercase();
                self.people.insert(latter.clone(), user);
                vec![key, latter]
            }
            3 => {
                user.active = !user.active;
                vec![key]
            }
            4 | 5 => {
                user.groups = chance.some(3, "g", GROUPS + 1).into_iter().collect();
                vec![key]
            }
            _ => {
                let name = ["broken", "hidden", "trusted", "number"][chance.number(4)];
                user.attributes.clear();
                user.attributes.insert(name.to_owned(), json!(1 + chance.number(3)));
                user.email = format!("p{}@example.com", chance.number(5));
                vec![key]
            }
        }
    }

    fn snapshot(&self) -> (Arc<Snapshot>, ScimProvider) {
        let mut provider = ScimProvider::new("scim", "https://scim.example/v2");
        (provider.user_mappings, provider.group_mappings) = (vec!["user".to_owned()], vec!["group".to_owned()]);
        provider.groups = ["g0", "g1", "g2", "g3", "g4"].map(str::to_owned).to_vec();
        let groups = (0..GROUPS).map(|n| {
            let attributes = json!({ "color": self.color * n }).as_object().cloned().unwrap();
            let parents = if n > 0 { [format!("g{}", n / 2)].into() } else { BTreeSet::new() };
            let group = Group { name: format!("g{n}"), attributes, parents };
            (group.name.clone(), kept(group))
        });
        let bindings = json!([{ "group": "g3" }, { "group": "g4" }, { "user": "p500" }, { "policy": "asked" }]);
        let application: Application = serde_json::from_value(json!({
            "slug": "aws", "name": "AWS", "backchannel_providers": ["scim"], "bindings": bindings,
        }))
        .unwrap();
        let asked = json!({ "name": "asked", "expression": "return user.attributes.get('trusted') == 2" });
        let policy: Policy = serde_json::from_value(asked).unwrap();
        let mapping = |name: &str, kind: &str, expression: &str| {
            let mapping = json!({ "name": name, "kind": kind, "expression": expression });
            let mapping: PropertyMapping = serde_json::from_value(mapping).unwrap();
            (name.to_owned(), kept(mapping))
        };
        let record = ScimRecord { provider: provider.clone(), tokens: Vec::new() };
        let configuration = Configuration {
            groups: groups.collect(),
            applications: BTreeMap::from([("aws".to_owned(), kept(application))]),
            policies: BTreeMap::from([("asked".to_owned(), kept(policy))]),
            property_mappings: [mapping("user", "scim_user", USER), mapping("group", "scim_group", GROUP)].into(),
            scim_providers: BTreeMap::from([("scim".to_owned(), kept(record))]),
            ..Configuration::default()
        };
        let vault = Vault::new(MasterKey::new([7; 32]), Vec::new());
        (Arc::new(Snapshot::derive(configuration, &vault, None).unwrap()), provider)
    }

    /// Everybody is looked at, with what was made before.
    fn look(&self, mut cache: Cache) -> (Wanted, Cache) {
        let (snapshot, provider) = self.snapshot();
        let (round, mut wanted) = (Round::new(&snapshot, &provider), Wanted::default());
        cache.begin(&round);
        let everybody: Vec<User> = self.people.values().cloned().collect();
        for part in everybody.chunks(7) {
            round.look(part.to_vec(), &mut wanted, &mut cache);
        }
        cache.end();
        wanted.render_groups(&snapshot, &provider);
        (wanted, cache)
    }
}

/// A service where some of those who come are, and one who never does.
fn there() -> Observed {
    let mut observed = Observed::default();
    for n in (0..2 * PEOPLE).step_by(2) {
        let resource = json!({ "userName": format!("there{n}"), "active": true }).as_object().cloned().unwrap();
        let held = Held { remote: RemoteId(format!("r{n}")), resource, status: Status::Active };
        observed.users.insert(LocalId(format!("uid{n}")), held);
    }
    observed
}

/// What is wanted, to the byte, with what failed and what ours are known by.
fn said(wanted: &Wanted, observed: &Observed) -> String {
    let (desired, failures) = wanted.desired(observed);
    format!("{}\n{failures:?}\n{:?}", serde_json::to_string(&desired).unwrap(), wanted.claims())
}

#[test]
fn what_is_followed_change_by_change_is_what_looking_at_everybody_gives() {
    let (observed, mut failing, mut inside) = (there(), 0, 0);
    let (mut fits, options) = (Fits::default(), PlanOptions::default());
    for seed in 0..12 {
        let mut chance = Chance::new(seed);
        let mut town = Town::new(&mut chance);
        let (mut wanted, mut cache) = town.look(Cache::default());
        for turn in 0..12 {
            if chance.one_in(8) {
                // Not a change of people: everybody is looked at.
                town.color += 1;
                (wanted, cache) = town.look(cache);
            } else {
                let mut touched: BTreeSet<String> = BTreeSet::new();
                for _ in 0..chance.number(4) {
                    touched.extend(town.changes(&mut chance));
                }
                touched.extend(wanted.failing());
                let users = touched.iter().filter_map(|name| town.people.get(name).cloned()).collect();
                let (snapshot, provider) = town.snapshot();
                wanted.retry_groups(&snapshot, &provider);
                wanted.follow(&touched, users, &Round::new(&snapshot, &provider), &mut cache);
            }
            let (whole, _) = town.look(Cache::default());
            assert!(said(&wanted, &observed) == said(&whole, &observed), "seed {seed}, turn {turn}");
            // The plan as well, of what was made to fit before; now and then for a service that takes other things.
            let aws = Dialect { writes_per_second: 1 + u32::from(chance.one_in(6)), ..Dialect::aws() };
            let (plan, _) = fits.plan(&wanted, &observed, &aws, &options);
            let expected = plan_of(whole.desired(&observed).0, &observed, &aws, &options);
            assert_eq!(plan, expected, "seed {seed}, turn {turn}");
            failing += wanted.failing().len();
            inside += wanted.desired(&observed).0.users.len();
        }
    }
    assert!(failing > 20 && inside > 300, "{failing} {inside}");
}
