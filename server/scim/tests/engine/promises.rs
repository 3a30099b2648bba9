//! Promises to the administrator, one by one.

use crate::double::runner::World;
use scim::id::{Kind, LocalId, Object, RemoteId};
use scim::plan::{Adopt, Deprovision, Plan, PlanOptions, Strangers, Threshold};
use scim::state::{Decided, Desired, DesiredGroup, Effect, Roster, Status};
use scim::step::{Action, Reason, Step};
use scim::verify::{Claims, Drift, drift};
use scim::wire::Method;
use serde_json::{Value, json};

fn desired(users: &[(&str, Value)], groups: &[(&str, &str, &[&str])]) -> Desired {
    let user = |(id, user): &(&str, Value)| (LocalId::from(*id), user.as_object().unwrap().clone());
    let group = |(id, name, members): &(&str, &str, &[&str])| {
        let resource = json!({"displayName": name}).as_object().unwrap().clone();
        (LocalId::from(*id), DesiredGroup { resource, members: members.iter().copied().map(LocalId::from).collect() })
    };
    Desired { users: users.iter().map(user).collect(), groups: groups.iter().map(group).collect() }
}

fn named(name: &str) -> Value {
    json!({"userName": name})
}

fn settled(options: PlanOptions, desired: &Desired) -> World {
    let mut world = World::new(options);
    world.converge(desired);
    world.aws.writes = 0;
    world
}

fn actions(plan: &Plan) -> Vec<(&str, &str)> {
    let action = |step: &Step| match step.action {
        Action::Adopt { .. } => "adopt",
        Action::Create { .. } => "create",
        Action::Change { .. } => "change",
        Action::Replace { .. } => "replace",
        Action::Deactivate { .. } => "deactivate",
        Action::ChangeMembers { .. } => "members",
        Action::Delete => "delete",
    };
    plan.steps.iter().map(|step| (action(step), step.object.id.as_str())).collect()
}

#[test]
fn the_account_of_somebody_who_left_is_never_handed_to_a_namesake() {
    let mut world = settled(PlanOptions::default(), &desired(&[("old", named("ann"))], &[]));
    let wanted = desired(&[("new", named("Ann"))], &[]);
    world.converge(&wanted);
    let plan = world.plan(&wanted);
    assert_eq!(plan.refused[0].object, Object::user(&LocalId::from("new")));
    assert!(plan.refused[0].notes[0].why.starts_with("ann (old) has it there"), "{:?}", plan.refused[0].notes);
    world.options.deprovision = Deprovision::Delete;
    assert_eq!(actions(&world.plan(&wanted)), [("delete", "old"), ("create", "new")]);
    world.converge(&wanted);
    assert_eq!(world.aws.users.len(), 1);
}

#[test]
fn two_people_trade_their_names_in_three_requests() {
    let mut world = settled(PlanOptions::default(), &desired(&[("a", named("ann")), ("b", named("bob"))], &[]));
    let wanted = desired(&[("a", named("bob")), ("b", named("ann"))], &[]);
    let plan = world.plan(&wanted);
    assert_eq!(actions(&plan), [("change", "a"), ("change", "b"), ("change", "a")]);
    assert_eq!(plan.steps[0].why, Reason::MakesWay { taker: LocalId::from("b") });
    world.converge(&wanted);
    assert_eq!(world.aws.writes, 3);
}

#[test]
fn somebody_who_is_disabled_loses_access_even_if_the_rest_of_the_change_cannot_be_sent() {
    let mut world = settled(PlanOptions::default(), &desired(&[("a", named("ann"))], &[]));
    let wanted = desired(&[("a", json!({"userName": "Ann Dam", "active": false}))], &[]);
    let plan = world.plan(&wanted);
    assert_eq!((plan.refused.len(), &plan.steps[0].why), (1, &Reason::Disabled));
    assert_eq!(plan.counts().users_deactivated, 1);
    world.converge(&wanted);
    assert_eq!(world.aws.users.values().next().unwrap()["active"], json!(false));
}

