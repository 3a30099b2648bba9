//! Whether both sides are equal, and what has to stay as it was.

use crate::double::runner::World;
use crate::sides::{GROUPS, NAMES};
use scim::id::{Kind, LocalId};
use scim::plan::{Adopt, Deprovision, PlanOptions, Strangers};
use scim::state::{Desired, Status};
use scim::verify::Claims;
use scim::wire::Resource;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// A world in which `before` is there, among foreign objects.
pub fn world(before: &Desired, foreign: &[(bool, usize)], options: PlanOptions) -> World {
    settle(World::new(PlanOptions { adopt: Adopt::Never, ..options }), before, foreign, options)
}

pub fn settle(mut world: World, before: &Desired, foreign: &[(bool, usize)], options: PlanOptions) -> World {
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
pub fn claims(before: &[&Desired], now: &Desired) -> Claims {
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
pub fn check(world: &mut World, wanted: &Desired) {
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
pub fn no_passing_names(world: &World) {
    let names = world.aws.users.values().map(|user| &user["userName"]);
    let mut names = names.chain(world.aws.groups.values().map(|group| &group["displayName"]));
    assert!(names.all(|name| !name.as_str().unwrap().starts_with("moving-")));
}

/// What of the remote store is not ours and has to stay as it is.
pub fn untouchable(world: &World) -> BTreeMap<String, Resource> {
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

pub fn still_there(world: &World, untouchable: &BTreeMap<String, Resource>) {
    for (id, before) in untouchable {
        assert_eq!(world.aws.users.get(id).or_else(|| world.aws.groups.get(id)), Some(before));
        assert!(!world.aws.touched.contains(id));
    }
}
