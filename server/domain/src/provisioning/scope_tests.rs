use std::{collections::BTreeMap, sync::Arc};

use model::{Application, Policy, ScimProvider, User, Versioned};
use serde_json::json;

use super::{
    patience::Patience,
    scope::{Covers, Scope},
};
use crate::{
    Vault,
    person::Person,
    port::{Configuration, ScimRecord},
    snapshot::Snapshot,
    vault::MasterKey,
};

fn kept<T>(value: T) -> Versioned<T> {
    Versioned { version: 1, value }
}

/// A provider behind one application, which is bound to policies.
fn snapshot(bindings: serde_json::Value, policies: &[(&str, &str)]) -> (Arc<Snapshot>, ScimProvider) {
    let provider = ScimProvider::new("scim", "https://scim.example/v2");
    let application: Application = serde_json::from_value(json!({
        "slug": "aws", "name": "AWS", "backchannel_providers": ["scim"], "bindings": bindings,
    }))
    .unwrap();
    let policy = |(name, expression): &(&str, &str)| {
        let policy: Policy = serde_json::from_value(json!({ "name": name, "expression": expression })).unwrap();
        ((*name).to_owned(), kept(policy))
    };
    let record = ScimRecord { provider: provider.clone(), tokens: Vec::new() };
    let configuration = Configuration {
        applications: BTreeMap::from([("aws".to_owned(), kept(application))]),
        scim_providers: BTreeMap::from([("scim".to_owned(), kept(record))]),
        policies: policies.iter().map(policy).collect(),
        ..Configuration::default()
    };
    let vault = Vault::new(MasterKey::new([7; 32]), Vec::new());
    (Arc::new(Snapshot::derive(configuration, &vault, None).unwrap()), provider)
}

fn person(name: &str, snapshot: &Snapshot) -> Person {
    let user: User = serde_json::from_value(json!({
        "username": name, "uid": name, "name": name, "given_name": "", "family_name": "", "email": "", "active": true,
        "role": "member", "service_account": false, "groups": [], "attributes": {},
    }))
    .unwrap();
    Person::new(user, snapshot)
}

#[test]
fn what_was_kept_of_people_is_good_until_a_policy_that_was_asked_changes() {
    let bindings = || json!([{ "policy": "asked" }, { "policy": "off", "enabled": false }]);
    let questions = |asked: &str, other: &str| {
        let policies = [("asked", asked), ("off", other), ("other", other)];
        let (snapshot, provider) = snapshot(bindings(), &policies);
        Scope::new(&snapshot, &provider).questions()
    };
    let before = questions("return True", "return True");
    assert_eq!(before.values().map(|named| named.len()).sum::<usize>(), 1);
    assert_eq!(questions("return True", "return False"), before, "nobody asked that policy");
    assert_ne!(questions("return False", "return True"), before, "what was kept says the opposite now");
}

#[test]
fn a_policy_that_runs_out_of_time_leaves_people_as_they_are_and_is_not_asked_about_everybody() {
    let slow = "while True:\n    pass";
    let (snapshot, provider) = snapshot(json!([{ "policy": "slow" }]), &[("slow", slow)]);
    let patience = Patience::default();
    let mut said = Vec::new();
    for n in 0..200 {
        // A batch begins with the patience that the one before has left.
        let scope = Scope::new(&snapshot, &provider).with(patience.clone());
        let Covers::Unknown { policy, message } = scope.covers(&person(&format!("p{n}"), &snapshot)) else {
            panic!("somebody was taken out of the scope for a policy that said nothing");
        };
        assert_eq!(policy, "slow");
        said.push(message);
    }
    let asked = said.iter().filter(|message| message.contains("TimeoutError")).count();
    assert_eq!(asked, 3, "{said:?}");
}

#[test]
fn a_policy_without_an_answer_matters_only_where_no_other_binding_settles_it() {
    let slow = "while True:\n    pass";
    let policies = [("slow", slow), ("yes", "return True"), ("broken", "return 1 / 0")];
    let covers = |bindings: serde_json::Value| {
        let (snapshot, provider) = snapshot(bindings, &policies);
        Scope::new(&snapshot, &provider).covers(&person("ada", &snapshot))
    };
    assert_eq!(covers(json!([{ "policy": "slow" }, { "policy": "yes" }])), Covers::Yes);
    assert_eq!(covers(json!([{ "policy": "broken" }])), Covers::No);
    assert_eq!(covers(json!([{ "policy": "broken", "failure_result": true }])), Covers::Yes);
    assert!(matches!(covers(json!([{ "policy": "broken" }, { "policy": "slow" }])), Covers::Unknown { .. }));
}

#[test]
fn whether_somebody_is_in_scope_by_an_application_is_one_question_to_its_policy() {
    let (snapshot, provider) = snapshot(json!([{ "policy": "asked" }]), &[("asked", "return True")]);
    let scope = Scope::new(&snapshot, &provider);
    let application = snapshot.application("aws").unwrap();
    assert_eq!(scope.covers_by(&person("ada", &snapshot), application), Covers::Yes);
    assert_eq!(scope.patience.asked(), 1);
}
