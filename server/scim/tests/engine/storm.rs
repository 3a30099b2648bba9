//! A storm of 30 % 429, 5 % 500 and 2 % lost answers: exact in the end, and in fewer than 1.6 times the least requests.
//! `server/docs/storm.md` has the arithmetic.

use crate::double::runner::{Fault, World};
use crate::exact::check;
use scim::id::LocalId;
use scim::plan::PlanOptions;
use scim::state::{Desired, DesiredGroup};
use scim::wire::Resource;
use serde_json::json;

/// Groups that everybody is in.
const EACH: usize = 5;

fn resource(value: serde_json::Value) -> Resource {
    value.as_object().unwrap().clone()
}

fn people(users: usize, groups: usize) -> Desired {
    let id = |n: usize| LocalId(format!("u{n:06}"));
    let user = |n: usize| {
        let name = format!("user{n}@example.com");
        let value = json!({
            "userName": name, "externalId": id(n).0, "displayName": name, "active": true,
            "name": {"givenName": "User", "familyName": "Of the storm"}, "emails": [{"value": name, "primary": true}],
        });
        (id(n), resource(value))
    };
    let group = |g: usize| {
        let members = (0..users).filter(|n| (0..EACH).any(|k| (n * EACH + k) % groups == g)).map(id).collect();
        let name = format!("g{g:04}");
        let resource = resource(json!({"displayName": name, "externalId": name}));
        (LocalId(name), DesiredGroup { resource, members })
    };
    Desired { users: (0..users).map(user).collect(), groups: (0..groups).map(group).collect() }
}

/// One request for each object, and one for each hundred members.
fn floor(wanted: &Desired) -> usize {
    let members: usize = wanted.groups.values().map(|group| group.members.len().div_ceil(100)).sum();
    wanted.users.len() + wanted.groups.len() + members
}

/// What becomes of each request. `late`: the share of the errors that come after the request was done.
fn storm(seed: u64, late: f64, requests: usize) -> Vec<Fault> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut fault = |_| match random() {
        n if n < 0.30 => Fault::Throttled,
        n if n < 0.30 + 0.05 * late => Fault::FailedLate,
        n if n < 0.35 => Fault::Failed,
        n if n < 0.37 => Fault::LostAnswer,
        _ => Fault::None,
    };
    (0..requests).map(&mut fault).collect()
}

/// Requests until everything is there.
fn cost(wanted: &Desired, seed: u64, late: f64, together: bool) -> usize {
    let mut world = World::new(PlanOptions::default());
    world.together = together;
    world.faults = storm(seed, late, 4 * floor(wanted));
    world.converge(wanted);
    assert!(!world.faults.is_empty(), "the storm was over before the end");
    let requests = world.requests;
    world.faults.clear();
    check(&mut world, wanted);
    assert_eq!((world.aws.users.len(), world.aws.groups.len()), (wanted.users.len(), wanted.groups.len()));
    requests
}

fn ratio(requests: usize, floor: usize) -> f64 {
    requests as f64 / floor as f64
}

#[test]
fn a_storm_costs_less_than_six_tenths_more_than_the_least_requests() {
    let (users, groups) = if std::env::var_os("ROLECALL_SOAK").is_some() { (10_000, 500) } else { (400, 20) };
    let wanted = people(users, groups);
    let seeds = 1..=4;
    let all = floor(&wanted) * seeds.clone().count();
    for late in [0.0, 0.5] {
        let together: usize = seeds.clone().map(|seed| cost(&wanted, seed, late, true)).sum();
        println!("late {late}: {together} requests, the floor is {all}, {:.3}", ratio(together, all));
        assert!(ratio(together, all) < 1.6, "{together} requests, the floor is {all}, late {late}");
    }
    let [together, alone] = [true, false].map(|together| cost(&wanted, 1, 0.5, together));
    println!("one seed: together {together}, a question for each {alone}");
    assert!(together < alone, "a question for each takes {alone}, one reading {together}");
}

#[test]
fn a_few_doubts_are_asked_about_one_by_one() {
    let wanted = people(150, 3);
    let mut world = World::new(PlanOptions::default());
    world.together = true;
    // The first two answers are lost; three pages would be more than two questions.
    world.faults = vec![Fault::LostAnswer, Fault::LostAnswer];
    world.converge(&wanted);
    assert_eq!(world.requests, floor(&wanted) + 2);
    check(&mut world, &wanted);
}
