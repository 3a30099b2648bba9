//! STS by its Query protocol.

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::sha::sha1;

use super::desk::{Answer, Desk};
use super::forge::{ACS, ISSUER, PROVIDER, ROLE, attribute, draft, encode, plus, signed};
use crate::{Partition, Sandbox, SandboxOptions};

async fn ask(desk: &Desk, role: &str, provider: &str, document: &str) -> Answer {
    let assertion = encode(document);
    let form = [
        ("Action", "AssumeRoleWithSAML"),
        ("Version", "2011-06-15"),
        ("RoleArn", role),
        ("PrincipalArn", provider),
        ("SAMLAssertion", &assertion),
    ];
    desk.post("/", &form).await
}

fn between<'a>(text: &'a str, tag: &str) -> &'a str {
    text.split_once(&format!("<{tag}>")).unwrap().1.split_once(&format!("</{tag}>")).unwrap().0
}

#[tokio::test]
async fn the_answer_has_the_shape_of_sts() {
    let desk = Desk::new();
    let extras = attribute("PrincipalTag:Team", &["blue"]) + &attribute("SourceIdentity", &["ada"]);
    let answer = ask(&desk, ROLE, PROVIDER, &signed(&plus(&extras))).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.headers["content-type"], "text/xml");
    let start =
        "<AssumeRoleWithSAMLResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleWithSAMLResult>";
    assert!(answer.body.starts_with(start), "{}", answer.body);
    let field = |tag| between(&answer.body, tag);
    assert_eq!(field("Issuer"), ISSUER);
    assert_eq!(field("Audience"), ACS);
    assert_eq!((field("Subject"), field("SubjectType")), ("ada-7", "persistent"));
    assert_eq!(field("Arn"), "arn:aws:sts::123412341234:assumed-role/Reader/ada@example.com");
    assert!(field("AccessKeyId").starts_with("ASIA") && field("AccessKeyId").len() == 20);
    assert_eq!(field("SecretAccessKey").len(), 40);
    assert_eq!(field("SourceIdentity"), "ada");
    assert_eq!(field("PackedPolicySize"), "1");
    let qualifier = STANDARD.encode(sha1(format!("{ISSUER}123412341234/Rolecall").as_bytes()));
    assert_eq!(field("NameQualifier"), qualifier);
    assert_eq!(field("RequestId").len(), 36);
}

#[tokio::test]
async fn issued_credentials_tell_who_they_are_and_others_are_nobody() {
    let desk = Desk::new();
    let session = desk.assume(&signed(&draft())).await.unwrap();
    let form = [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")];
    let known = desk.send("POST", "/", &form, Some(&session.credentials.access_key_id)).await;
    assert_eq!(between(&known.body, "Arn"), session.assumed_role_arn);
    assert_eq!(between(&known.body, "Account"), "123412341234");
    let unknown = desk.send("POST", "/", &form, Some("ASIAXXXXXXXXXXXXXXXX")).await;
    assert_eq!((unknown.status, between(&unknown.body, "Code")), (403, "InvalidClientTokenId"));
    assert_eq!(between(&desk.post("/", &form).await.body, "Code"), "MissingAuthenticationToken");
}

#[tokio::test]
async fn an_account_is_the_root_of_itself_in_the_partition_of_the_sandbox() {
    let form = [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")];
    for partition in Partition::ALL {
        let options = SandboxOptions { partition, ..SandboxOptions::default() };
        let desk = Desk { sandbox: Sandbox::new(options), ..Desk::new() };
        let root = desk.send("POST", "/", &form, Some("210987654321")).await;
        assert_eq!(between(&root.body, "Arn"), format!("arn:{partition}:iam::210987654321:root"));
        assert_eq!((between(&root.body, "Account"), between(&root.body, "UserId")), ("210987654321", "210987654321"));
    }
}

#[tokio::test]
async fn a_refusal_is_an_error_response_in_the_words_of_aws() {
    let answer = ask(&Desk::new(), ROLE, PROVIDER, &signed(&draft()).replace("ada@", "bob@")).await;
    assert_eq!(answer.status, 400);
    let start = "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
                 <Code>InvalidIdentityToken</Code><Message>Response signature invalid</Message></Error><RequestId>";
    assert!(answer.body.starts_with(start), "{}", answer.body);
}

#[tokio::test]
async fn swapped_arns_are_refused() {
    let answer = ask(&Desk::new(), PROVIDER, ROLE, &signed(&draft())).await;
    assert_eq!((answer.status, between(&answer.body, "Code")), (400, "ValidationError"));
    assert_eq!(between(&answer.body, "Message"), "Request ARN is invalid");
}

#[tokio::test]
async fn missing_parameters_and_unknown_actions_are_refused() {
    let desk = Desk::new();
    let missing = desk.post("/", &[("Action", "AssumeRoleWithSAML"), ("Version", "2011-06-15")]).await;
    assert_eq!((missing.status, between(&missing.body, "Code")), (400, "ValidationError"));
    let unknown = desk.post("/", &[("Action", "AssumeRole"), ("Version", "2011-06-15")]).await;
    assert_eq!((unknown.status, between(&unknown.body, "Code")), (400, "InvalidAction"));
}
