use std::time::Duration;

use aws_sandbox::{NewRole, Sandbox, trust_policy};
use model::EventKind;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{ACS, Answer, Browser, World};

use crate::{
    aws::sandbox,
    identity_center::{APPLICATION, connected, post_on},
    sign_on::INIT,
};

/// A second key and, for a provider, the wish to sign with it next.
pub async fn with_next(world: &World, provider: &str) {
    world
        .apply("version: 1\nkeys: [{ name: next, generate: { algorithm: rsa-2048, common_name: next, valid_days: 3650 } }]")
        .await;
    let root = world.signed_in("root").await;
    let detail = detail(&root, provider).await;
    let mut changed = detail["provider"].clone();
    changed["next_signing_key"] = json!("next");
    let body = json!({ "name": provider, "version": detail["version"], "provider": changed });
    let saved = root.post_json("/fn/app/saml_providers/api/update_provider", &body).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
}

pub async fn detail(root: &Browser, provider: &str) -> Value {
    let read = root.post_json("/fn/app/saml_providers/api/read_provider", &json!({ "name": provider })).await;
    serde_json::from_str(&read.body).unwrap()
}

/// One step of an administrator, from what the page shows now.
pub async fn act(root: &Browser, call: &str, provider: &str, key: &str, anyway: bool) -> Answer {
    let version = detail(root, provider).await["version"].clone();
    let body = json!({ "name": provider, "version": version, "key": key, "anyway": anyway, "has": true });
    root.post_json(&format!("/fn/app/saml_providers/api/{call}_key"), &body).await
}

pub async fn done(root: &Browser, call: &str, provider: &str, key: &str) {
    let answer = act(root, call, provider, key, false).await;
    assert_eq!(answer.status, StatusCode::OK, "{call} {key}: {}", answer.body);
}

/// The states of the keys that the metadata shows, in its order.
pub async fn states(root: &Browser, provider: &str) -> Vec<(String, String)> {
    let keys = detail(root, provider).await["keys"].as_array().unwrap().clone();
    let text = |key: &Value, field: &str| key[field].as_str().unwrap().to_owned();
    keys.iter().map(|key| (text(key, "name"), text(key, "state"))).collect()
}

pub fn certificates(metadata: &str) -> usize {
    metadata.matches("<ds:X509Certificate>").count()
        // The signature of the file itself carries one too.
        - 1
}

/// Sign-on at IAM in the sandbox, which must work now.
async fn reaches_iam(world: &World, url: &str, when: &str) {
    let page = world.signed_in("ada").await.get(INIT).await;
    let response = page.form().field("SAMLResponse").unwrap_or_else(|| panic!("{when}: {}", page.body)).to_owned();
    let console = world.browser().post(&format!("{url}/saml"), &[("SAMLResponse", &response)]).await;
    assert_eq!(console.status, 200, "{when}: {}", console.body);
}

