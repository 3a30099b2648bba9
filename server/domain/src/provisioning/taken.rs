use model::ScimDialect;
use scim::{
    id::{Kind, LocalId},
    state::Observed,
    step::{Action, Step},
    wire::name_of,
};

use super::removals::losses;

/// Removals that are named one by one.
const NAMED: usize = 50;

/// Whom and what steps take away, a line each: whole groups and users before memberships, and no more than are read.
pub fn taken(steps: &[Step], observed: &Observed, dialect: ScimDialect) -> Vec<String> {
    let deleted = |kind: Kind| {
        let gone = steps.iter().filter(move |step| step.object.kind == kind && step.action == Action::Delete);
        gone.map(move |step| {
            let word = super::view::word(kind);
            format!("{word} {} is deleted: {}", step.name, lost(step, observed, dialect))
        })
    };
    let off = steps.iter().filter(|step| matches!(step.action, Action::Deactivate { .. }) || step.disables());
    let off = off.map(|step| format!("user {} is deactivated", step.name));
    let out = steps.iter().flat_map(|step| {
        let (members, strangers) = losses(step, observed);
        let ours = members.into_iter().map(|id| user_name(id, observed));
        let others = strangers.into_iter().map(|remote| format!("{remote}, who is not ours,"));
        ours.chain(others).map(|who| format!("{who} is taken out of group {}", step.name))
    });
    deleted(Kind::Group).chain(deleted(Kind::User)).chain(off).chain(out).take(NAMED).collect()
}

/// What goes with an object that a step deletes.
pub fn lost(step: &Step, observed: &Observed, dialect: ScimDialect) -> String {
    let Step { object, name, .. } = step;
    let kind = super::view::word(object.kind);
    let with = match object.kind {
        Kind::Group => {
            let members = observed.rosters.get(&object.id).map_or(0, |r| r.members.len() + r.strangers.len());
            format!("{members} {}", if members == 1 { "member" } else { "members" })
        }
        Kind::User => {
            let groups = observed.rosters.values().filter(|roster| roster.members.contains(&object.id)).count();
            format!("in {groups} {}", if groups == 1 { "group" } else { "groups" })
        }
    };
    match dialect {
        ScimDialect::Aws => format!(
            "{with}; every permission-set assignment at AWS to {name} is lost, and a new {kind} of that name does not get them back"
        ),
        ScimDialect::Rfc7644 => format!(
            "{with}; everything that is assigned to {name} there is lost, and a new {kind} of that name does not get it back"
        ),
    }
}