#[test]
fn the_grace_begins_with_the_deactivation_and_ends_with_a_return() {
    let options = PlanOptions { deprovision: Deprovision::DeleteAfter { grace_seconds: 60 }, ..PlanOptions::default() };
    let (with, without) = (desired(&[("a", named("ann"))], &[]), desired(&[], &[]));
    let mut world = settled(options, &with);
    world.options.now = 100;
    world.converge(&without);
    assert_eq!(world.mirror.users[&LocalId::from("a")].status, Status::Deactivated { since: 100 });
    world.options.now = 159;
    assert!(world.plan(&without).steps.is_empty());
    world.options.now = 160;
    assert_eq!(world.plan(&without).steps[0].why, Reason::GraceOver { since: 100 });
    world.converge(&with);
    world.options.now = 500;
    assert_eq!(actions(&world.plan(&without)), [("deactivate", "a")]);
}

#[test]
fn the_return_of_somebody_who_stays_disabled_ends_the_grace_as_well() {
    let options = PlanOptions { deprovision: Deprovision::DeleteAfter { grace_seconds: 60 }, ..PlanOptions::default() };
    let user = desired(&[("a", json!({"userName": "ann", "active": false}))], &[]);
    let mut world = settled(options, &user);
    world.converge(&desired(&[], &[]));
    assert_eq!(world.plan(&user).steps[0].why, Reason::Returned);
    world.converge(&user);
    assert_eq!(world.mirror.users[&LocalId::from("a")].status, Status::Active);
}

#[test]
fn who_is_inactive_already_is_not_deactivated_again_but_for_the_grace_and_then_counts_for_nothing() {
    let user = desired(&[("a", json!({"userName": "ann", "active": false}))], &[]);
    let mut world = settled(PlanOptions::default(), &user);
    assert_eq!(world.plan(&desired(&[], &[])).steps, []);
    world.options.deprovision = Deprovision::DeleteAfter { grace_seconds: 60 };
    let plan = world.plan(&desired(&[], &[]));
    assert_eq!(actions(&plan), [("deactivate", "a")]);
    let nobody = Threshold { count: 0, share: 0.0, floor: 0 };
    assert_eq!(plan.hazard(&nobody), None, "nobody loses anything");
    world.options.deprovision = Deprovision::Delete;
    assert_eq!(world.plan(&desired(&[], &[])).hazard(&nobody).unwrap().users, 1, "a deletion takes the assignments");
}

#[test]
fn who_left_before_the_mirror_was_lost_is_not_deactivated_once_more() {
    let with = desired(&[("a", named("ann")), ("b", named("bob")), ("c", named("cid"))], &[]);
    let mut world = settled(PlanOptions::default(), &with);
    let without = desired(&[("c", json!({"userName": "cid", "active": false}))], &[]);
    world.converge(&without);
    world.aws.writes = 0;
    let mut claims = Claims::of(&desired(&[], &[]));
    for id in ["a", "b"] {
        claims.departed(Kind::User, LocalId::from(id), id.to_owned());
    }
    claims.silent(Kind::User, LocalId::from("c"), "c".to_owned());
    world.options.now = 700;
    world.rebuild(&claims);
    let status = |id: &str| world.mirror.users[&LocalId::from(id)].status;
    assert_eq!((status("a"), status("c")), (Status::Deactivated { since: 700 }, Status::Active));
    for deprovision in [Deprovision::Deactivate, Deprovision::DeleteAfter { grace_seconds: 60 }] {
        world.options.deprovision = deprovision;
        assert_eq!(world.plan(&without).steps, [], "{deprovision:?}");
    }
    world.options.now = 760;
    assert_eq!(world.plan(&without).steps.len(), 2, "the grace counts from the rebuilding");
    world.options.deprovision = Deprovision::Deactivate;
    assert_eq!(world.plan(&with).steps.len(), 3, "all of them are taken back");
}

#[test]
fn a_change_of_roles_replaces_the_whole_user_because_no_patch_can_carry_it() {
    let user = |role: &str| json!({"userName": "ann", "title": "Captain", "roles": [{"value": role}]});
    let mut world = settled(PlanOptions::default(), &desired(&[("a", user("x"))], &[]));
    let wanted = desired(&[("a", user("y"))], &[]);
    let plan = world.plan(&wanted);
    let request = plan.steps[0].prepare(&world.mirror, &world.dialect).unwrap().request;
    assert_eq!(request.method, Method::Put);
    assert_eq!(request.body.unwrap()["title"], json!("Captain"));
    world.converge(&wanted);
    assert_eq!((world.aws.writes, world.aws.refused.len()), (1, 0));
}

