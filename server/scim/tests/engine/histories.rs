//! Long histories: the scope changes, everything fails, processes die, and in the end both sides are equal.
//!
//! Some hundreds in `make test`, ten thousand with `ROLECALL_SOAK` set (`make soak`).

use crate::double::runner::{Fault, World};
use crate::exact::{check, claims, settle, still_there, untouchable};
use crate::sides::{faults, foreign, options, side};
use proptest::collection::vec;
use proptest::prelude::*;
use scim::plan::{Adopt, Plan, PlanOptions, Strangers};
use scim::state::Desired;
use scim::step::Action;

/// What a fault may cost beside the request that it met: its repetition, and the questions that find out what became
/// of it (by name, by identifier).
const COST: usize = 3;

fn cases() -> u32 {
    if std::env::var_os("ROLECALL_SOAK").is_some() { 10_000 } else { 300 }
}

/// One change of scope, with what goes wrong then, and how often the worker is started before the next.
type Chapter = (Desired, Vec<Fault>, usize);

fn chapter() -> impl Strategy<Value = Chapter> {
    (side(), faults(), 0..4_usize)
}

#[derive(Clone, Copy, Debug)]
enum Service {
    Aws,
    Patch,
    Put,
}

/// So many changes of membership a request may have: few, so that what has the limit in its way is met often.
fn most_changes() -> impl Strategy<Value = usize> {
    prop_oneof![Just(100), 1..4_usize]
}

fn service() -> impl Strategy<Value = Service> {
    prop_oneof![2 => Just(Service::Aws), 1 => Just(Service::Patch), 1 => Just(Service::Put)]
}

/// No step of a plan is about something foreign or protected, and none is larger than the service takes.
fn lawful(plan: &Plan, world: &World) {
    for step in &plan.steps {
        assert!(!world.mirror.is_protected(&step.name), "protected: {step:?}");
        assert!(
            step.membership_changes() <= world.dialect.most_member_changes || !patches(step),
            "too large: {step:?}"
        );
        if let Action::ChangeMembers { strangers, .. } = &step.action {
            assert!(strangers.is_empty() || world.options.strangers == Strangers::Remove, "not asked for: {step:?}");
        }
    }
}

fn patches(step: &scim::step::Step) -> bool {
    matches!(step.action, Action::ChangeMembers { .. })
}

/// As a process that begins: what it knows is what was written down.
fn restart(world: &mut World) {
    let stored = serde_json::to_string(&world.mirror).unwrap();
    world.mirror = serde_json::from_str(&stored).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_history_ends_exact_without_duplicates_and_within_the_bound_of_requests(
        before in side(), chapters in vec(chapter(), 1..6), foreign in foreign(), options in options(),
        service in service(), most in most_changes(),
    ) {
        let careful = PlanOptions { adopt: Adopt::Never, ..options };
        let world = match service {
            Service::Aws => World::new(careful),
            Service::Patch => World::standard(careful, true),
            Service::Put => World::standard(careful, false),
        };
        let mut world = world;
        (world.dialect.most_member_changes, world.aws.most_changes) = (most, Some(most));
        // Of six people in a group.
        let for_a_group = 6_usize.div_ceil(most);
        let mut world = settle(world, &before, &foreign, options);
        let untouchable = untouchable(&world);
        let everybody: Vec<&Desired> = chapters.iter().map(|(side, ..)| side).chain([&before]).collect();
        let claims = claims(&everybody, &Desired::default());
        let last = chapters.last().unwrap().0.clone();
        world.requests = 0;
        // Who is in a group that is adopted shows only then, and may take one request more.
        let mut bound = world.mirror.foreign_groups.len() * for_a_group;
        for (side, faults, starts) in &chapters {
            let plan = world.plan(side);
            let in_flight = world.mirror.in_flight.len();
            bound += plan.requests() + COST * (faults.iter().filter(|fault| **fault != Fault::None).count() + in_flight);
            // Of what only the mirror knew, all may have to be said again.
            let forgotten = faults.iter().filter(|fault| **fault == Fault::Amnesia).count();
            bound += forgotten * (world.mirror.users.len() + world.mirror.groups.len() * for_a_group);
            world.faults.clone_from(faults);
            for _ in 0..*starts {
                restart(&mut world);
                world.resume(&claims);
                let plan = world.plan(side);
                lawful(&plan, &world);
                world.apply(&plan, &claims);
            }
        }
        world.faults.clear();
        restart(&mut world);
        world.resume(&claims);
        lawful(&world.plan(&last), &world);
        world.converge(&last);
        let requests = world.requests;
        check(&mut world, &last);
        still_there(&world, &untouchable);
        let listing = world.listing();
        let drift = scim::verify::drift(&world.mirror, &listing, &world.dialect);
        prop_assert!(drift.iter().all(|drift| !drift.is_ours()), "{drift:?}");
        prop_assert!(requests <= bound, "{requests} requests, {bound} allowed");
    }
}
