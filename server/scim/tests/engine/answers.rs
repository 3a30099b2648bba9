//! What each answer means.

use scim::apply::{Answer, Look, Outcome, doubted, interpret, lost};
use scim::dialect::Dialect;
use scim::id::{Kind, LocalId, Object, RemoteId};
use scim::plan::Adopt;
use scim::state::{Effect, Held, Observed, Pattern, Roster, Status};
use scim::step::{Action, Reason, Step, Unready};
use scim::wire::{Op, Operation, Resource, ServiceProviderConfig};
use serde_json::json;
use std::collections::BTreeSet;

fn ann() -> Resource {
    json!({"userName": "ann", "externalId": "u1", "active": true}).as_object().unwrap().clone()
}

fn on(object: Object, action: Action) -> Step {
    Step { object, name: "x".to_owned(), why: Reason::New, action }
}

fn user(action: Action) -> Step {
    on(Object::user(&LocalId::from("u1")), action)
}

fn create() -> Step {
    user(Action::Create { resource: ann(), members: BTreeSet::new() })
}

fn change() -> Step {
    user(Action::Change { operations: vec![Operation::new(Op::Replace, "title", json!("Sea"))] })
}

fn members() -> Step {
    let add = vec![LocalId::from("u1"), LocalId::from("u2")];
    on(Object::group(&LocalId::from("g1")), Action::ChangeMembers { add, remove: vec![], strangers: vec![] })
}

fn mirror() -> Observed {
    let held = |remote: &str| Held { remote: RemoteId::from(remote), resource: ann(), status: Status::Active };
    let mut mirror = Observed::default();
    for (id, remote) in [("u1", "r1"), ("u2", "r2")] {
        mirror.users.insert(LocalId::from(id), held(remote));
    }
    mirror.groups.insert(LocalId::from("g1"), held("r3"));
    mirror.rosters.insert(LocalId::from("g1"), Roster::default());
    mirror
}

fn read(step: &Step, status: u16, body: &str) -> Outcome {
    interpret(step, &Answer::new(status, body.as_bytes()), &Dialect::aws())
}

