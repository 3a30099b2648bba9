//! How many requests things take, exactly.

use crate::double::runner::World;
use scim::dialect::Dialect;
use scim::id::LocalId;
use scim::plan::{Deprovision, Earlier, GroupRemoval, PlanOptions, Threshold, plan};
use scim::state::{Desired, DesiredGroup, Observed};
use scim::step::{Action, Reason};
use scim::wire::{ENTERPRISE_USER, ServiceProviderConfig};
use serde_json::{Value, json};

fn user(n: usize) -> (LocalId, scim::wire::Resource) {
    let resource = json!({
        "userName": format!("user{n}@example.com"), "externalId": format!("u{n:06}"),
        "displayName": format!("User {n}"), "emails": [{"value": format!("user{n}@example.com")}],
        (ENTERPRISE_USER): {"department": "Sea"},
    });
    (LocalId(format!("u{n:06}")), resource.as_object().unwrap().clone())
}

fn group(name: &str, members: impl Iterator<Item = usize>) -> (LocalId, DesiredGroup) {
    let resource = json!({"displayName": name, "externalId": name}).as_object().unwrap().clone();
    let members = members.map(|n| LocalId(format!("u{n:06}"))).collect();
    (LocalId::from(name), DesiredGroup { resource, members })
}

fn desired(users: usize, groups: impl IntoIterator<Item = (LocalId, DesiredGroup)>) -> Desired {
    Desired { users: (0..users).map(user).collect(), groups: groups.into_iter().collect() }
}

/// A world in which `desired` is there.
fn settled(desired: &Desired) -> World {
    let mut world = World::new(PlanOptions::default());
    assert_eq!(world.converge(desired), 1);
    world.aws.writes = 0;
    world
}

#[test]
fn a_group_of_250_is_created_and_filled_in_one_and_three_requests() {
    let mut world = settled(&desired(250, []));
    let wanted = desired(250, [group("sea", 0..250)]);
    let plan = world.plan(&wanted);
    assert_eq!(plan.requests(), 4);
    let sizes: Vec<usize> = plan.steps.iter().map(scim::step::Step::membership_changes).collect();
    assert_eq!(sizes, [0, 100, 100, 50]);
    world.converge(&wanted);
    assert_eq!(world.aws.writes, 4);
    assert_eq!(world.aws.members.values().next().unwrap().len(), 250);
}

#[test]
fn removing_one_member_is_one_request_that_removes_and_never_replaces() {
    let mut world = settled(&desired(250, [group("sea", 0..250)]));
    let wanted = desired(250, [group("sea", 1..250)]);
    let plan = world.plan(&wanted);
    let Action::ChangeMembers { add, remove, .. } = &plan.steps[0].action else { panic!() };
    assert_eq!((plan.requests(), add.len(), remove.len()), (1, 0, 1));
    let body = plan.steps[0].prepare(&world.mirror, &world.dialect).unwrap().request.body.unwrap();
    assert_eq!(body["Operations"][0]["op"], "remove");
    assert_eq!(body["Operations"][0]["path"], "members");
    assert_eq!(body["Operations"][0]["value"].as_array().unwrap().len(), 1);
    world.converge(&wanted);
    assert_eq!((world.aws.writes, world.aws.members.values().next().unwrap().len()), (1, 249));
}

#[test]
fn a_change_of_department_is_one_operation_in_one_request() {
    let mut world = settled(&desired(10, [group("sea", 0..10)]));
    let mut wanted = desired(10, [group("sea", 0..10)]);
    wanted.users.get_mut(&LocalId::from("u000003")).unwrap()[ENTERPRISE_USER]["department"] = json!("Air");
    let plan = world.plan(&wanted);
    let path = format!("{ENTERPRISE_USER}:department");
    assert_eq!(plan.steps[0].why, Reason::Changed { attributes: vec![path.clone()] });
    let body = plan.steps[0].prepare(&world.mirror, &world.dialect).unwrap().request.body.unwrap();
    assert_eq!(body["Operations"], json!([{"op": "replace", "path": path, "value": "Air"}]));
    world.converge(&wanted);
    assert_eq!(world.aws.writes, 1);
}

#[test]
fn no_change_is_no_request() {
    let wanted = desired(300, [group("sea", 0..250), group("air", 100..300)]);
    let mut world = settled(&wanted);
    assert_eq!(world.plan(&wanted).steps, []);
    world.converge(&wanted);
    assert_eq!(world.aws.writes, 0);
}

