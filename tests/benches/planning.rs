use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use scim::{
    dialect::Dialect,
    id::{LocalId, RemoteId},
    plan::{PlanOptions, plan},
    state::{Desired, DesiredGroup, Held, Observed, Roster, Status},
    wire::Resource,
};
use serde_json::json;
use tests::Provisioned;

use crate::{Outcome, process::own_cpu_seconds, table::Table};

/// Members of a group, and groups of a person, as large directories have them.
const MEMBERS: usize = 100;
const EACH: usize = 5;
/// Changes whose way to the service is measured.
const CHANGES: usize = 200;

/// The plan alone, from rendered people and a mirror: everything is new, and nothing is.
pub fn by_size(table: &mut Table) -> Outcome<()> {
    let (dialect, options) = (Dialect::aws(), PlanOptions::default());
    for users in [1_000, 10_000, 100_000] {
        let desired = desired(users);
        let mirror = mirror(&desired, &dialect);
        let all = cpu(|| plan(&desired, &Observed::default(), &dialect, &options).requests())?;
        let nothing = cpu(|| plan(&desired, &mirror, &dialect, &options).requests())?;
        if all.0 == 0 || nothing.0 != 0 {
            return Err(format!("a plan for {users} people has {} steps, and then {}", all.0, nothing.0));
        }
        table.row(
            format!("plan for {users} users who are all there"),
            format!("{:.3} s of CPU", nothing.1),
            format!("{:.3} s when all are new, {} requests", all.1, all.0),
        );
    }
    Ok(())
}

fn cpu(work: impl Fn() -> usize) -> Outcome<(usize, f64)> {
    let before = own_cpu_seconds()?;
    let result = black_box(work());
    Ok((result, own_cpu_seconds()? - before))
}

fn object(value: &serde_json::Value) -> Resource {
    value.as_object().cloned().unwrap_or_default()
}

fn desired(users: usize) -> Desired {
    let id = |n: usize| LocalId(format!("u{n:06}"));
    let user = |n: usize| {
        let resource = json!({
            "userName": format!("p{n}@example.com"), "externalId": id(n), "active": true,
            "displayName": format!("Person {n}"), "name": { "givenName": "Person", "familyName": n.to_string() },
            "emails": [{ "value": format!("p{n}@example.com"), "type": "work", "primary": true }],
        });
        (id(n), object(&resource))
    };
    let groups = (users * EACH / MEMBERS).max(1);
    let group = |g: usize| {
        let resource = object(&json!({ "displayName": format!("group {g}"), "externalId": format!("g{g}") }));
        let members = (0..MEMBERS).map(|m| id((g * MEMBERS + m) % users)).collect();
        (LocalId(format!("g{g}")), DesiredGroup { resource, members })
    };
    Desired { users: (0..users).map(user).collect(), groups: (0..groups).map(group).collect() }
}

/// Of a service that has all of it.
fn mirror(desired: &Desired, dialect: &Dialect) -> Observed {
    let held = |(n, (id, resource)): (usize, (&LocalId, Resource))| {
        (id.clone(), Held { remote: RemoteId(format!("r-{n}")), resource, status: Status::Active })
    };
    let users = desired.users.iter().map(|(id, user)| (id, dialect.conform_user(user).resource));
    let groups = desired.groups.iter().map(|(id, group)| (id, dialect.conform_group(&group.resource).resource));
    let roster = |(id, group): (&LocalId, &DesiredGroup)| {
        (id.clone(), Roster { members: group.members.clone(), ..Roster::default() })
    };
    Observed {
        users: users.enumerate().map(held).collect(),
        groups: groups.enumerate().map(held).collect(),
        rosters: desired.groups.iter().map(roster).collect(),
        ..Observed::default()
    }
}

/// From the commit of a change to the answer of the service, with nothing else going on.
pub async fn from_change_to_answer(table: &mut Table) -> Outcome<()> {
    for people in [1_000, 10_000] {
        let provisioned = with_people(people, "group: sea").await;
        let what = format!("change to acknowledged, {people} people");
        acknowledged(table, what, &provisioned, |change| person(change * 7 % people, "sea", change + 1)).await;
        let what = format!("the same when somebody leaves the group, {people} people");
        acknowledged(table, what, &provisioned, |change| person(change, "", 0)).await;
    }
    let people = 10_000;
    let provisioned = with_people(people, "policy: sailors").await;
    let what = format!("the same when somebody leaves a policy's group, {people} people");
    acknowledged(table, what, &provisioned, |change| person(change, "", 0)).await;
    Ok(())
}

/// People of the group `sea`, synchronised, of whom the binding lets all in.
async fn with_people(people: usize, binding: &str) -> Provisioned {
    let mut text = String::from(
        "version: 1\ngroups: [{ name: sea }]\npolicies: [{ name: sailors, expression: 'return user.is_member(\"sea\")' }]\nusers:\n",
    );
    text.push_str(
        "  - { username: root, email: root@example.com, password: \"analytical-engine-1843\", administrator: true }\n",
    );
    for n in 0..people {
        text.push_str(&person(n, "sea", 0));
    }
    text.push_str(
        "scim_providers: [{ name: aws-scim, {scim}, writes_per_second: 2000, removal_threshold: { count: 100000, percent: 100 } }]\n",
    );
    text.push_str(&format!(
        "applications: [{{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{{ {binding} }}] }}]\n"
    ));
    let provisioned = Provisioned::new(&text).await;
    provisioned.synced().await;
    provisioned
}

/// From the moment at which a change is saved to the service's answer about the user.
async fn acknowledged(table: &mut Table, what: String, provisioned: &Provisioned, changed: impl Fn(usize) -> String) {
    let mut taken = Vec::new();
    for change in 0..CHANGES {
        provisioned.sandbox.forget_requests();
        provisioned.world.apply(&format!("version: 1\nusers:\n{}", changed(change))).await;
        let began = Instant::now();
        while !provisioned.sandbox.requests().iter().any(|request| request.status == Some(200)) {
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        taken.push(began.elapsed().as_secs_f64() * 1000.0);
        provisioned.synced().await;
    }
    taken.sort_by(f64::total_cmp);
    let at = |share: usize| taken.get(taken.len() * share / 100).copied().unwrap_or_default();
    let how = format!("median of {CHANGES}; p99 {:.0} ms; changes are gathered for 100 ms", at(99));
    table.row(what, format!("{:.0} ms", at(50)), how);
}

fn person(n: usize, group: &str, change: usize) -> String {
    format!(
        "  - {{ username: u{n:05}, email: u{n:05}@example.com, groups: [{group}], attributes: {{ department: D{change} }} }}\n"
    )
}