async fn trust(sandbox: &Sandbox, world: &World) -> String {
    let metadata = world.browser().get("/application/saml/aws/metadata/").await.body;
    let provider = sandbox.iam().create_saml_provider("authentik", &metadata).unwrap();
    sandbox.iam().create_role(NewRole::new("Engineer", &trust_policy(&provider.arn, &[ACS]))).unwrap();
    provider.arn.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn rotating_the_key_at_iam_loses_no_sign_on_at_any_moment() {
    let world = World::new().await;
    let (sandbox, url) = sandbox(&world).await;
    let arn = trust(&sandbox, &world).await;
    let metadata = || async { world.browser().get("/application/saml/aws/metadata/").await.body };
    reaches_iam(&world, &url, "before").await;
    with_next(&world, "aws-iam").await;
    let root = world.signed_in("root").await;
    reaches_iam(&world, &url, "with a next key that AWS does not have").await;
    let both = metadata().await;
    assert_eq!(certificates(&both), 2, "{both}");
    sandbox.iam().update_saml_provider(&arn, &both).unwrap();
    reaches_iam(&world, &url, "with both keys at AWS").await;
    done(&root, "confirm", "aws-iam", "rolecall").await;
    done(&root, "confirm", "aws-iam", "next").await;
    done(&root, "promote", "aws-iam", "next").await;
    reaches_iam(&world, &url, "with the next key promoted").await;
    let key = |name: &str, state: &str| (name.to_owned(), state.to_owned());
    assert_eq!(states(&root, "aws-iam").await, [key("next", "current"), key("rolecall", "retiring")]);
    // The way back is open as long as the former key is shown.
    done(&root, "promote", "aws-iam", "rolecall").await;
    reaches_iam(&world, &url, "with the former key again").await;
    done(&root, "promote", "aws-iam", "next").await;
    assert_eq!(certificates(&metadata().await), 2);
    done(&root, "retire", "aws-iam", "rolecall").await;
    let one = metadata().await;
    assert_eq!(certificates(&one), 1, "{one}");
    reaches_iam(&world, &url, "with the former key retired here").await;
    sandbox.iam().update_saml_provider(&arn, &one).unwrap();
    reaches_iam(&world, &url, "with the former key gone at AWS").await;
    assert_eq!(states(&root, "aws-iam").await, [key("next", "current")]);
    // What was said of a key that the metadata showed no more is not believed when it shows it again.
    let found = detail(&root, "aws-iam").await;
    let mut again = found["provider"].clone();
    again["next_signing_key"] = json!("rolecall");
    let body = json!({ "name": "aws-iam", "version": found["version"], "provider": again });
    assert_eq!(root.post_json("/fn/app/saml_providers/api/update_provider", &body).await.status, StatusCode::OK);
    let keys = detail(&root, "aws-iam").await["keys"].clone();
    assert!(keys[0]["confirmed"].is_object() && keys[1]["confirmed"].is_null(), "{keys}");
    let history = json!({ "query": { "target": "SAML provider aws-iam" } });
    let events = root.post_json("/fn/app/events/api/list_events", &history).await.body;
    for kind in ["key_confirmed", "key_promoted", "key_retired"] {
        assert!(events.contains(kind), "{kind} is not in {events}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rotating_the_key_at_identity_center_loses_no_sign_on_at_any_moment() {
    let world = World::new().await;
    let (sandbox, _url) = connected(&world).await;
    let center = sandbox.identity_center();
    let sign_on = |when: &'static str| {
        let (world, center) = (&world, sandbox.identity_center());
        async move {
            let before = center.sessions().len();
            let browser = world.signed_in("ada").await;
            let page = browser.get(&format!("/application/saml/{APPLICATION}/sso/binding/init/")).await;
            let portal = post_on(&browser, &page).await;
            assert_eq!(center.sessions().len(), before + 1, "{when}: {}", portal.body);
        }
    };
    let metadata = || async { world.browser().get(&format!("/application/saml/{APPLICATION}/metadata/")).await.body };
    sign_on("before").await;
    with_next(&world, "identity-center").await;
    let root = world.signed_in("root").await;
    sign_on("with a next key that AWS does not have").await;
    center.set_identity_provider(&metadata().await).unwrap();
    sign_on("with both keys at AWS").await;
    done(&root, "confirm", "identity-center", "next").await;
    done(&root, "promote", "identity-center", "next").await;
    sign_on("with the next key promoted").await;
    done(&root, "retire", "identity-center", "rolecall").await;
    sign_on("with the former key retired here").await;
    center.set_identity_provider(&metadata().await).unwrap();
    sign_on("with the former key gone at AWS").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_aws_is_not_known_to_have_is_not_promoted_unless_somebody_insists() {
    let world = World::new().await;
    with_next(&world, "aws-iam").await;
    let root = world.signed_in("root").await;
    let refused = act(&root, "promote", "aws-iam", "next", false).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.body.contains("nobody has said"), "{}", refused.body);
    let stale = json!({ "name": "aws-iam", "version": 1, "key": "next", "anyway": true });
    let stale = root.post_json("/fn/app/saml_providers/api/promote_key", &stale).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);
    for (call, key, told) in [("retire", "next", "not one that goes"), ("promote", "rolecall", "signs already")] {
        let answer = act(&root, call, "aws-iam", key, true).await;
        assert!(answer.status == StatusCode::CONFLICT && answer.body.contains(told), "{call}: {}", answer.body);
    }
    let insisted = act(&root, "promote", "aws-iam", "next", true).await;
    assert_eq!(insisted.status, StatusCode::OK, "{}", insisted.body);
    // What was said of a key that is not the one that signs proves nothing for it.
    done(&root, "confirm", "aws-iam", "rolecall").await;
    let refused = act(&root, "retire", "aws-iam", "rolecall", false).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.body.contains("way back"), "{}", refused.body);
    // A key that the metadata shows cannot be deleted under it.
    let default = json!({ "name": "next" });
    assert_eq!(root.post_json("/fn/app/keys/api/make_key_default", &default).await.status, StatusCode::OK);
    let shown = root.post_json("/fn/app/keys/api/delete_key", &json!({ "name": "rolecall", "version": 1 })).await;
    assert!(shown.status == StatusCode::CONFLICT && shown.body.contains("metadata"), "{}", shown.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_declarative_file_says_the_life_of_keys_and_what_makes_no_sense_is_refused() {
    let world = World::new().await;
    let file = |rest: &str| {
        format!(
            "version: 1\nkeys:\n  - {{ name: a, generate: {{ algorithm: rsa-2048, common_name: a, valid_days: 30 }} }}\n  - {{ name: b, generate: {{ algorithm: rsa-2048, common_name: b, valid_days: 30 }} }}\n\
             saml_providers:\n  - {{ name: sp, acs_url: 'https://sp.example/acs', audience: 'https://sp.example', signing_key: a, {rest} }}\n"
        )
    };
    world.apply(&file("next_signing_key: b, retiring_keys: [rolecall]")).await;
    let again = world.apply(&file("next_signing_key: b, retiring_keys: [rolecall]")).await;
    assert!(again.steps.is_empty(), "{again}");
    let exported = world.services.export(false).await.unwrap();
    assert!(exported.contains("next_signing_key: b") && exported.contains("retiring_keys:"), "{exported}");
    let many: Vec<String> = (0..10).map(|n| format!("k{n}")).collect();
    for (rest, told) in [
        ("next_signing_key: nobody".to_owned(), "there is no key `nobody`"),
        ("next_signing_key: a".to_owned(), "the key `a` signs or signed already"),
        ("retiring_keys: [a]".to_owned(), "the key `a` signs, or is named twice"),
        ("retiring_keys: [b, b]".to_owned(), "the key `b` signs, or is named twice"),
        (format!("retiring_keys: [{}]", many.join(", ")), "at most 10 keys"),
    ] {
        let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
        let refused = world.services.apply("f.yaml", &file(&rest), &none, "test", false).await;
        let refused = refused.err().unwrap_or_else(|| panic!("{rest} was taken")).to_string();
        assert!(refused.contains(told), "{rest}: {refused}");
    }
}

/// A certificate that is longer than Identity Center takes, with its key.
fn long_certificate() -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let [key, certificate] = ["key.pem", "certificate.pem"].map(|name| folder.path().join(name));
    let names: Vec<String> = (0..60).map(|n| format!("DNS:a-rather-long-name-of-a-host-{n}.example.com")).collect();
    let made = std::process::Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=long", "-days", "30", "-addext"])
        .arg(format!("subjectAltName={}", names.join(",")))
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    (std::fs::read_to_string(certificate).unwrap(), std::fs::read_to_string(key).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_longer_than_aws_takes_is_refused_for_aws_before_it_is_saved() {
    let world = World::new().await;
    let (certificate, key) = long_certificate();
    assert!(certificate.len() > 2_500);
    let indent = |pem: &str| pem.lines().map(|l| format!("      {l}\n")).collect::<String>();
    let keys = format!(
        "version: 1\nkeys:\n  - name: long\n    certificate: |\n{}    private_key: |\n{}",
        indent(&certificate),
        indent(&key)
    );
    let provider = |audience: &str| {
        format!(
            "saml_providers: [{{ name: sp, acs_url: 'https://sp.example/acs', audience: '{audience}', signing_key: long }}]\n"
        )
    };
    let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
    let text = format!("{keys}{}", provider("urn:amazon:webservices"));
    let refused = world.services.apply("f.yaml", &text, &none, "test", false).await.err().unwrap().to_string();
    assert!(refused.contains("2500") && refused.contains("`long`"), "{refused}");
    world.apply(&format!("{keys}{}", provider("https://sp.example"))).await;
    let root = world.signed_in("root").await;
    let found = detail(&root, "aws-iam").await;
    assert_eq!(found["limits"].as_array().unwrap().len(), 5, "{found}");
    assert!(detail(&root, "sp").await["limits"].as_array().unwrap().is_empty(), "limits of AWS for somebody else");
    let mut changed = found["provider"].clone();
    changed["next_signing_key"] = json!("long");
    let body = json!({ "name": "aws-iam", "version": found["version"], "provider": changed });
    let answer = root.post_json("/fn/app/saml_providers/api/update_provider", &body).await;
    assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.body.contains("2500"), "{}", answer.body);
    // Neither as the default key, nor in the place of a key that the provider shows and the file says nothing of.
    let default = json!({ "name": "long", "anyway": true });
    let answer = root.post_json("/fn/app/keys/api/make_key_default", &default).await;
    assert!(answer.status == StatusCode::CONFLICT && answer.body.contains("2500"), "{}", answer.body);
    for (name, shown) in [("rolecall", "signs"), ("next", "is shown")] {
        if name == "next" {
            with_next(&world, "aws-iam").await;
        }
        let replaced = keys.replace("name: long", &format!("name: {name}"));
        let refused = world.services.apply("f.yaml", &replaced, &none, "test", false).await;
        let refused = refused.err().unwrap_or_else(|| panic!("a long key that {shown} was taken")).to_string();
        assert!(refused.contains("`aws-iam` shows it") && refused.contains("2500"), "{refused}");
    }
    assert_eq!(world.signed_in("ada").await.get(INIT).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_key_is_told_once_at_each_threshold_and_shown_wherever_the_key_is() {
    const DAY: i64 = 86_400;
    let world = World::new().await;
    world
        .apply(
            "version: 1\nkeys: [{ name: short, generate: { algorithm: rsa-2048, common_name: s, valid_days: 100 } }]\n\
             saml_providers: [{ name: sp, acs_url: 'https://sp.example/acs', audience: 'https://sp.example', signing_key: short }]\n",
        )
        .await;
    let told = || async { world.services.warn_of_expiries().await.unwrap() };
    assert_eq!(told().await, 0, "100 days are left");
    for (days, warning) in [(11, "within 90 days"), (60, "within 30 days"), (23, "within 7 days"), (7, "expired")] {
        world.clock.advance(days * DAY);
        assert_eq!(told().await, 1, "{warning}");
        assert_eq!(told().await, 0, "{warning} was told twice");
        assert_eq!(world.restarted().await.warn_of_expiries().await.unwrap(), 0, "{warning} was told by another");
        let root = world.signed_in("root").await;
        for path in ["/admin", "/admin/keys", "/admin/keys/short", "/admin/saml-providers/sp"] {
            let page = root.get(path).await.body;
            assert!(page.contains(warning), "{path} does not say {warning}: {page}");
        }
    }
    let root = world.signed_in("root").await;
    let asked = json!({ "query": { "filter": EventKind::KeyExpires.code() } });
    let events: Value =
        serde_json::from_str(&root.post_json("/fn/app/events/api/list_events", &asked).await.body).unwrap();
    assert_eq!(events["total"], 4, "{events}");
    assert!(events["rows"][0]["message"].as_str().unwrap().contains("sp"), "{events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_job_beside_the_requests_looks_at_the_dates() {
    let world = World::empty().await;
    world
        .apply("version: 1\nkeys: [{ name: short, generate: { algorithm: rsa-2048, common_name: s, valid_days: 5 } }]")
        .await;
    let mut changes = world.services.changes();
    changes.borrow_and_update();
    let _jobs = server::jobs::start(&world.services);
    tokio::time::timeout(Duration::from_mins(1), changes.changed()).await.expect("nothing was told").unwrap();
    assert_eq!(world.services.warn_of_expiries().await.unwrap(), 0, "the job had told it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_next_key_that_the_algorithm_does_not_fit_is_refused_before_it_could_end_every_sign_on() {
    let world = World::new().await;
    world
        .apply(
            "version: 1\nkeys: [{ name: next, generate: { algorithm: p-256, common_name: next, valid_days: 3650 } }]",
        )
        .await;
    let root = world.signed_in("root").await;
    let save = async |algorithm: Value, next: Value| {
        let found = detail(&root, "aws-iam").await;
        let mut changed = found["provider"].clone();
        changed["signature_algorithm"] = algorithm;
        changed["next_signing_key"] = next;
        let body = json!({ "name": "aws-iam", "version": found["version"], "provider": changed });
        root.post_json("/fn/app/saml_providers/api/update_provider", &body).await
    };
    let refused = save(json!("rsa-sha512"), json!("next")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(refused.body.contains("next_signing_key") && refused.body.contains("rsa-sha512"), "{}", refused.body);
    // One that was saved before this was asked for: it is not promoted, whoever insists.
    assert_eq!(save(Value::Null, json!("next")).await.status, StatusCode::OK);
    let mut stored: model::SamlProvider =
        serde_json::from_value(detail(&root, "aws-iam").await["provider"].clone()).unwrap();
    stored.signature_algorithm = Some(model::SignatureMethod::RsaSha512);
    world.put_unchecked(stored).await;
    let promoted = act(&root, "promote", "aws-iam", "next", true).await;
    assert!(promoted.status == StatusCode::CONFLICT && promoted.body.contains("rsa-sha512"), "{}", promoted.body);
    let page = world.signed_in("ada").await.get(INIT).await;
    assert_eq!(page.status, 200, "{}", page.body);
}