#[test]
fn everything_at_once_is_a_request_for_each_user_each_group_and_each_hundred_members() {
    let sizes = [0, 1, 99, 100, 101, 250];
    let groups = sizes.iter().map(|size| group(&format!("g{size}"), 0..*size));
    let wanted = desired(250, groups);
    let plan = World::new(PlanOptions::default()).plan(&wanted);
    let chunks: usize = sizes.iter().map(|size| size.div_ceil(100)).sum();
    assert_eq!(plan.requests(), 250 + sizes.len() + chunks);
    // 551 memberships at the first pace of a hundred a second, after the rest at 25.
    assert_eq!(plan.seconds(&Dialect::aws()), 256_u64.div_ceil(25) + 6);
    assert_eq!(plan.seconds_at_most(&Dialect::aws()), plan.seconds(&Dialect::aws()));
    let counts = plan.counts();
    assert_eq!((counts.users_created, counts.groups_created, counts.members_added), (250, 6, 551));
}

#[test]
fn a_service_that_takes_no_more_memberships_than_the_first_takes_longer_and_that_is_known_before() {
    let groups: Vec<String> = (0..10).map(|n| format!("g{n}")).collect();
    let wanted = desired(250, groups.iter().map(|name| group(name, 0..250)));
    let plan = World::new(PlanOptions::default()).plan(&wanted);
    assert_eq!((plan.requests(), plan.counts().members_added), (250 + 10 + 30, 2500));
    // After 260 others at 25 a second: 1000 at a hundred a second and the rest with the writes, or all of them so.
    let aws = Dialect::aws();
    assert_eq!((plan.seconds(&aws), plan.seconds_at_most(&aws)), (11 + 10, 11 + 25));
    // Where many writes are allowed from the start, so are memberships.
    let fast = Dialect { writes_per_second: 2000, ..Dialect::aws() };
    assert_eq!((plan.seconds(&fast), plan.seconds_at_most(&fast)), (2, 2));
}

#[test]
fn who_leaves_is_deactivated_and_who_returns_is_switched_on_again_with_the_same_identifier() {
    let wanted = desired(3, [group("sea", 0..3)]);
    let mut world = settled(&wanted);
    let before = world.mirror.users.clone();
    let without = desired(2, [group("sea", 0..2)]);
    assert_eq!(world.plan(&without).requests(), 2);
    world.converge(&without);
    let plan = world.plan(&wanted);
    assert_eq!((plan.requests(), &plan.steps[0].why), (2, &Reason::Returned));
    world.converge(&wanted);
    assert_eq!(world.mirror.users, before);
    assert_eq!(world.aws.users.len(), 3);
}

#[test]
fn a_group_is_renamed_in_place_and_emptied_rather_than_deleted() {
    let mut world = settled(&desired(3, [group("sea", 0..3)]));
    let mut wanted = desired(3, [group("sea", 0..3)]);
    wanted.groups.get_mut(&LocalId::from("sea")).unwrap().resource["displayName"] = json!("ocean");
    assert_eq!(world.plan(&wanted).requests(), 1);
    world.converge(&wanted);
    assert_eq!(world.aws.groups.len(), 1);
    world.converge(&desired(3, []));
    assert_eq!((world.aws.groups.len(), world.aws.members.values().next().unwrap().len()), (1, 0));
    world.options.groups = GroupRemoval::Delete;
    world.converge(&desired(3, []));
    assert!(world.aws.groups.is_empty());
}

#[test]
fn a_plan_that_takes_too_much_away_is_held() {
    let world = settled(&desired(100, [group("sea", 0..100)]));
    let threshold = Threshold { count: 50, share: 0.2, floor: 5 };
    assert_eq!(world.plan(&desired(95, [group("sea", 0..95)])).hazard(&threshold), None);
    let hazard = world.plan(&desired(79, [group("sea", 0..79)])).hazard(&threshold).unwrap();
    assert_eq!((hazard.users, hazard.of_users, hazard.memberships), (21, 100, 21));
    assert!(world.plan(&desired(100, [group("sea", 0..50)])).hazard(&threshold).is_some());
    assert!(world.plan(&desired(0, [])).hazard(&Threshold { count: 99, share: 1.0, floor: 0 }).is_some());
}

