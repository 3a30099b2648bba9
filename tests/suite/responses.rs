use base64::{Engine, engine::general_purpose::STANDARD};
use model::EventKind;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{Answer, Browser, World};

use crate::{sign_on::INIT, sp_import::METADATA};

async fn call(browser: &Browser, function: &str, body: Value) -> Answer {
    browser.post_json(&format!("/fn/app/saml_providers/api/{function}"), &body).await
}

pub(crate) async fn good(browser: &Browser, function: &str, body: Value) -> Value {
    let answer = call(browser, function, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{function}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

/// Changes one setting of the sample provider.
pub(crate) async fn set(root: &Browser, field: &str, value: Value) -> Answer {
    let detail = good(root, "read_provider", json!({ "name": "aws-iam" })).await;
    let mut provider = detail["provider"].clone();
    provider[field] = value;
    let body = json!({ "name": "aws-iam", "version": detail["version"], "provider": provider, "anyway": true });
    call(root, "update_provider", body).await
}

pub(crate) fn broken(report: &Value, side: &str) -> Vec<String> {
    let rows = report[side].as_array().unwrap().iter().filter(|v| v["status"] == "failed");
    rows.map(|v| v["rule"].as_str().unwrap().to_owned()).collect()
}

pub(crate) async fn rows(root: &Browser) -> Vec<Value> {
    good(root, "list_responses", json!({ "name": "aws-iam" })).await["rows"].as_array().unwrap().clone()
}

async fn count(root: &Browser, kind: EventKind) -> u64 {
    let asked = json!({ "query": { "filter": kind.code() } });
    let answer = root.post_json("/fn/app/events/api/list_events", &asked).await;
    serde_json::from_str::<Value>(&answer.body).unwrap()["total"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_says_nothing_of_it_keeps_its_last_ten_responses_and_one_that_says_0_keeps_none() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let ada = world.signed_in("ada").await;
    for _ in 0..12 {
        assert_eq!(ada.get(INIT).await.status, StatusCode::OK);
    }
    let kept = async || {
        let kept = good(&root, "list_responses", json!({ "name": "aws-iam" })).await;
        (kept["most"].as_u64().unwrap(), kept["rows"].as_array().unwrap().len())
    };
    assert_eq!(kept().await, (10, 10));
    assert!(world.services.export(false).await.unwrap().contains("keep_responses: 10"));
    assert_eq!(set(&root, "keep_responses", json!(0)).await.status, StatusCode::OK);
    assert_eq!(ada.get(INIT).await.status, StatusCode::OK);
    assert_eq!(kept().await, (0, 0));
    let exported = world.services.export(true).await.unwrap();
    assert!(exported.contains("keep_responses: 0"), "{exported}");
    assert!(world.apply(&exported).await.steps.is_empty());
    let too_many = set(&root, "keep_responses", json!(100_000)).await;
    assert!(too_many.status == 422 && too_many.body.contains("keep_responses"), "{}", too_many.body);
}

/// As where another server kept them at the moment at which less was to be kept.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_of_more_than_is_to_be_kept_goes_when_what_is_over_is_removed() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let ada = world.signed_in("ada").await;
    for _ in 0..3 {
        assert_eq!(ada.get(INIT).await.status, StatusCode::OK);
    }
    assert_eq!(rows(&root).await.len(), 3);
    let detail = good(&root, "read_provider", json!({ "name": "aws-iam" })).await;
    let provider: model::SamlProvider = serde_json::from_value(detail["provider"].clone()).unwrap();
    let most = |keep_responses| world.put_unchecked(model::SamlProvider { keep_responses, ..provider.clone() });
    most(1).await;
    assert_eq!(rows(&root).await.len(), 1, "no more are shown");
    most(10).await;
    assert_eq!(rows(&root).await.len(), 3, "but they are there");
    most(1).await;
    world.services.sweep().await.unwrap();
    most(10).await;
    assert_eq!(rows(&root).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn however_a_provider_is_made_it_keeps_ten_and_the_forms_say_what_that_is_and_how_to_do_without() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let kept = async |name: &str| {
        good(&root, "read_provider", json!({ "name": name })).await["provider"]["keep_responses"].clone()
    };
    let program = world.api("root").await;
    let made = json!({ "name": "by-program", "acs_url": "https://sp.example/acs", "audience": "https://sp.example" });
    assert_eq!(program.post("/saml-providers", &made).await.status, StatusCode::CREATED);
    assert_eq!(kept("by-program").await, 10);
    let read =
        good(&root, "read_sp_metadata", json!({ "metadata": METADATA, "certificate": null, "existing": null })).await;
    assert_eq!(read[0]["provider"]["keep_responses"], 10, "{read}");

    let take = "/admin/saml-providers/-/take";
    let looked = root.post("/admin/saml-providers/-/read", &[("metadata", METADATA)]).await;
    let new = root.get("/admin/saml-providers/-/new").await;
    for page in [&looked, &new] {
        let kept =
            tests::forms(&page.body).into_iter().find_map(|form| form.field("keep_responses").map(str::to_owned));
        assert_eq!(kept.as_deref(), Some("10"), "{}", page.body);
        for told in ["encrypted, for 14 days at most", "Administrators alone open one", "0 keeps none"] {
            assert!(page.body.contains(told), "{told}: {}", page.body);
        }
    }
    // As a browser without JavaScript takes it.
    let form = tests::forms(&looked.body).into_iter().find(|form| form.action == take).unwrap();
    let send = async |name: &str, keep: &str| {
        let fields = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let fields: Vec<_> = fields.filter(|(name, _)| !["name", "keep_responses"].contains(name)).collect();
        root.post(take, &[&fields[..], &[("name", name), ("keep_responses", keep)]].concat()).await
    };
    let wrong = send("sp", "some").await;
    assert!(wrong.status == 422 && wrong.body.contains("write a number"), "{}", wrong.body);
    for (name, typed, keeps) in [("sp", "10", 10), ("sp-none", "0", 0), ("sp-empty", "", 0)] {
        let taken = send(name, typed).await;
        assert_eq!(taken.location(), format!("/admin/saml-providers/{name}"), "{}", taken.body);
        assert_eq!(kept(name).await, keeps);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_responses_are_kept_as_they_were_sent_and_explained_with_an_event_for_each_look() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    assert_eq!(set(&root, "keep_responses", json!(2)).await.status, StatusCode::OK);
    let mut sent = String::new();
    for person in ["grace", "ada", "grace"] {
        let page = world.signed_in(person).await.get(INIT).await;
        sent = page.form().field("SAMLResponse").unwrap_or_else(|| panic!("{}", page.body)).to_owned();
        world.clock.advance(1);
    }
    let kept = rows(&root).await;
    let names: Vec<&str> = kept.iter().map(|row| row["username"].as_str().unwrap()).collect();
    assert_eq!(names, ["grace", "ada"], "the oldest went, the newest is first");
    // A refusal is looked into later, when the response itself is long stale.
    world.clock.advance(3_600);
    let asked = json!({ "name": "aws-iam", "id": kept[0]["id"] });
    let found = good(&root, "read_response", asked).await;
    assert_eq!(found["xml"].as_str().unwrap().as_bytes(), STANDARD.decode(&sent).unwrap(), "not what was sent");
    assert_eq!((found["username"].as_str(), found["application"].as_str()), (Some("grace"), Some("aws")));
    assert!(broken(&found, "service").is_empty() && broken(&found, "aws").is_empty(), "{found}");
    let role = found["attributes"].as_array().unwrap().iter().find(|a| a["friendly_name"] == "Role").unwrap();
    assert_eq!(role["source"], "AWS role by group", "{role}");
    let trace = &found["traces"][0];
    assert_eq!(
        (trace["event"].as_str(), trace["source"].as_str()),
        (Some("AssumeRoleWithSAML"), Some("sts.amazonaws.com"))
    );
    let fields = trace["fields"].to_string();
    assert!(fields.contains("sAMLAssertionID") && fields.contains("role/Reader"), "{fields}");
    assert!(trace["messages"].to_string().contains("Not authorized to perform sts:AssumeRoleWithSAML"), "{trace}");
    assert_eq!(count(&root, EventKind::ResponseViewed).await, 1);
    let page = root.get(&format!("/admin/saml-providers/aws-iam/responses/{}", kept[1]["id"].as_str().unwrap())).await;
    assert!(page.body.contains("no rule is broken") && page.body.contains("AssumeRoleWithSAML"), "{}", page.body);
    assert_eq!(count(&root, EventKind::ResponseViewed).await, 2, "a look at the page is a look");
    let missing = call(&root, "read_response", json!({ "name": "aws-iam", "id": "x" })).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn kept_responses_are_for_administrators_only_and_go_with_their_time_and_their_setting() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    set(&root, "keep_responses", json!(3)).await;
    let ada = world.signed_in("ada").await;
    for _ in 0..3 {
        ada.get(INIT).await;
    }
    let id = rows(&root).await[0]["id"].clone();
    let audrey = world.signed_in("audrey").await;
    for browser in [&ada, &audrey] {
        let list = call(browser, "list_responses", json!({ "name": "aws-iam" })).await;
        let one = call(browser, "read_response", json!({ "name": "aws-iam", "id": id })).await;
        assert_eq!((list.status, one.status), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN));
    }
    let page = audrey.get(&format!("/admin/saml-providers/aws-iam/responses/{}", id.as_str().unwrap())).await;
    assert!(!page.body.contains("role/Engineer"), "an auditor sees an assertion");
    set(&root, "keep_responses", json!(1)).await;
    assert_eq!(rows(&root).await.len(), 1, "fewer are to be kept, so fewer are there");
    world.clock.advance(14 * 86_400);
    let root = world.signed_in("root").await;
    assert!(rows(&root).await.is_empty(), "their time is over");
    assert_eq!(
        call(&root, "read_response", json!({ "name": "aws-iam", "id": id })).await.status,
        StatusCode::NOT_FOUND
    );
    // Nothing is left behind when none is to be kept any more.
    world.signed_in("ada").await.get(INIT).await;
    set(&root, "keep_responses", json!(0)).await;
    set(&root, "keep_responses", json!(5)).await;
    assert!(rows(&root).await.is_empty(), "what was let go came back");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_page_judges_the_response_that_sign_on_would_make() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let asked = |user: &str| json!({ "name": "aws-iam", "slug": "aws", "username": user });
    let found = good(&root, "test_sign_on", asked("ada")).await;
    assert!(broken(&found, "service").is_empty() && broken(&found, "aws").is_empty(), "{found}");
    assert!(found["service"].as_array().unwrap().len() >= 14, "{found}");
    assert_eq!(count(&root, EventKind::ResponseTested).await, 1);
    let denied = call(&root, "test_sign_on", asked("mallory")).await;
    assert!(denied.status == StatusCode::CONFLICT && denied.body.contains("may not open"), "{}", denied.body);
    let nobody = call(&root, "test_sign_on", asked("nobody")).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    // What AWS would refuse is said here too, before anybody tries.
    world
        .apply(
            "version: 1\nproperty_mappings: [{ name: AWS session name, kind: saml, saml_name: 'https://aws.amazon.com/SAML/Attributes/RoleSessionName', expression: 'return \"has spaces\"' }]",
        )
        .await;
    let refused = good(&root, "test_sign_on", asked("ada")).await;
    assert_eq!(broken(&refused, "aws"), ["Role session name"], "{refused}");
    assert!(refused["traces"].to_string().contains("RoleSessionName in AuthnResponse must match"), "{refused}");
    assert_eq!(count(&root, EventKind::ResponseIssued).await, 0, "a test is no sign-on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_response_is_judged_and_a_forged_one_is_found_out() {
    let (world, stranger) = (World::new().await, World::new().await);
    let root = world.signed_in("root").await;
    let field = |page: Answer| page.form().field("SAMLResponse").unwrap_or_else(|| panic!("{}", page.body)).to_owned();
    let ours = field(world.signed_in("ada").await.get(INIT).await);
    let theirs = field(stranger.signed_in("ada").await.get(INIT).await);
    let judge = |text: String| {
        let root = &root;
        async move { good(root, "judge_response", json!({ "name": "aws-iam", "saml_response": text })).await }
    };
    let found = judge(ours.clone()).await;
    assert!(broken(&found, "service").is_empty(), "{found}");
    assert_eq!(broken(&judge(theirs).await, "service"), ["Signature of the assertion"]);
    let changed =
        String::from_utf8(STANDARD.decode(&ours).unwrap()).unwrap().replacen("role/Engineer", "role/Admin", 1);
    assert_eq!(broken(&judge(STANDARD.encode(changed)).await, "service"), ["Signature of the assertion"]);
    assert_eq!(broken(&judge("hello".to_owned()).await, "service"), ["Encoding"]);
    world.clock.advance(3_600);
    let late = judge(ours).await;
    assert_eq!(broken(&late, "service"), ["Issue time", "Subject confirmation", "Conditions"], "{late}");
    let empty = call(&root, "judge_response", json!({ "name": "aws-iam", "saml_response": " " })).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for path in ["test", "responses"] {
        let page = root.get(&format!("/admin/saml-providers/aws-iam/{path}")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_signs_nobody_in_whoever_reads_it() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let asked = json!({ "slug": "aws", "username": "ada" });
    let page = root.post_json("/fn/app/applications/api/preview_sign_on", &asked).await.json();
    let program = world.api("root").await.read("/applications/aws/preview/ada").await;
    for preview in [page, program] {
        let xml = preview["xml"].as_str().unwrap_or_else(|| panic!("{preview}"));
        assert!(
            xml.contains("role/Engineer") && xml.contains("<ds:SignatureValue>left out of a preview</ds:"),
            "{xml}"
        );
        let text = STANDARD.encode(xml);
        let judged = good(&root, "judge_response", json!({ "name": "aws-iam", "saml_response": text })).await;
        assert_eq!(broken(&judged, "service"), ["Signature of the assertion"], "{judged}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_response_is_judged_by_what_held_when_it_was_issued() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    set(&root, "keep_responses", json!(2)).await;
    assert_eq!(world.signed_in("ada").await.get(INIT).await.status, StatusCode::OK);
    let id = rows(&root).await[0]["id"].clone();
    let judged = async || good(&root, "read_response", json!({ "name": "aws-iam", "id": id })).await;
    assert!(broken(&judged().await, "service").is_empty());
    world
        .apply("version: 1\nkeys: [{ name: new, generate: { algorithm: rsa-2048, common_name: new, valid_days: 30 } }]")
        .await;
    for (field, value) in [
        ("signing_key", json!("new")),
        ("acs_url", json!("https://eu-central-1.signin.aws.amazon.com/saml")),
        ("audience", json!("urn:somebody:else")),
        ("issuer", json!("another")),
    ] {
        let saved = set(&root, field, value).await;
        assert_eq!(saved.status, StatusCode::OK, "{field}: {}", saved.body);
        let found = judged().await;
        assert!(broken(&found, "service").is_empty() && broken(&found, "aws").is_empty(), "{field}: {found}");
    }
    let page = root.get(&format!("/admin/saml-providers/aws-iam/responses/{}", id.as_str().unwrap())).await;
    assert!(page.body.contains("no rule is broken"), "{}", page.body);
}
