use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{Answer, Browser, World};

use crate::{
    rotation::{detail, done, states},
    sign_on::INIT,
};

/// An update of `aws-iam` with some of its settings changed.
async fn save(root: &Browser, settings: Value, anyway: bool) -> Answer {
    let found = detail(root, "aws-iam").await;
    let mut changed = found["provider"].clone();
    for (name, value) in settings.as_object().unwrap() {
        changed[name] = value.clone();
    }
    let body = json!({ "name": "aws-iam", "version": found["version"], "provider": changed, "anyway": anyway });
    root.post_json("/fn/app/saml_providers/api/update_provider", &body).await
}

const NEXT: &str =
    "version: 1\nkeys: [{ name: next, generate: { algorithm: rsa-2048, common_name: next, valid_days: 3650 } }]";

#[tokio::test(flavor = "multi_thread")]
async fn another_key_does_not_begin_to_sign_past_its_promotion_once_people_sign_on() {
    let world = World::new().await;
    world.apply(NEXT).await;
    let root = world.signed_in("root").await;
    // Nobody has signed on yet, so nobody is locked out.
    let first = save(&root, json!({ "signing_key": "next" }), false).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    assert_eq!(states(&root, "aws-iam").await, [("next".to_owned(), "current".to_owned())]);
    let back = save(&root, json!({ "signing_key": null }), false).await;
    assert_eq!(back.status, StatusCode::OK, "{}", back.body);
    assert_eq!(world.signed_in("ada").await.get(INIT).await.status, StatusCode::OK);

    let refused = save(&root, json!({ "signing_key": "next" }), false).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(refused.body.contains("signing_key") && refused.body.contains("promote it"), "{}", refused.body);
    let api = world.api("root").await;
    let found = detail(&root, "aws-iam").await;
    let mut wanted = found["provider"].clone();
    wanted["signing_key"] = json!("next");
    let path = format!("/saml-providers/aws-iam?version={}", found["version"]);
    let refused = api.put(&path, &wanted).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    // What was made from an older version is still told as that.
    let stale = api.put("/saml-providers/aws-iam?version=1", &wanted).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);

    let insisted = api.put(&format!("{path}&anyway=true"), &wanted).await;
    assert_eq!(insisted.status, StatusCode::OK, "{}", insisted.body);
    let key = |name: &str, state: &str| (name.to_owned(), state.to_owned());
    assert_eq!(states(&root, "aws-iam").await, [key("next", "current"), key("rolecall", "retiring")]);
    // A key of which somebody says that the service has it begins to sign by the form as by its promotion.
    done(&root, "confirm", "aws-iam", "rolecall").await;
    let again = save(&root, json!({ "signing_key": "rolecall", "retiring_keys": [] }), false).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
    assert_eq!(states(&root, "aws-iam").await, [key("rolecall", "current"), key("next", "retiring")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_repeats_its_body_takes_back_no_move_of_a_key() {
    let world = World::new().await;
    world.apply(NEXT).await;
    let (root, api) = (world.signed_in("root").await, world.api("root").await);
    assert_eq!(world.signed_in("ada").await.get(INIT).await.status, StatusCode::OK);
    let put = async |body: &Value, anyway: bool| {
        let version = api.read("/saml-providers/aws-iam").await["version"].clone();
        api.put(&format!("/saml-providers/aws-iam?version={version}&anyway={anyway}"), body).await
    };
    let key = |name: &str, state: &str| (name.to_owned(), state.to_owned());
    let first = api.read("/saml-providers/aws-iam").await["provider"].clone();
    let mut wanted = first.clone();
    wanted["signing_key"] = json!("next");
    let moved = [key("next", "current"), key("rolecall", "retiring")];
    for anyway in [true, true, false] {
        let answer = put(&wanted, anyway).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(states(&root, "aws-iam").await, moved, "the way back is gone");
    }
    // Said in so many words it is dropped as it would be retired.
    wanted["retiring_keys"] = json!([]);
    let refused = put(&wanted, false).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(refused.body.contains("retiring_keys") && refused.body.contains("way back"), "{}", refused.body);
    assert_eq!(states(&root, "aws-iam").await, moved);
    assert_eq!(put(&wanted, true).await.status, StatusCode::OK);
    assert_eq!(states(&root, "aws-iam").await, [key("next", "current")]);

    // Nor what somebody has done in the console since.
    let named = save(&root, json!({ "next_signing_key": "rolecall" }), false).await;
    assert_eq!(named.status, StatusCode::OK, "{}", named.body);
    assert_eq!(put(&first, false).await.status, StatusCode::OK);
    assert_eq!(states(&root, "aws-iam").await, [key("next", "current"), key("rolecall", "next")]);
    done(&root, "confirm", "aws-iam", "rolecall").await;
    done(&root, "promote", "aws-iam", "rolecall").await;
    assert_eq!(put(&first, false).await.status, StatusCode::OK);
    assert_eq!(states(&root, "aws-iam").await, [key("rolecall", "current"), key("next", "retiring")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_default_key_is_refused_while_services_rely_on_the_former_one() {
    let world = World::new().await;
    world.apply(NEXT).await;
    let root = world.signed_in("root").await;
    assert_eq!(world.signed_in("ada").await.get(INIT).await.status, StatusCode::OK);
    let ask = async |anyway: bool| {
        root.post_json("/fn/app/keys/api/make_key_default", &json!({ "name": "next", "anyway": anyway })).await
    };
    let refused = ask(false).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.body.contains("aws-iam"), "{}", refused.body);
    assert!(refused.body.contains("promote it"), "{}", refused.body);
    let api = world.api("root").await;
    let refused = api.put("/keys/next/default", &Value::Null).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    let insisted = ask(true).await;
    assert_eq!(insisted.status, StatusCode::OK, "{}", insisted.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_makes_another_key_sign_as_it_says_and_its_plan_warns() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    world.apply(NEXT).await;
    let named = "version: 1\nsaml_providers: [{ name: aws-iam, acs_url: 'https://signin.aws.amazon.com/saml', \
                 audience: 'urn:amazon:webservices', signing_key: next, property_mappings: [MAPPINGS] }]\n";
    let found = detail(&root, "aws-iam").await;
    let mappings: Vec<String> =
        found["provider"]["property_mappings"].as_array().unwrap().iter().map(Value::to_string).collect();
    let named = named.replace("MAPPINGS", &mappings.join(", "));
    let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
    let plan = world.services.apply("f.yaml", &named, &none, "test", true).await.unwrap();
    assert!(plan.warnings.is_empty(), "{plan}");
    assert_eq!(world.signed_in("ada").await.get(INIT).await.status, StatusCode::OK);
    let plan = world.services.apply("f.yaml", &named, &none, "test", true).await.unwrap();
    assert!(plan.to_string().contains("! SAML provider aws-iam signs with next from now on"), "{plan}");
    world.apply(&named).await;
    assert_eq!(states(&root, "aws-iam").await, [("next".to_owned(), "current".to_owned())]);
    assert!(world.apply(&named).await.warnings.is_empty(), "it warns of what was done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_makes_another_key_the_default_one_warns_where_people_sign_on() {
    let world = World::new().await;
    world.apply(NEXT).await;
    let file = NEXT.replace("name: next, generate", "name: next, default: true, generate");
    let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
    let plan = world.services.apply("f.yaml", &file, &none, "test", true).await.unwrap();
    assert!(plan.warnings.is_empty(), "nobody has signed on: {plan}");
    assert_eq!(world.signed_in("ada").await.get(INIT).await.status, StatusCode::OK);
    let plan = world.services.apply("f.yaml", &file, &none, "test", true).await.unwrap();
    assert!(plan.to_string().contains("! SAML provider aws-iam signs with next from now on"), "{plan}");
    world.apply(&file).await;
    assert!(world.apply(&file).await.warnings.is_empty(), "it warns of what was done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_another_kind_signs_where_somebody_insists_and_the_former_that_cannot_is_not_shown() {
    let world = World::new().await;
    world.apply(&NEXT.replace("rsa-2048", "p-256")).await;
    let root = world.signed_in("root").await;
    assert_eq!(world.signed_in("ada").await.get(INIT).await.status, StatusCode::OK);
    let insisted = save(&root, json!({ "signing_key": "next", "signature_algorithm": "ecdsa-sha256" }), true).await;
    assert_eq!(insisted.status, StatusCode::OK, "{}", insisted.body);
    assert_eq!(states(&root, "aws-iam").await, [("next".to_owned(), "current".to_owned())]);
}