#[test]
fn a_group_that_is_adopted_is_read_before_anybody_is_removed_and_keeps_its_strangers_unless_told_otherwise() {
    let mut world = World::new(PlanOptions { adopt: Adopt::SameName, ..PlanOptions::default() });
    let ann = json!({"userName": "ann", "displayName": "A", "active": true, "title": "By hand",
                     "name": {"givenName": "A", "familyName": "A"}});
    let (ann, eve) = (world.aws.plant_user(ann.clone()), {
        let mut eve = ann;
        eve["userName"] = json!("eve");
        world.aws.plant_user(eve)
    });
    let group = world.aws.plant_group(json!({"displayName": "Sea"}), &[ann.clone(), eve.clone()]);
    world.rebuild(&scim::verify::Claims::default());
    let wanted = desired(&[("a", named("Ann")), ("b", named("bob"))], &[("g", "sea", &["b"])]);
    let plan = world.plan(&wanted);
    let expected =
        [("adopt", "a"), ("change", "a"), ("create", "b"), ("adopt", "g"), ("change", "g"), ("members", "g")];
    assert_eq!(actions(&plan), expected);
    world.converge(&wanted);
    assert_eq!(world.mirror.groups[&LocalId::from("g")].remote, RemoteId(group.clone()), "assignments stay");
    let bob = world.mirror.users[&LocalId::from("b")].remote.0.clone();
    assert_eq!(world.aws.members[&group], [eve.clone(), bob.clone()].into());
    assert!(!world.aws.users[&ann].contains_key("title"));
    world.options.strangers = Strangers::Remove;
    world.converge(&wanted);
    assert_eq!(world.aws.members[&group], [bob].into());
    assert!(world.aws.users.contains_key(&eve) && !world.aws.touched.contains(&eve));
}

#[test]
fn what_somebody_has_decided_to_take_over_is_planned_with_all_that_follows_and_nothing_follows_after_it() {
    for (mut world, changes) in
        [(World::new(PlanOptions::default()), "members"), (World::standard(PlanOptions::default(), false), "replace")]
    {
        let person = |name: &str| {
            let parts = json!({"givenName": "A", "familyName": "A"});
            json!({"userName": name, "displayName": "A", "active": true, "name": parts})
        };
        let [ann, eve] = ["ann", "eve"].map(|name| world.aws.plant_user(person(name)));
        let group = world.aws.plant_group(json!({"displayName": "sea"}), &[ann.clone(), eve.clone()]);
        world.rebuild(&Claims::default());
        let wanted = desired(&[("a", named("ann")), ("b", named("bob"))], &[("g", "sea", &["b"])]);
        assert!(!actions(&world.plan(&wanted)).contains(&("adopt", "a")), "nobody has decided");
        let members = [LocalId::from("a")].into();
        let roster = Roster { members, strangers: [RemoteId(eve.clone())].into(), unread: false };
        world.mirror.decided = Decided {
            users: [(LocalId::from("a"), RemoteId(ann.clone()))].into(),
            groups: [(LocalId::from("g"), RemoteId(group.clone()))].into(),
            rosters: [(LocalId::from("g"), roster)].into(),
        };
        let plan = world.plan(&wanted);
        let planned = actions(&plan);
        assert_eq!(planned.iter().filter(|(action, _)| *action == "adopt").count(), 2, "{planned:?}");
        assert!(planned.contains(&(changes, "g")), "{planned:?}");
        assert_eq!((plan.members_added, plan.members_removed, plan.memberships), (1, 1, 1));
        world.apply(&plan, &Claims::of(&wanted));
        assert_eq!(world.plan(&wanted).steps, []);
        let bob = world.mirror.users[&LocalId::from("b")].remote.0.clone();
        assert_eq!(world.aws.members[&group], [eve, bob].into());
    }
}