#[test]
fn what_earlier_plans_took_counts_with_what_a_plan_takes_itself() {
    let world = settled(&desired(40, [group("sea", 0..40)]));
    let plan = world.plan(&desired(36, [group("sea", 0..36)]));
    let threshold = Threshold { count: 10, share: 1.0, floor: 0 };
    let after = |users: usize| Earlier { users, users_gone: users, ..Earlier::default() };
    assert_eq!(plan.hazard_after(&threshold, after(6)), None);
    let hazard = plan.hazard_after(&threshold, after(7)).unwrap();
    assert_eq!((hazard.users, hazard.earlier.users, hazard.of_users), (4, 7, 47));
    // A fifth of the 45 who had access are 9, and of 46 there were 10.
    let threshold = Threshold { count: 100, share: 0.2, floor: 5 };
    assert_eq!(plan.hazard_after(&threshold, after(5)), None);
    assert!(plan.hazard_after(&threshold, after(6)).is_some());
    assert_eq!(plan.hazard_after(&threshold, after(7)).map(|hazard| hazard.of_users), Some(47));
    // A plan that takes nobody is held up by nobody who was taken.
    assert_eq!(world.plan(&desired(40, [group("sea", 0..40)])).hazard_after(&threshold, after(40)), None);
}

#[test]
fn whoever_was_deactivated_long_ago_makes_nobody_elses_loss_a_smaller_part() {
    let mut world = settled(&desired(1000, []));
    let threshold = Threshold { count: 1000, share: 0.2, floor: 5 };
    world.converge(&desired(100, []));
    assert_eq!(world.plan(&desired(80, [])).hazard(&threshold), None, "a fifth");
    let hazard = world.plan(&desired(79, [])).hazard(&threshold).unwrap();
    assert_eq!((hazard.users, hazard.of_users), (21, 100));
    // What is deleted of theirs is judged by all that is there.
    world.options.deprovision = Deprovision::DeleteAfter { grace_seconds: 0 };
    let plan = world.plan(&desired(100, []));
    assert_eq!((plan.counts().users_deleted, plan.accounts_deleted), (900, 900));
    assert_eq!(plan.hazard(&threshold).unwrap().of_users, 1000);
    // Of those who were deleted before, nobody loses anything once more.
    let earlier = Earlier { accounts: 20, ..Earlier::default() };
    let few = settled(&desired(100, []));
    assert_eq!(few.plan(&desired(97, [])).hazard_after(&threshold, earlier), None);
}

#[test]
fn whoever_is_deleted_after_a_deactivation_of_the_same_day_is_one_and_not_two() {
    let mut world = settled(&desired(200, []));
    world.converge(&desired(140, []));
    world.options.deprovision = Deprovision::DeleteAfter { grace_seconds: 0 };
    let plan = world.plan(&desired(140, []));
    assert_eq!(plan.counts().users_deleted, 60);
    let threshold = Threshold { count: 100, share: 1.0, floor: 1000 };
    let same = Earlier { users: 60, users_deleted: 60, ..Earlier::default() };
    assert_eq!(plan.hazard_after(&threshold, same), None);
    let others = Earlier { users: 60, ..Earlier::default() };
    assert!(plan.hazard_after(&threshold, others).is_some());
}

#[test]
fn nor_do_they_make_the_house_larger_of_which_one_in_a_hundred_may_leave_in_a_day() {
    let mut world = settled(&desired(1000, []));
    let threshold = Threshold { count: 5, share: 1.0, floor: 1000 };
    world.converge(&desired(100, []));
    let plan = world.plan(&desired(97, []));
    let after = |users: usize| Earlier { users, ..Earlier::default() };
    assert_eq!(plan.hazard_after(&threshold, after(2)), None);
    let hazard = plan.hazard_after(&threshold, after(3)).unwrap();
    assert_eq!((hazard.users, hazard.of_users), (3, 103));
}

#[test]
fn a_deactivation_is_one_whatever_else_changes_and_also_where_everything_is_sent() {
    for patch in [true, false] {
        let mut world = World::standard(PlanOptions::default(), patch);
        world.converge(&desired(50, []));
        let mut wanted = desired(50, []);
        for resource in wanted.users.values_mut().take(30) {
            resource.insert("active".to_owned(), json!(false));
            resource.insert("title".to_owned(), json!("Retired"));
        }
        let threshold = Threshold { count: 100, share: 0.2, floor: 5 };
        let plan = world.plan(&wanted);
        assert_eq!((plan.counts().users_deactivated, plan.counts().users_changed), (30, 0), "{patch}");
        assert_eq!(plan.hazard(&threshold).unwrap().users, 30, "{patch}");
        // Whoever is inactive already loses nothing by a new title.
        world.converge(&wanted);
        for resource in wanted.users.values_mut().take(30) {
            resource.insert("title".to_owned(), json!("Gone"));
        }
        let plan = world.plan(&wanted);
        assert_eq!((plan.counts().users_deactivated, plan.counts().users_changed), (0, 30), "{patch}");
        assert_eq!(plan.hazard(&threshold), None, "{patch}");
    }
}