#[test]
fn a_broken_connection_is_told_from_an_object_that_is_gone() {
    for (status, body) in [(401, ""), (403, ""), (404, r#"{"detail":"TENANT does not exist.","status":"404"}"#)] {
        for step in [create(), change(), members(), user(Action::Delete)] {
            assert!(matches!(read(&step, status, body), Outcome::TokenRefused { .. }), "{status} {step:?}");
        }
    }
    for step in [change(), user(Action::Delete), user(Action::Deactivate { since: 7 })] {
        let effect = Effect::Gone { object: Object::user(&LocalId::from("u1")) };
        assert_eq!(read(&step, 404, r#"{"detail":"Resource not found"}"#), Outcome::Done { effect });
    }
    let other = Dialect::rfc7644(&ServiceProviderConfig::default());
    let outcome = interpret(&change(), &Answer::new(403, b""), &other);
    assert!(matches!(outcome, Outcome::Parked { .. }), "one object that is not ours to change stops no others");
}

#[test]
fn what_passes_by_itself_is_repeated_and_what_the_server_asks_for_is_kept() {
    for status in [408, 429, 500, 502, 503, 504] {
        assert!(matches!(read(&create(), status, "<html>"), Outcome::Retry { after: None, .. }), "{status}");
    }
    let answer = Answer { status: 429, body: b"", retry_after: Some(7) };
    assert!(matches!(interpret(&change(), &answer, &Dialect::aws()), Outcome::Retry { after: Some(7), .. }));
    for step in [change(), members(), user(Action::Delete)] {
        assert!(matches!(lost(&step), Outcome::Retry { .. }));
    }
}

#[test]
fn a_refusal_is_parked_with_the_words_of_the_server_and_a_way_out() {
    let body = r#"{"detail":"List attribute emails exceeds allowed limit of 1","status":"400"}"#;
    let Outcome::Parked { words, fix, .. } = read(&create(), 400, body) else { panic!() };
    assert_eq!(words, "400: List attribute emails exceeds allowed limit of 1");
    assert!(fix.contains("primary"));
    let Outcome::Parked { words, fix, .. } = read(&change(), 302, "") else { panic!() };
    assert_eq!(words, "status 302");
    assert!(fix.contains("address"));
    assert!(matches!(read(&change(), 409, ""), Outcome::Parked { .. }));
}

#[test]
fn both_statuses_of_a_replacement_are_success_and_a_creation_without_an_id_is_looked_up() {
    let replace = user(Action::Replace { resource: ann(), members: None });
    for status in [200, 201] {
        assert!(matches!(read(&replace, status, "{}"), Outcome::Done { .. }));
    }
    for (status, body) in [(201, "{}"), (201, ""), (202, "")] {
        assert!(matches!(read(&create(), status, body), Outcome::Unknown { look: Look::Name { lost: true, .. } }));
    }
    let Outcome::Done { effect } = read(&create(), 201, r#"{"id":"r9"}"#) else { panic!() };
    let object = Object::user(&LocalId::from("u1"));
    let members = BTreeSet::new();
    assert_eq!(effect, Effect::Created { object, remote: RemoteId::from("r9"), resource: ann(), members });
}

#[test]
fn what_was_to_become_ours_for_its_name_is_not_taken_under_another_one_and_who_decided_hears_that_it_has_gone() {
    let adopt = |why| {
        let step = user(Action::Adopt { remote: RemoteId::from("r9") });
        Step { name: "Ann".to_owned(), why, ..step }
    };
    let (ann, zoe) = (r#"{"id":"r9","userName":"ann"}"#, r#"{"id":"r9","userName":"zoe"}"#);
    for why in [Reason::OursAlready, Reason::SameName, Reason::Decided] {
        let for_its_name = why != Reason::OursAlready;
        let step = adopt(why);
        assert!(matches!(read(&step, 200, ann), Outcome::Done { effect: Effect::Adopted { .. } }), "{step:?}");
        let other = read(&step, 200, zoe);
        assert_eq!(
            matches!(other, Outcome::Parked { effect: Some(Effect::Met { .. }), .. }),
            for_its_name,
            "{other:?}"
        );
    }
    let gone = |why| read(&adopt(why), 404, r#"{"detail":"Resource not found"}"#);
    assert!(matches!(gone(Reason::SameName), Outcome::Done { effect: Effect::Vanished { .. } }));
    assert!(matches!(gone(Reason::Decided), Outcome::Parked { effect: Some(Effect::Vanished { .. }), .. }));
}

#[test]
fn a_conflict_is_looked_up_by_name_then_by_our_identifier() {
    let Outcome::Conflict { look } = read(&create(), 409, "") else { panic!() };
    let empty = Observed::default();
    assert_eq!(look.request(&empty, &Dialect::aws()).unwrap().path, "/Users?filter=userName%20eq%20%22ann%22");
    let nobody = Answer::new(200, br#"{"Resources":[]}"#);
    let aws = Dialect::aws();
    let Outcome::Conflict { look } = look.interpret(&nobody, &empty, &aws, Adopt::Never) else { panic!() };
    assert_eq!(look.request(&empty, &Dialect::aws()).unwrap().path, "/Users?filter=externalId%20eq%20%22u1%22");
    let Outcome::Parked { fix, .. } = look.interpret(&nobody, &empty, &aws, Adopt::Never) else { panic!() };
    assert!(fix.contains("e-mail"));
    let Outcome::Unknown { look } = lost(&create()) else { panic!() };
    assert!(matches!(look.interpret(&nobody, &empty, &aws, Adopt::Never), Outcome::Retry { .. }));
}

#[test]
fn what_is_found_is_ours_by_its_identifier_or_by_the_wish_to_adopt_and_never_when_protected_or_somebody_elses() {
    let Outcome::Conflict { look } = read(&create(), 409, "") else { panic!() };
    let ask = |row: &str, mirror: &Observed, adopt: Adopt| {
        let body = format!(r#"{{"Resources":[{{"id":"r0","userName":"other"}},{row}]}}"#);
        look.interpret(&Answer::new(200, body.as_bytes()), mirror, &Dialect::aws(), adopt)
    };
    let mut mirror = Observed::default();
    let ours = r#"{"id":"r9","userName":"Ann","externalId":"u1"}"#;
    let theirs = r#"{"id":"r9","userName":"Ann","externalId":"x"}"#;
    let adopted = |outcome| matches!(outcome, Outcome::Done { effect: Effect::Adopted { .. } });
    assert!(adopted(ask(ours, &mirror, Adopt::Never)));
    assert!(adopted(ask(theirs, &mirror, Adopt::SameName)));
    let Outcome::Parked { effect, .. } = ask(theirs, &mirror, Adopt::Never) else { panic!() };
    assert!(matches!(effect, Some(Effect::Met { kind: Kind::User, .. })));
    mirror.protected.push(Pattern("a*".to_owned()));
    assert!(!adopted(ask(ours, &mirror, Adopt::SameName)));
    mirror.protected.clear();
    let held = Held { remote: RemoteId::from("r9"), resource: ann(), status: Status::Deactivated { since: 1 } };
    mirror.users.insert(LocalId::from("somebody-else"), held);
    let Outcome::Parked { words, .. } = ask(ours, &mirror, Adopt::SameName) else { panic!() };
    assert!(words.contains("somebody-else"), "an account is never handed from one person to another: {words}");
}

#[test]
fn a_standard_server_that_has_no_patch_after_all_is_planned_for_anew_and_aws_is_not() {
    let standard = Dialect::rfc7644(&ServiceProviderConfig::default());
    for step in [change(), members(), user(Action::Deactivate { since: 7 })] {
        for status in [405, 501] {
            let outcome = interpret(&step, &Answer::new(status, br#"{"status":501}"#), &standard);
            assert!(matches!(outcome, Outcome::NoPatch { .. }), "{outcome:?}");
            assert!(matches!(read(&step, status, ""), Outcome::Parked { .. }));
        }
    }
    for step in [create(), user(Action::Delete), user(Action::Replace { resource: ann(), members: None })] {
        assert!(matches!(interpret(&step, &Answer::new(501, b""), &standard), Outcome::Parked { .. }));
    }
}

#[test]
fn numbers_for_texts_do_not_hide_what_is_ours() {
    let wanted = json!({"userName": "4711", "externalId": "815", "active": true}).as_object().unwrap().clone();
    let standard = Dialect::rfc7644(&ServiceProviderConfig::default());
    let step = user(Action::Create { resource: wanted, members: BTreeSet::new() });
    let Outcome::Unknown { look } = lost(&step) else { panic!() };
    let body = br#"{"totalResults":"1","Resources":[{"id":9,"userName":4711,"externalId":815,"active":"True"}]}"#;
    let outcome = look.interpret(&Answer::new(200, body), &Observed::default(), &standard, Adopt::Never);
    let Outcome::Done { effect: Effect::Adopted { remote, resource, .. } } = outcome else { panic!("{outcome:?}") };
    assert_eq!(
        (remote, &resource["userName"], &resource["active"]),
        (RemoteId::from("9"), &json!("4711"), &json!(true))
    );
}

#[test]
fn a_membership_that_is_refused_is_traced_to_the_group_or_the_member_that_is_gone() {
    let (mirror, aws) = (mirror(), Dialect::aws());
    for status in [400, 404] {
        let Outcome::Unknown { look } = read(&members(), status, r#"{"detail":"no"}"#) else { panic!() };
        assert_eq!(look.request(&mirror, &Dialect::aws()).unwrap().path, "/Groups/r3");
        let gone = |object| Outcome::Done { effect: Effect::Gone { object } };
        let ask = |look: &Look, status| look.interpret(&Answer::new(status, b"{}"), &mirror, &aws, Adopt::Never);
        assert_eq!(ask(&look, 404), gone(Object::group(&LocalId::from("g1"))));
        let Outcome::Unknown { look } = ask(&look, 200) else { panic!() };
        assert_eq!(look.request(&mirror, &Dialect::aws()).unwrap().path, "/Users/r2");
        let Outcome::Unknown { look } = ask(&look, 200) else { panic!() };
        assert_eq!(look.request(&mirror, &Dialect::aws()).unwrap().path, "/Users/r1");
        assert_eq!(ask(&look, 404), gone(Object::user(&LocalId::from("u1"))));
        assert!(matches!(ask(&look, 200), Outcome::Parked { .. }));
    }
}

#[test]
fn a_step_is_sent_only_when_what_it_is_about_is_there() {
    let (mut mirror, aws) = (mirror(), Dialect::aws());
    let u1 = Object::user(&LocalId::from("u1"));
    assert_eq!(create().prepare(&mirror, &aws).unwrap_err(), Unready::ThereAlready(u1.clone()));
    mirror.record(Effect::Gone { object: u1.clone() });
    assert_eq!(change().prepare(&mirror, &aws).unwrap_err(), Unready::NotThere(u1));
    let ready = members().prepare(&mirror, &aws).unwrap();
    let Action::ChangeMembers { add, .. } = ready.step.action else { panic!() };
    assert_eq!(add, [LocalId::from("u2")]);
    assert_eq!(ready.request.body.unwrap()["Operations"][0]["value"], json!([{"value": "r2"}]));
    mirror.record(Effect::Gone { object: Object::user(&LocalId::from("u2")) });
    let g1 = Object::group(&LocalId::from("g1"));
    assert_eq!(members().prepare(&mirror, &aws).unwrap_err(), Unready::NothingLeft(g1));
}

#[test]
fn what_became_of_a_step_that_is_not_repeated_is_seen_in_the_object() {
    let (dialect, mirror) = (Dialect::aws(), mirror());
    for step in [change(), user(Action::Delete), user(Action::Deactivate { since: 7 })] {
        let look = doubted(&step).unwrap();
        assert_eq!(look.request(&mirror, &Dialect::aws()).unwrap().path, "/Users/r1");
        let answer =
            |status, body: &str| look.interpret(&Answer::new(status, body.as_bytes()), &mirror, &dialect, Adopt::Never);
        let Outcome::Done { effect: Effect::Gone { object } } = answer(404, "") else { panic!("{step:?}") };
        assert_eq!(object, step.object);
        let body = r#"{"id":"r1","userName":"ann","externalId":"u1","active":false,"title":"Sea"}"#;
        let Outcome::Done { effect: Effect::Seen { resource, .. } } = answer(200, body) else { panic!("{step:?}") };
        assert_eq!((&resource["title"], &resource["active"]), (&json!("Sea"), &json!(false)));
        assert!(matches!(answer(200, "no JSON"), Outcome::Parked { .. }));
        assert!(matches!(answer(503, ""), Outcome::Retry { .. }));
    }
    assert!(matches!(doubted(&create()), Some(Look::Name { lost: true, .. })));
    assert!(matches!(doubted(&members()), Some(Look::Whole { object }) if object.kind == Kind::Group));
}
