//! Whatever is there and whatever goes wrong: plan and apply often enough, and both sides are equal.

use crate::double::runner::{Fault, World};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use scim::id::{Kind, LocalId};
use scim::plan::{Adopt, Deprovision, GroupRemoval, PlanOptions, Strangers};
use scim::state::{Desired, DesiredGroup, Status};
use scim::verify::Claims;
use scim::wire::{ENTERPRISE_USER, Resource};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Few names for many people: they collide, trade places and hit protected and invalid ones.
const NAMES: [&str; 8] = ["ann", "ANN", "bob", "cid", "dee", "eve", "AWSReserved", "Jane Doe"];
const GROUPS: [&str; 5] = ["sea", "Sea", "air", "land", "AWSControl"];

#[derive(Clone, Debug)]
struct Person {
    name: usize,
    email: Option<usize>,
    department: Option<usize>,
    role: Option<usize>,
    active: bool,
}

type Team = (usize, BTreeSet<usize>);

fn person(names: usize) -> impl Strategy<Value = Person> {
    let active = prop::bool::weighted(0.8);
    (0..names, option::of(0..4_usize), option::of(0..2_usize), option::weighted(0.2, 0..2_usize), active)
        .prop_map(|(name, email, department, role, active)| Person { name, email, department, role, active })
}

fn side() -> impl Strategy<Value = Desired> {
    let people = vec(option::weighted(0.8, person(NAMES.len())), 6);
    let teams = vec(option::weighted(0.7, (0..GROUPS.len(), prop::collection::btree_set(0..6_usize, 0..6))), 4);
    (people, teams).prop_map(|(people, teams)| desired(&people, &teams))
}

