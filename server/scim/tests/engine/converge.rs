//! Whatever is there and whatever goes wrong: plan and apply often enough, and both sides are equal.

use crate::double::runner::World;
use crate::exact::{check, claims, no_passing_names, settle, still_there, untouchable, world};
use crate::sides::{Person, desired, faults, foreign, options, side};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use scim::plan::{Adopt, Deprovision, PlanOptions};
use scim::state::Desired;
use serde_json::{Value, json};

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