#[test]
fn in_a_large_house_one_in_a_hundred_may_leave_in_a_day_whatever_the_count_is() {
    let world = settled(&desired(1000, []));
    let threshold = Threshold { count: 5, share: 1.0, floor: 0 };
    let earlier = |users: usize| Earlier { users, ..Earlier::default() };
    let four = world.plan(&desired(996, []));
    assert_eq!(four.hazard_after(&threshold, earlier(6)), None);
    assert!(four.hazard_after(&threshold, earlier(7)).is_some());
    // One plan by itself has the count.
    assert!(world.plan(&desired(994, [])).hazard_after(&threshold, earlier(0)).is_some());
    assert!(world.plan(&desired(994, [])).hazard_after(&threshold, earlier(1)).is_some());
}

#[test]
fn memberships_have_a_limit_of_their_own_and_those_of_a_deleted_group_are_counted() {
    let big = || group("air", 0..1000);
    let mut world = settled(&desired(1000, [group("sea", 700..1000), big()]));
    let threshold = Threshold { count: 100, share: 0.2, floor: 5 };
    assert_eq!(world.plan(&desired(1000, [group("sea", 800..1000), big()])).hazard(&threshold), None);
    let hazard = world.plan(&desired(1000, [group("sea", 801..1000), big()])).hazard(&threshold).unwrap();
    assert_eq!((hazard.memberships, hazard.of_memberships, hazard.users), (101, 1300, 0));
    // What goes with 60 people who leave is theirs, in however many groups they are.
    let left = world.plan(&desired(940, [group("sea", 700..940), big()]));
    assert_eq!((left.members_removed, left.members_lost, left.hazard(&threshold)), (120, 0, None));
    world.options.groups = GroupRemoval::Delete;
    let plan = world.plan(&desired(1000, [big()]));
    assert_eq!((plan.counts().groups_deleted, plan.members_removed, plan.members_gone), (1, 0, 300));
    assert_eq!(plan.hazard(&threshold).unwrap().memberships, 300);
}

#[test]
fn a_server_without_patch_gets_whole_groups_in_one_request_each() {
    let dialect = Dialect::rfc7644(&ServiceProviderConfig { patch: false, ..ServiceProviderConfig::default() });
    let wanted = desired(150, [group("sea", 0..150)]);
    let plan = plan(&wanted, &Observed::default(), &dialect, &PlanOptions::default());
    assert_eq!(plan.requests(), 151);
    let Action::Create { members, .. } = &plan.steps[150].action else { panic!() };
    assert_eq!(members.len(), 150);
}

#[test]
fn a_standard_server_gets_a_value_path_for_each_removal() {
    let wanted = desired(3, [group("sea", 0..3)]);
    let world = settled(&wanted);
    let dialect = Dialect::rfc7644(&ServiceProviderConfig::default());
    let options = PlanOptions::default();
    let plan = plan(&desired(3, [group("sea", 2..3)]), &world.mirror, &dialect, &options);
    let step = plan.steps.iter().find(|step| step.why == Reason::Members).unwrap();
    let body = step.prepare(&world.mirror, &dialect).unwrap().request.body.unwrap();
    let operations = body["Operations"].as_array().unwrap();
    assert_eq!(operations.len(), 2);
    for operation in operations {
        assert!(operation["path"].as_str().unwrap().starts_with("members[value eq \"9067729b3d-"));
        assert_eq!(operation.get("value"), None::<&Value>);
    }
}

#[test]
fn equal_inputs_give_equal_plans_and_a_plan_survives_being_stored() {
    let world = settled(&desired(30, [group("sea", 0..20)]));
    let wanted = desired(25, [group("sea", 5..25), group("air", 0..7)]);
    let plan = world.plan(&wanted);
    assert_eq!(plan, world.plan(&wanted));
    let stored = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<scim::plan::Plan>(&stored).unwrap(), plan);
    let stored = serde_json::to_string(&world.mirror).unwrap();
    assert_eq!(serde_json::from_str::<Observed>(&stored).unwrap(), world.mirror);
}