fn desired(people: &[Option<Person>], teams: &[Option<Team>]) -> Desired {
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

fn rendered(n: usize, person: &Person) -> Resource {
    let user = json!({
        "userName": NAMES[person.name], "active": person.active, "displayName": format!("Person {n}"),
        "emails": person.email.map(|email| json!([{"value": format!("{email}@example.com"), "display": "x"}])),
        "roles": person.role.map(|role| json!([{"value": format!("role{role}")}])),
        "photos": [{"value": "p"}], "profileUrl": "https://example.com/me",
        (ENTERPRISE_USER): {"department": person.department.map(|d| format!("department {d}"))},
    });
    user.as_object().unwrap().clone()
}

fn local(kind: char, n: usize) -> LocalId {
    LocalId(format!("{kind}{n}"))
}

fn options() -> impl Strategy<Value = PlanOptions> {
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
fn foreign() -> impl Strategy<Value = Vec<(bool, usize)>> {
    vec((any::<bool>(), 0..5_usize), 0..3)
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let fault = prop_oneof![
        3 => Just(Fault::None),
        1 => Just(Fault::Throttled),
        1 => Just(Fault::Failed),
        1 => Just(Fault::FailedLate),
        1 => Just(Fault::LostRequest),
        2 => Just(Fault::LostAnswer),
        2 => Just(Fault::Crash),
        1 => Just(Fault::Amnesia),
    ];
    vec(fault, 0..25)
}

/// A world in which `before` is there, among foreign objects.
fn world(before: &Desired, foreign: &[(bool, usize)], options: PlanOptions) -> World {
    settle(World::new(PlanOptions { adopt: Adopt::Never, ..options }), before, foreign, options)
}

fn settle(mut world: World, before: &Desired, foreign: &[(bool, usize)], options: PlanOptions) -> World {
    world.protect("aws*");
    let mut planted: BTreeSet<String> = BTreeSet::new();
    for (n, (is_user, name)) in foreign.iter().enumerate() {
        let name = if *is_user { NAMES[name + 2] } else { GROUPS[*name] };
        if !planted.insert(format!("{is_user} {}", name.to_lowercase())) {
            continue;
        }
        if *is_user {
            let user = json!({"userName": name, "displayName": "F", "active": true, "nickName": format!("f{n}"),
                              "name": {"givenName": "F", "familyName": "F"}});
            world.aws.plant_user(user);
        } else {
            let members: Vec<String> = world.aws.users.keys().cloned().collect();
            world.aws.plant_group(json!({"displayName": name}), &members);
        }
    }
    world.rebuild(&Claims::default());
    world.converge(before);
    assert!(world.parked.is_empty(), "{:?}", world.parked);
    world.options = options;
    world.aws.touched.clear();
    world
}

/// What is known to be ours when the mirror is lost.
fn claims(before: &[&Desired], now: &Desired) -> Claims {
    let mut claims = Claims::of(now);
    for side in before {
        let users = side.users.keys().map(|id| (Kind::User, id));
        for (kind, id) in users.chain(side.groups.keys().map(|id| (Kind::Group, id))) {
            claims.departed(kind, id.clone(), id.0.clone());
        }
    }
    claims
}

/// Both sides are equal, as far as the plan promises it.
fn check(world: &mut World, wanted: &Desired) {
    let plan = world.plan(wanted);
    assert_eq!(plan.steps, []);
    assert_eq!(world.aws.refused, Vec::<String>::new());
    let refused: BTreeSet<&LocalId> = plan.refused.iter().map(|refusal| &refusal.object.id).collect();
    for (kind, remote) in [(Kind::User, &world.aws.users), (Kind::Group, &world.aws.groups)] {
        let mut by_external: BTreeMap<&str, usize> = BTreeMap::new();
        for external in remote.values().filter_map(|object| object.get("externalId")?.as_str()) {
            *by_external.entry(external).or_default() += 1;
        }
        assert!(by_external.values().all(|count| *count == 1), "duplicates: {by_external:?}");
        for held in world.mirror.held(kind).values() {
            let visible = |object: &Resource| -> Resource {
                // A mirror made anew cannot know what the service never shows.
                object.clone().into_iter().filter(|(key, _)| key != "schemas" && key != "profileUrl").collect()
            };
            assert_eq!(visible(&remote[held.remote.as_str()]), visible(&held.resource), "the mirror is true");
        }
    }
    for (id, rendered) in wanted.users.iter().filter(|(id, _)| !refused.contains(id)) {
        let mut rendered = rendered.clone();
        rendered.insert("externalId".to_owned(), json!(id));
        let held = &world.mirror.users[id];
        assert_eq!(held.resource, world.dialect.conform_user(&rendered).resource);
        assert_eq!(held.status, Status::Active);
    }
    for (id, group) in wanted.groups.iter().filter(|(id, _)| world.mirror.groups.contains_key(id)) {
        let remote = &world.mirror.groups[id].remote;
        let is_there =
            |member: &&LocalId| wanted.users.contains_key(*member) && world.mirror.users.contains_key(*member);
        let ours: BTreeSet<&str> =
            group.members.iter().filter(is_there).map(|m| world.mirror.users[m].remote.as_str()).collect();
        let owned: BTreeSet<&str> = world.mirror.users.values().map(|held| held.remote.as_str()).collect();
        let there = world.aws.members[remote.as_str()].iter().map(String::as_str);
        let (there, strangers): (BTreeSet<&str>, BTreeSet<&str>) = there.partition(|member| owned.contains(member));
        assert_eq!(there, ours, "members of {id}");
        assert!(world.options.strangers == Strangers::Keep || strangers.is_empty());
    }
    for (id, held) in world.mirror.users.iter().filter(|(id, _)| !wanted.users.contains_key(id)) {
        assert_eq!(world.aws.users[held.remote.as_str()]["active"], json!(false), "{id} left");
        assert!(world.options.deprovision != Deprovision::Delete);
    }
}

/// Names that were lent for a moment are gone. Not so where the scope moved on in that moment: who left it keeps one.
fn no_passing_names(world: &World) {
    let names = world.aws.users.values().map(|user| &user["userName"]);
    let mut names = names.chain(world.aws.groups.values().map(|group| &group["displayName"]));
    assert!(names.all(|name| !name.as_str().unwrap().starts_with("moving-")));
}

/// What of the remote store is not ours and has to stay as it is.
fn untouchable(world: &World) -> BTreeMap<String, Resource> {
    let never = world.options.adopt == Adopt::Never;
    let all = world.aws.users.iter().map(|(id, o)| (id, o, "userName"));
    let all = all.chain(world.aws.groups.iter().map(|(id, o)| (id, o, "displayName")));
    let foreign = all.filter(|(id, object, name)| {
        let foreign = world.mirror.foreign_users.keys().chain(world.mirror.foreign_groups.keys());
        let is_foreign = foreign.into_iter().any(|remote| remote.as_str() == *id);
        is_foreign && (never || object[*name].as_str().unwrap().starts_with("AWS"))
    });
    foreign.map(|(id, object, _)| (id.clone(), object.clone())).collect()
}

fn still_there(world: &World, untouchable: &BTreeMap<String, Resource>) {
    for (id, before) in untouchable {
        assert_eq!(world.aws.users.get(id).or_else(|| world.aws.groups.get(id)), Some(before));
        assert!(!world.aws.touched.contains(id));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_two_sides_become_equal_in_one_pass_and_the_next_plan_is_empty(
        before in side(), after in side(), foreign in foreign(), options in options(),
    ) {
        let mut world = world(&before, &foreign, options);
        let untouchable = untouchable(&world);
        let rounds = world.converge(&after);
        // What is adopted is read first and corrected by the plan after that.
        prop_assert!(rounds <= if options.adopt == Adopt::Never { 1 } else { 3 }, "{rounds} rounds");
        prop_assert!(world.parked.is_empty(), "{:?}", world.parked);
        check(&mut world, &after);
        no_passing_names(&world);
        still_there(&world, &untouchable);
    }

    #[test]
    fn lost_answers_throttling_crashes_and_a_lost_mirror_delay_the_same_end(
        before in side(), after in side(), foreign in foreign(), options in options(), faults in faults(),
    ) {
        let mut world = world(&before, &foreign, options);
        let untouchable = untouchable(&world);
        let claims = claims(&[&before], &after);
        world.faults = faults;
        for _ in 0..30 {
            let plan = world.plan(&after);
            world.apply(&plan, &claims);
        }
        prop_assert!(world.faults.is_empty() || world.plan(&after).steps.is_empty());
        world.faults.clear();
        world.converge(&after);
        check(&mut world, &after);
        no_passing_names(&world);
        still_there(&world, &untouchable);
    }

    #[test]
    fn a_scope_that_moves_on_while_everything_fails_leaves_nothing_unseen(
        sides in vec((side(), faults()), 2..5), options in options(),
    ) {
        let all: Vec<&Desired> = sides.iter().map(|(side, _)| side).collect();
        let claims = claims(&all, &Desired::default());
        let mut world = world(&Desired::default(), &[], options);
        let last = sides.last().unwrap().0.clone();
        for (side, faults) in sides {
            world.faults = faults;
            for _ in 0..2 {
                world.resume(&claims);
                let plan = world.plan(&side);
                world.apply(&plan, &claims);
            }
        }
        world.faults.clear();
        world.resume(&claims);
        world.converge(&last);
        check(&mut world, &last);
        let listing = world.listing();
        let drift = scim::verify::drift(&world.mirror, &listing, &world.dialect);
        prop_assert!(drift.iter().all(|drift| !drift.is_ours()), "{drift:?}");
    }

    #[test]
    fn a_server_of_the_standard_converges_too_with_patch_and_without(
        before in side(), after in side(), foreign in foreign(), options in options(), faults in faults(),
        patch in any::<bool>(),
    ) {
        let careful = PlanOptions { adopt: Adopt::Never, ..options };
        let mut world = settle(World::standard(careful, patch), &before, &foreign, options);
        let claims = claims(&[&before], &after);
        world.faults = faults;
        for _ in 0..3 {
            world.resume(&claims);
            let plan = world.plan(&after);
            world.apply(&plan, &claims);
        }
        world.faults.clear();
        world.resume(&claims);
        world.converge(&after);
        check(&mut world, &after);
    }

    #[test]
    fn names_and_addresses_that_trade_places_all_arrive(
        first in Just((0..5_usize).collect::<Vec<_>>()).prop_shuffle(),
        second in Just((0..5_usize).collect::<Vec<_>>()).prop_shuffle(),
        emails in Just((0..5_usize).collect::<Vec<_>>()).prop_shuffle(),
        gone in option::of(0..5_usize),
    ) {
        let names = [0, 2, 3, 4, 5];
        let people = |order: &[usize], emails: &[usize]| -> Vec<Option<Person>> {
            let people = order.iter().zip(emails);
            people.map(|(n, e)| {
                let (name, email) = (names[*n], Some(*e));
                Some(Person { name, email, department: None, role: None, active: true })
            }).collect()
        };
        let before = desired(&people(&first, &first), &[]);
        let mut after = people(&second, &emails);
        if let Some(gone) = gone {
            after[gone] = None;
        }
        let after = desired(&after, &[]);
        let options = PlanOptions { deprovision: Deprovision::Delete, ..PlanOptions::default() };
        let mut world = world(&before, &[], options);
        prop_assert!(world.plan(&after).refused.is_empty());
        prop_assert!(world.converge(&after) <= 1);
        prop_assert!(world.parked.is_empty(), "{:?}", world.parked);
        check(&mut world, &after);
        no_passing_names(&world);
        prop_assert_eq!(world.aws.users.len(), after.users.len());
    }

    #[test]
    fn drift_is_found_and_repaired(
        wanted in side(), options in options(), harm in vec((0..6_usize, any::<prop::sample::Index>()), 0..6),
    ) {
        let mut world = world(&wanted, &[], options);
        for (what, which) in harm {
            damage(&mut world, what, which);
        }
        let listing = world.listing();
        for found in scim::verify::drift(&world.mirror, &listing, &world.dialect) {
            world.mirror.record(found.effect());
        }
        prop_assert_eq!(scim::verify::drift(&world.mirror, &listing, &world.dialect), []);
        world.converge(&wanted);
        prop_assert!(world.parked.is_empty(), "{:?}", world.parked);
        check(&mut world, &wanted);
    }
}

/// What a person with a console can do.
fn damage(world: &mut World, what: usize, which: prop::sample::Index) {
    let users: Vec<String> = world.aws.users.keys().cloned().collect();
    let groups: Vec<String> = world.aws.groups.keys().cloned().collect();
    if users.is_empty() || groups.is_empty() {
        return;
    }
    let (user, group) = (which.get(&users), which.get(&groups));
    match what {
        0 => {
            world.aws.users.remove(user);
            world.aws.members.values_mut().for_each(|members| _ = members.remove(user));
        }
        1 => {
            world.aws.groups.remove(group);
            world.aws.members.remove(group);
        }
        2 => {
            let title = Value::String("drifted".to_owned());
            _ = world.aws.users.get_mut(user).map(|object| object.insert("title".to_owned(), title));
        }
        3 => _ = world.aws.users.get_mut(user).map(|object| object.insert("active".to_owned(), json!(true))),
        4 => _ = world.aws.members.get_mut(group).map(|members| members.insert(user.clone())),
        _ => _ = world.aws.members.get_mut(group).map(|members| members.remove(user)),
    }
}
