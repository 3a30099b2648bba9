//! Trust policies.

use serde_json::{Value, json};

use super::desk::{Desk, refused};
use super::forge::{ACS, ISSUER, PROVIDER, attribute, draft, plus, signed};

const DENIED: &str = "Not authorized to perform sts:AssumeRoleWithSAML";

fn policy(actions: &[&str], condition: Value) -> String {
    let statement =
        json!({"Effect": "Allow", "Principal": {"Federated": PROVIDER}, "Action": actions, "Condition": condition});
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

async fn under(policy: &str, draft: &str) -> bool {
    let desk = Desk::new();
    desk.sandbox.iam().update_trust_policy("Reader", policy).unwrap();
    let answer = desk.assume(&signed(draft)).await;
    let allowed = answer.is_ok();
    if !allowed {
        refused(answer, 403, "AccessDenied", DENIED);
    }
    allowed
}

const ASSUME: &str = "sts:AssumeRoleWithSAML";

#[tokio::test]
async fn tags_need_tag_session_and_a_source_identity_needs_set_source_identity() {
    let tagged = plus(&attribute("PrincipalTag:Team", &["blue"]));
    assert!(!under(&policy(&[ASSUME], json!({})), &tagged).await);
    assert!(under(&policy(&[ASSUME, "sts:TagSession"], json!({})), &tagged).await);
    let sourced = plus(&attribute("SourceIdentity", &["ada"]));
    assert!(!under(&policy(&[ASSUME, "sts:TagSession"], json!({})), &sourced).await);
    assert!(under(&policy(&[ASSUME, "sts:SetSourceIdentity"], json!({})), &sourced).await);
    assert!(under(&policy(&["sts:*"], json!({})), &sourced).await);
}

#[tokio::test]
async fn a_policy_for_another_provider_action_or_kind_of_caller_does_not_allow() {
    assert!(!under(&policy(&["sts:AssumeRole"], json!({})), &draft()).await);
    let other = policy(&[ASSUME], json!({})).replace("saml-provider/Rolecall", "saml-provider/Other");
    assert!(!under(&other, &draft()).await);
    let service = policy(&[ASSUME], json!({})).replace("\"Federated\"", "\"AWS\"");
    assert!(!under(&service, &draft()).await);
}

#[tokio::test]
async fn a_denial_outweighs_an_allowance() {
    let mut document: Value = serde_json::from_str(&policy(&[ASSUME], json!({}))).unwrap();
    let mut denial = document["Statement"][0].clone();
    denial["Effect"] = "Deny".into();
    document["Statement"].as_array_mut().unwrap().push(denial);
    assert!(!under(&document.to_string(), &draft()).await);
}

#[tokio::test]
async fn conditions_on_the_response_are_judged_whatever_the_case_of_the_key() {
    for (condition, allowed) in [
        (json!({"StringEquals": {"SAML:aud": ACS}}), true),
        (json!({"StringEquals": {"saml:AUD": ["x", ACS]}}), true),
        (json!({"StringEquals": {"saml:aud": "https://eu-west-1.signin.aws.amazon.com/saml"}}), false),
        (json!({"StringLike": {"saml:aud": "https://*signin.aws.amazon.com/saml*"}}), true),
        (json!({"StringEquals": {"saml:iss": ISSUER, "saml:sub": "ada-7"}}), true),
        (json!({"StringEquals": {"saml:iss": ISSUER, "saml:sub": "bob"}}), false),
        (json!({"StringEquals": {"saml:sub_type": "persistent"}}), true),
        (json!({"StringEquals": {"saml:doc": "123412341234/Rolecall"}}), true),
        (json!({"StringNotEquals": {"saml:sub": "ada-7"}}), false),
        (json!({"ForAnyValue:StringEquals": {"saml:edupersonaffiliation": "staff"}}), true),
        (json!({"ForAllValues:StringEquals": {"saml:edupersonaffiliation": ["staff"]}}), false),
        (json!({"StringEquals": {"saml:cn": "x"}}), false),
        (json!({"StringEqualsIfExists": {"saml:cn": "x"}}), true),
        (json!({"Null": {"saml:cn": "true"}}), true),
    ] {
        let draft = plus(&attribute("urn:oid:1.3.6.1.4.1.5923.1.1.1.1", &["staff", "member"]));
        assert_eq!(under(&policy(&[ASSUME], condition.clone()), &draft).await, allowed, "{condition}");
    }
}

#[tokio::test]
async fn a_role_that_does_not_exist_is_refused_like_one_that_does_not_trust() {
    let desk = Desk::new();
    desk.sandbox.iam().delete_role("Reader").unwrap();
    refused(desk.assume(&signed(&draft())).await, 403, "AccessDenied", DENIED);
}

#[test]
fn a_policy_that_iam_cannot_read_is_malformed() {
    let desk = Desk::new();
    let good = policy(&[ASSUME], json!({}));
    for bad in [
        "{".to_owned(),
        "{}".to_owned(),
        good.replace("Allow", "Perhaps"),
        good.replace("sts:AssumeRoleWithSAML", "assume"),
        policy(&[ASSUME], json!({"StringAlike": {"saml:aud": "x"}})),
        good.replace("\"Effect\"", "\"Resource\":\"*\",\"Effect\""),
    ] {
        let fault = desk.sandbox.iam().update_trust_policy("Reader", &bad).unwrap_err();
        assert_eq!(fault.code, "MalformedPolicyDocument", "{bad}");
    }
}
