use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{Answer, Browser, World};

async fn call(browser: &Browser, path: &str, body: Value) -> Answer {
    browser.post_json(&format!("/fn/app/property_mappings/api/{path}"), &body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shipped_can_be_copied_and_not_edited_or_deleted() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let name = "rolecall default SAML: email";
    let read = call(&root, "read_mapping", json!({ "name": name })).await;
    let mut mapping = serde_json::from_str::<Value>(&read.body).unwrap()["mapping"].clone();
    assert_eq!(mapping["managed"], true, "{}", read.body);
    mapping["managed"] = json!(false);
    let edit = call(&root, "update_mapping", json!({ "name": name, "version": 0, "mapping": mapping })).await;
    assert!(edit.status == StatusCode::CONFLICT && edit.body.contains("copy it"), "{}", edit.body);
    let delete = call(&root, "delete_mapping", json!({ "name": name, "version": 0 })).await;
    assert_eq!(delete.status, StatusCode::CONFLICT, "{}", delete.body);
    let taken = call(&root, "create_mapping", json!({ "mapping": mapping })).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", taken.body);
    mapping["name"] = json!("Copy of email");
    let copy = call(&root, "create_mapping", json!({ "mapping": mapping })).await;
    assert_eq!(copy.status, StatusCode::OK, "{}", copy.body);
    mapping["managed"] = json!(true);
    mapping["name"] = json!("false claim");
    let claim = call(&root, "create_mapping", json!({ "mapping": mapping })).await;
    assert_eq!(claim.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", claim.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_in_the_next_response_and_a_mapping_in_use_stays() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let name = "AWS session name";
    let mapping = json!({
        "name": name, "kind": "saml", "saml_name": "https://aws.amazon.com/SAML/Attributes/RoleSessionName",
        "expression": "return slugify(user.name)",
    });
    let saved = call(&root, "update_mapping", json!({ "name": name, "version": 1, "mapping": mapping })).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
    let preview = json!({ "slug": "aws", "username": "ada" });
    let preview = root.post_json("/fn/app/applications/api/preview_sign_on", &preview).await;
    assert!(preview.body.contains("ada-lovelace"), "{}", preview.body);
    let overtaken = call(&root, "update_mapping", json!({ "name": name, "version": 1, "mapping": mapping })).await;
    assert_eq!(overtaken.status, StatusCode::CONFLICT, "{}", overtaken.body);
    let delete = call(&root, "delete_mapping", json!({ "name": name, "version": 2 })).await;
    assert!(delete.status == StatusCode::CONFLICT && delete.body.contains("aws-iam"), "{}", delete.body);
    let broken = json!({ "name": "broken", "kind": "saml", "expression": "return (" });
    let broken = call(&root, "create_mapping", json!({ "mapping": broken })).await;
    assert!(broken.status == StatusCode::UNPROCESSABLE_ENTITY && broken.body.contains("line 1"), "{}", broken.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attribute_for_access_control_has_a_name_format_that_identity_center_takes() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let access_control = "https://aws.amazon.com/SAML/Attributes/AccessControl:Team";
    for (number, (saml_name, name_format, good)) in [
        (access_control, json!("urn:example:format"), false),
        (access_control, json!("urn:oasis:names:tc:SAML:2.0:attrname-format:uri"), true),
        (access_control, json!(null), true),
        ("urn:example:team", json!("urn:example:format"), true),
    ]
    .into_iter()
    .enumerate()
    {
        let mapping = json!({
            "name": format!("team {number}"), "kind": "saml", "saml_name": saml_name, "name_format": name_format,
            "expression": "return 'x'",
        });
        let saved = call(&root, "create_mapping", json!({ "mapping": mapping })).await;
        assert_eq!(saved.status == StatusCode::OK, good, "{number}: {}", saved.body);
        assert_eq!(saved.body.contains("attrname-format:uri, basic or unspecified"), !good, "{}", saved.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expression_is_tried_for_a_person_and_its_failure_is_told_with_the_line() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let attempt = |source: &'static str, username: &'static str| {
        let root = &root;
        async move {
            let body = json!({ "trial": { "source": source, "subject": username, "place": "aws" } });
            call(root, "try_expression", body).await
        }
    };
    let good = attempt("return [group.name for group in user.groups]", "ada").await;
    let good: Value = serde_json::from_str(&good.body).unwrap();
    assert_eq!(good["value"]["values"], json!(["aws-admins", "engineers"]), "{good}");
    let raised = attempt("x = 1\nreturn x.missing", "ada").await;
    let raised: Value = serde_json::from_str(&raised.body).unwrap();
    assert_eq!(raised["failed"]["line"], 2, "{raised}");
    let skipped = attempt("raise SkipObject", "ada").await;
    assert_eq!(skipped.body, "\"skipped\"");
    let nobody = attempt("return 1", "nobody").await;
    assert!(nobody.status == StatusCode::UNPROCESSABLE_ENTITY && nobody.body.contains("nobody"), "{}", nobody.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expression_for_scim_is_tried_as_provisioning_runs_it() {
    let world = World::new().await;
    let scim = "url: https://scim.us-east-1.amazonaws.com/x/scim/v2/, token: a-token-of-aws";
    world.apply(&crate::provisioning::PEOPLE.replace("{scim}", scim)).await;
    let root = world.signed_in("root").await;
    let attempt = async |kind: &str, subject: &str, place: &str, source: &str| {
        let trial = json!({ "source": source, "kind": kind, "subject": subject, "place": place });
        call(&root, "try_expression", json!({ "trial": trial })).await
    };
    let part = |answer: tests::Answer| {
        let answer: Value = serde_json::from_str(&answer.body).unwrap();
        let json = answer["part"]["json"].as_str().unwrap_or_else(|| panic!("{answer}"));
        serde_json::from_str::<Value>(json).unwrap()
    };
    let user = attempt("scim_user", "ada", "aws-scim", "return {'title': user.username, 'by': provider.name}").await;
    assert_eq!(part(user), json!({ "title": "ada", "by": "aws-scim" }));
    let group = attempt("scim_group", "engineers", "", "return {'displayName': group.name}").await;
    assert_eq!(part(group), json!({ "displayName": "engineers" }));
    for (kind, subject, place, source, words) in [
        ("scim_user", "ada", "", "return [1]", "the result is a dict with attributes, not a list"),
        ("scim_user", "ada", "nowhere", "return {}", "there is no SCIM provider `nowhere`"),
        ("scim_group", "ada", "", "return {}", "there is no group `ada`"),
    ] {
        let answer = attempt(kind, subject, place, source).await;
        assert!(answer.body.contains(words), "{kind} {subject}: {}", answer.body);
    }
}
