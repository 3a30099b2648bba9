//! Random people, groups, choices and faults.

use crate::double::runner::Fault;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use scim::id::LocalId;
use scim::plan::{Adopt, Deprovision, GroupRemoval, PlanOptions, Strangers};
use scim::state::{Desired, DesiredGroup};
use scim::wire::{ENTERPRISE_USER, Resource};
use serde_json::json;
use std::collections::BTreeSet;

/// Few names for many people: they collide, trade places and hit protected and invalid ones.
pub const NAMES: [&str; 8] = ["ann", "ANN", "bob", "cid", "dee", "eve", "AWSReserved", "Jane Doe"];
pub const GROUPS: [&str; 5] = ["sea", "Sea", "air", "land", "AWSControl"];

#[derive(Clone, Debug)]
pub struct Person {
    pub name: usize,
    pub email: Option<usize>,
    pub department: Option<usize>,
    pub role: Option<usize>,
    pub active: bool,
}

pub type Team = (usize, BTreeSet<usize>);

pub fn person(names: usize) -> impl Strategy<Value = Person> {
    let active = prop::bool::weighted(0.8);
    (0..names, option::of(0..4_usize), option::of(0..2_usize), option::weighted(0.2, 0..2_usize), active)
        .prop_map(|(name, email, department, role, active)| Person { name, email, department, role, active })
}

pub fn side() -> impl Strategy<Value = Desired> {
    let people = vec(option::weighted(0.8, person(NAMES.len())), 6);
    let teams = vec(option::weighted(0.7, (0..GROUPS.len(), prop::collection::btree_set(0..6_usize, 0..6))), 4);
    (people, teams).prop_map(|(people, teams)| desired(&people, &teams))
}

pub fn desired(people: &[Option<Person>], teams: &[Option<Team>]) -> Desired {
    let users =
        people.iter().enumerate().filter_map(|(n, person)| Some((local('u', n), rendered(n, person.as_ref()?))));
    let groups = teams.iter().enumerate().filter_map(|(n, team)| {
        let (name, members) = team.as_ref()?;
        let resource = json!({"displayName": GROUPS[*name], "externalId": format!("g{n}")});
        let members = members.iter().map(|member| local('u', *member)).collect();
        Some((local('g', n), DesiredGroup { resource: resource.as_object().unwrap().clone(), members }))
    });
    Desired { users: users.collect(), groups: groups.collect() }
}

pub fn rendered(n: usize, person: &Person) -> Resource {
    let user = json!({
        "userName": NAMES[person.name], "active": person.active, "displayName": format!("Person {n}"),
        "emails": person.email.map(|email| json!([{"value": format!("{email}@example.com"), "display": "x"}])),
        "roles": person.role.map(|role| json!([{"value": format!("role{role}")}])),
        "photos": [{"value": "p"}], "profileUrl": "https://example.com/me",
        (ENTERPRISE_USER): {"department": person.department.map(|d| format!("department {d}"))},
    });
    user.as_object().unwrap().clone()
}

pub fn local(kind: char, n: usize) -> LocalId {
    LocalId(format!("{kind}{n}"))
}

pub fn options() -> impl Strategy<Value = PlanOptions> {
    let deprovision = prop_oneof![
        Just(Deprovision::Deactivate),
        Just(Deprovision::Delete),
        Just(Deprovision::DeleteAfter { grace_seconds: 0 }),
        Just(Deprovision::DeleteAfter { grace_seconds: 60 }),
    ];
    let groups = prop_oneof![Just(GroupRemoval::Empty), Just(GroupRemoval::Delete), Just(GroupRemoval::Keep)];
    let strangers = prop_oneof![Just(Strangers::Keep), Just(Strangers::Remove)];
    let adopt = prop_oneof![Just(Adopt::Never), Just(Adopt::SameName)];
    (deprovision, groups, strangers, adopt).prop_map(|(deprovision, groups, strangers, adopt)| PlanOptions {
        now: 1000,
        adopt,
        deprovision,
        groups,
        strangers,
    })
}

/// Users and groups that were there before us, each group with a foreign and a random member.
pub fn foreign() -> impl Strategy<Value = Vec<(bool, usize)>> {
    vec((any::<bool>(), 0..5_usize), 0..3)
}

pub fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let fault = prop_oneof![
        3 => Just(Fault::None),
        1 => Just(Fault::Throttled),
        1 => Just(Fault::Failed),
        1 => Just(Fault::FailedLate),
        1 => Just(Fault::LostRequest),
        2 => Just(Fault::LostAnswer),
        2 => Just(Fault::Crash),
        1 => Just(Fault::CrashBefore),
        1 => Just(Fault::Amnesia),
    ];
    vec(fault, 0..25)
}