/// What a user is called there who is ours, or about to become ours.
pub fn user_name(id: &LocalId, observed: &Observed) -> String {
    let held = observed.users.get(id).map(|held| &held.resource);
    let there = held.or_else(|| observed.foreign_users.get(observed.decided.users.get(id)?));
    there.map_or_else(|| id.to_string(), |there| name_of(Kind::User, there).to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use model::ScimDialect;
    use scim::{
        id::{LocalId, Object, RemoteId},
        state::{Held, Observed, Roster, Status},
        step::{Action, Reason, Step},
        wire::{Op, Operation},
    };
    use serde_json::json;

    use super::{NAMED, taken};
    use crate::provisioning::{loss::Loss, removals::removals};

    fn step(object: Object, name: &str, action: Action) -> Step {
        Step { object, name: name.to_owned(), why: Reason::LeftScope, action }
    }

    fn mirror(people: usize) -> Observed {
        let mut observed = Observed::default();
        for n in 0..people {
            let resource = json!({ "userName": format!("u{n:03}@example.com") }).as_object().unwrap().clone();
            let held = Held { remote: RemoteId(format!("r{n}")), resource, status: Status::Active };
            observed.users.insert(LocalId(format!("{n:03}")), held);
        }
        let members = observed.users.keys().cloned().collect();
        observed.rosters.insert(LocalId::from("sea"), Roster { members, ..Roster::default() });
        observed
    }

    #[test]
    fn what_a_deletion_takes_along_is_said_first_and_the_rest_is_named_up_to_a_number() {
        let (observed, sea, user) = (mirror(60), LocalId::from("sea"), LocalId::from("007"));
        let remove: Vec<LocalId> = observed.users.keys().cloned().collect();
        let out = Action::ChangeMembers { add: Vec::new(), remove, strangers: vec![RemoteId::from("x")] };
        let steps = [
            step(Object::group(&LocalId::from("air")), "air", out),
            step(Object::user(&user), "u007@example.com", Action::Deactivate { since: 1 }),
            step(Object::user(&user), "u007@example.com", Action::Delete),
            step(Object::group(&sea), "sea", Action::Delete),
        ];
        let lines = taken(&steps, &observed, ScimDialect::Aws);
        assert_eq!(
            lines[..4],
            [
                "group sea is deleted: 60 members; every permission-set assignment at AWS to sea is lost, and a new group of that name does not get them back",
                "user u007@example.com is deleted: in 1 group; every permission-set assignment at AWS to u007@example.com is lost, and a new user of that name does not get them back",
                "user u007@example.com is deactivated",
                "u000@example.com is taken out of group air",
            ]
        );
        assert_eq!((lines.len(), removals(&steps, &observed).len()), (NAMED, 64));
        let elsewhere = taken(&steps, &observed, ScimDialect::Rfc7644);
        assert!(elsewhere[0].contains("everything that is assigned to sea there") && !elsewhere[0].contains("AWS"));
    }

    #[test]
    fn whoever_is_switched_off_along_with_another_change_is_named_and_counted_also_where_everything_is_sent() {
        let (observed, id) = (mirror(2), LocalId::from("000"));
        let mut resource = observed.users[&id].resource.clone();
        resource.extend([("title".to_owned(), json!("Retired")), ("active".to_owned(), json!(false))]);
        let operations = ["title", "active"].map(|path| Operation::new(Op::Add, path, resource[path].clone()));
        let attributes = ["title", "active"].map(str::to_owned);
        let whole = Action::Replace { resource: resource.clone(), members: None };
        for action in [Action::Change { operations: operations.to_vec() }, whole] {
            let why = Reason::Changed { attributes: attributes.to_vec() };
            let steps = [Step { why, ..step(Object::user(&id), "u000@example.com", action) }];
            assert_eq!(taken(&steps, &observed, ScimDialect::Rfc7644), ["user u000@example.com is deactivated"]);
            assert_eq!(removals(&steps, &observed).into_iter().collect::<Vec<_>>(), ["deactivate 000"]);
            let loss = Loss::User { user: id.clone(), remote: RemoteId::from("r0") };
            assert_eq!(Loss::all(&steps, &observed), BTreeSet::from([loss]));
        }
        // Of somebody who is off already a whole that says so once more takes nothing.
        let why = Reason::Changed { attributes: vec!["title".to_owned()] };
        let action = Action::Replace { resource, members: None };
        let steps = [Step { why, ..step(Object::user(&id), "u000@example.com", action) }];
        assert!(taken(&steps, &observed, ScimDialect::Rfc7644).is_empty() && removals(&steps, &observed).is_empty());
    }

    #[test]
    fn whoever_is_left_out_of_a_group_that_is_sent_as_a_whole_is_taken_out() {
        let observed = mirror(2);
        let members = Some(Roster { members: [LocalId::from("000")].into(), ..Roster::default() });
        let whole = Action::Replace { resource: serde_json::Map::new(), members };
        let steps = [step(Object::group(&LocalId::from("sea")), "sea", whole)];
        assert_eq!(taken(&steps, &observed, ScimDialect::Rfc7644), ["u001@example.com is taken out of group sea"]);
        assert_eq!(removals(&steps, &observed).into_iter().collect::<Vec<_>>(), ["member sea 001"]);
    }
}
