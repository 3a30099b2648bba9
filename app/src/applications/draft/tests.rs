use model::Application;
use serde_json::json;

use super::{ApplicationDraft, SubjectKind};

fn sample() -> Application {
    serde_json::from_value(json!({
        "slug": "aws", "name": "Amazon", "description": "x", "icon": "/aws.svg", "saml_provider": "aws-iam",
        "launch_url": null, "policy_engine_mode": "all",
        "bindings": [{ "group": "admins" }, { "user": "ada", "negate": true, "order": -3, "enabled": false },
                     { "policy": "hours", "failure_result": true }],
        "aws_roles": [{ "role": "arn:aws:iam::123412341234:role/Admin",
                        "provider": "arn:aws:iam::123412341234:saml-provider/rolecall", "groups": ["admins"] }],
    }))
    .unwrap()
}

fn fields(draft: &ApplicationDraft) -> Vec<String> {
    draft.application().unwrap_err().into_iter().map(|fault| fault.field).collect()
}

#[test]
fn opening_and_saving_a_form_changes_nothing() {
    let application = sample();
    assert_eq!(ApplicationDraft::from(&application).application().unwrap(), application);
}

#[test]
fn rows_of_a_draft_have_keys_of_their_own() {
    let mut draft = ApplicationDraft::from(&sample());
    draft.add_binding();
    draft.add_role();
    let mut keys: Vec<u32> =
        draft.bindings.iter().map(|b| b.key).chain(draft.aws_roles.iter().map(|r| r.key)).collect();
    let all = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), all);
}

#[test]
fn every_fault_names_the_field_it_is_in() {
    let mut draft = ApplicationDraft { slug: "No Slug".into(), ..ApplicationDraft::default() };
    draft.add_binding();
    draft.add_role();
    draft.bindings[0].order = "first".into();
    draft.aws_roles[0].role = "arn:aws:iam::1:role/x".into();
    let expected = ["slug", "name", "bindings.0", "bindings.0.order", "aws_roles.0.role", "aws_roles.0.provider"];
    assert_eq!(fields(&draft), expected);
}

#[test]
fn a_role_and_a_provider_of_two_accounts_are_refused_before_they_are_sent() {
    let mut draft = ApplicationDraft::from(&sample());
    draft.aws_roles[0].provider = "arn:aws:iam::999999999999:saml-provider/rolecall".into();
    assert_eq!(fields(&draft), ["aws_roles.0.provider"]);
}

#[test]
fn empty_texts_mean_that_nothing_is_set() {
    let mut draft = ApplicationDraft::from(&sample());
    (draft.icon, draft.saml_provider, draft.launch_url) = ("  ".into(), String::new(), " /x ".into());
    let application = draft.application().unwrap();
    assert_eq!((application.icon, application.saml_provider, application.launch_url), (None, None, Some("/x".into())));
}

#[test]
fn a_kind_that_is_not_known_is_a_group() {
    assert_eq!(SubjectKind::of("policy"), SubjectKind::Policy);
    assert_eq!(SubjectKind::of("?"), SubjectKind::Group);
}