#[test]
fn who_was_read_of_what_was_decided_on_says_nothing_of_another_group_that_is_ours_already() {
    let mut world = World::new(PlanOptions::default());
    let person =
        json!({"userName": "ann", "displayName": "A", "active": true, "name": {"givenName": "A", "familyName": "A"}});
    let ann = world.aws.plant_user(person);
    let ours = world.aws.plant_group(json!({"displayName": "land", "externalId": "g"}), &[]);
    let other = world.aws.plant_group(json!({"displayName": "sea"}), std::slice::from_ref(&ann));
    let mut wanted = desired(&[("a", named("ann"))], &[("g", "sea", &["a"])]);
    let group = wanted.groups.get_mut(&LocalId::from("g")).unwrap();
    group.resource.insert("externalId".to_owned(), json!("g"));
    world.rebuild(&Claims::default());
    let roster = Roster { members: [LocalId::from("a")].into(), ..Roster::default() };
    world.mirror.decided = Decided {
        users: [(LocalId::from("a"), RemoteId(ann.clone()))].into(),
        groups: [(LocalId::from("g"), RemoteId(other))].into(),
        rosters: [(LocalId::from("g"), roster)].into(),
    };
    let plan = world.plan(&wanted);
    let step = plan.steps.iter().find(|step| step.object.id == LocalId::from("g")).unwrap();
    assert_eq!(step.action, Action::Adopt { remote: RemoteId(ours.clone()) });
    assert_eq!((plan.members_added, plan.memberships), (1, 0), "Ann is in the other group only");
    world.converge(&wanted);
    assert_eq!(world.aws.members[&ours], [ann].into());
}

#[test]
fn what_was_deleted_or_changed_over_there_is_told_and_put_right() {
    let wanted = desired(&[("a", named("ann")), ("b", named("bob"))], &[("g", "sea", &["a", "b"])]);
    let mut world = settled(PlanOptions::default(), &wanted);
    let (a, b) = (
        world.mirror.users[&LocalId::from("a")].remote.0.clone(),
        world.mirror.users[&LocalId::from("b")].remote.0.clone(),
    );
    world.aws.users.remove(&a);
    world.aws.members.values_mut().for_each(|members| members.clear());
    world.aws.users.get_mut(&b).unwrap().insert("nickName".to_owned(), json!("Bobby"));
    let listing = world.listing();
    let found = drift(&world.mirror, &listing, &world.dialect);
    let (a, b) = (LocalId::from("a"), LocalId::from("b"));
    assert!(
        matches!(&found[0], Drift::Differs { object, attributes, .. } if object.id == b && attributes == &["nickName"])
    );
    assert_eq!(found[1], Drift::Missing { object: Object::user(&a) });
    assert!(matches!(&found[2], Drift::Members { removed, .. } if *removed == [a, b]));
    found.iter().for_each(|found| world.mirror.record(found.effect()));
    assert_eq!(actions(&world.plan(&wanted)), [("create", "a"), ("change", "b"), ("members", "g")]);
    world.converge(&wanted);
    let listing = world.listing();
    assert_eq!(drift(&world.mirror, &listing, &world.dialect), []);
}

#[test]
fn a_step_that_was_refused_is_not_sent_again_until_it_changes_or_its_time_comes() {
    let mut world = World::new(PlanOptions::default());
    let wanted = |name: &str| desired(&[("a", named(name)), ("b", named("bob"))], &[("g", "sea", &["a"])]);
    let plan = world.plan(&wanted("ann"));
    world.mirror.park(&plan.steps[0], "400: no", "change it", 0);
    let plan = world.plan(&wanted("ann"));
    assert_eq!((actions(&plan), plan.waiting.len()), (vec![("create", "b"), ("create", "g")], 1));
    assert!(actions(&world.plan(&wanted("anna"))).contains(&("create", "a")));
    world.options.now = 900;
    assert!(actions(&world.plan(&wanted("ann"))).contains(&("members", "g")));
    world.options.now = 0;
    world.mirror.record(Effect::Gone { object: Object::user(&LocalId::from("a")) });
    assert!(world.plan(&wanted("ann")).waiting.is_empty());
}

#[test]
fn names_that_are_protected_are_neither_made_nor_changed_nor_removed() {
    let wanted = desired(&[("a", named("awsadmin")), ("b", named("bob"))], &[("g", "AWSControl", &["a", "b"])]);
    let mut world = settled(PlanOptions::default(), &wanted);
    world.protect("aws*");
    let shrunk = desired(&[("b", named("aws-bob"))], &[]);
    for wanted in [&shrunk, &desired(&[("a", named("other")), ("b", named("bob"))], &[("g", "new", &[])])] {
        let plan = world.plan(wanted);
        assert_eq!(plan.steps, [], "{:?}", plan.refused);
    }
    let plan = world.plan(&shrunk);
    assert_eq!((plan.refused.len(), plan.refused[0].object.kind), (1, Kind::User));
}
