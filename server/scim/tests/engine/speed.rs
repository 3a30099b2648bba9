//! A plan for the largest stores that AWS allows stays far below the time of one request for each hundred users.

use scim::dialect::Dialect;
use scim::id::{LocalId, RemoteId};
use scim::plan::{PlanOptions, plan};
use scim::state::{Desired, DesiredGroup, Held, Observed, Roster, Status};
use serde_json::json;

const USERS: usize = 20_000;
const GROUPS: usize = 1_000;

fn id(n: usize) -> LocalId {
    LocalId(format!("u{n:06}"))
}

fn desired() -> Desired {
    let user = |n: usize| {
        let resource = json!({
            "userName": format!("user{n}@example.com"), "externalId": format!("u{n:06}"), "active": true,
            "displayName": format!("User {n}"), "name": {"givenName": "User", "familyName": n.to_string()},
            "emails": [{"value": format!("user{n}@example.com"), "type": "work", "primary": true}],
        });
        (id(n), resource.as_object().unwrap().clone())
    };
    let group = |g: usize| {
        let resource = json!({"displayName": format!("group {g}"), "externalId": format!("g{g}")});
        let members = (0..200).map(|m| id((g * 37 + m * 101) % USERS)).collect();
        (LocalId(format!("g{g}")), DesiredGroup { resource: resource.as_object().unwrap().clone(), members })
    };
    Desired { users: (0..USERS).map(user).collect(), groups: (0..GROUPS).map(group).collect() }
}

fn mirror_of(desired: &Desired) -> Observed {
    let held = |(n, (id, resource)): (usize, (&LocalId, &scim::wire::Resource))| {
        let remote = RemoteId(format!("r-{n}"));
        (id.clone(), Held { remote, resource: resource.clone(), status: Status::Active })
    };
    let roster = |(id, group): (&LocalId, &DesiredGroup)| {
        (id.clone(), Roster { members: group.members.clone(), ..Roster::default() })
    };
    Observed {
        users: desired.users.iter().enumerate().map(held).collect(),
        groups: desired.groups.iter().map(|(id, g)| (id, &g.resource)).enumerate().map(held).collect(),
        rosters: desired.groups.iter().map(roster).collect(),
        ..Observed::default()
    }
}

#[test]
fn twenty_thousand_users_in_a_thousand_groups_are_planned_without_a_quadratic_step() {
    let (wanted, options, aws) = (desired(), PlanOptions::default(), Dialect::aws());
    let begin = std::time::Instant::now();
    let first = plan(&wanted, &Observed::default(), &aws, &options);
    let created = begin.elapsed();
    assert_eq!(first.requests(), USERS + GROUPS + GROUPS * 2);
    let mirror = mirror_of(&wanted);
    let begin = std::time::Instant::now();
    assert_eq!(plan(&wanted, &mirror, &aws, &options).steps, []);
    let nothing = begin.elapsed();
    // Everybody takes the name of the next: the longest chain there can be, closed to a ring.
    let mut shifted = wanted.clone();
    for n in 0..USERS {
        let name = json!(format!("user{}@example.com", (n + 1) % USERS));
        shifted.users.get_mut(&id(n)).unwrap().insert("userName".to_owned(), name);
    }
    let begin = std::time::Instant::now();
    assert_eq!(plan(&shifted, &mirror, &aws, &options).requests(), USERS + 1);
    let ring = begin.elapsed();
    println!("{USERS} users: all new {created:?}, nothing {nothing:?}, all renamed in a ring {ring:?}");
    // Without optimisation and on a busy machine; a quadratic loop would take minutes.
    assert!(created.max(nothing).max(ring).as_secs() < 30);
}
